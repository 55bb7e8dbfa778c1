"""All services together, whatever comes: a fact told twice, or of another place, changes nothing; the forgotten go."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chassis.common import InForce
from chassis.entry import Entry
from chassis.replay import Turns
from facts import MONDAY, days, fact, joined, minutes, unmuted
from recorded import installed
from together import PLAYBOOK

QUICK = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
GONE, NAME = "zoraide", "Zéphyrine"
"""Who is forgotten in these stories, and how they are called; no word of French, and no name of ours."""
MEMBERS = st.sampled_from([GONE, "ana", "bob", "eve"])
THREADS = st.sampled_from(["t0", "t1", "t2"])
POSTS = st.sampled_from(["t0", "t1", "t2", "p0", "p1", "p2", "p3"])
BODIES = st.sampled_from(
    [
        *("Quelqu'un sait comment faire ?", "Merci !", "ok", "+1", "Merci mais ça ne marche toujours pas."),
        *("Il faut tourner la vis de gauche, doucement, puis tout recoller.", "C'est inadmissible, encore une panne."),
        *("J'ai envie d'en finir.", "Et pour la couleur ?", "Je cherche pourquoi le fusible saute encore ce matin."),
    ]
)
OPENING = MONDAY - days(2)


@st.composite
def happenings(draw):
    """One fact about few people, few threads and few posts, so that they meet."""
    member, other, thread, post = draw(MEMBERS), draw(MEMBERS), draw(THREADS), draw(POSTS)
    where = {"post": post, "thread": thread}
    words = {"body": draw(BODIES), "tags": draw(st.sampled_from([[], ["vélo"]]))}
    written = {
        **where,
        **words,
        "member": member,
        "channel": draw(st.sampled_from(["aide", "general"])),
        "kind": draw(st.sampled_from(["question", "message", "answer"])),
        "reply_to": draw(st.sampled_from([None, thread])),
        "title": draw(st.sampled_from([None, "Une selle usée"])),
    }
    name = NAME if member == GONE else member.capitalize()
    about_people = [
        ("member.joined", {"member": member, "display_name": name, "skills": ["vélo"], "invited_by": other}),
        ("member.updated", {"member": member, "display_name": name, "introduce": True}),
        ("member.left", {"member": member}),
        ("member.paused", {"member": member}),
        ("preference.changed", {"member": member, "introduce": True, "digest": True}),
        ("motivation.declared", {"member": member, "motivation": "learn"}),
        ("need.declared", {"member": member, "need": "learn"}),
        ("obstacle.declared", {"member": member, "obstacle": "time"}),
        ("kudos.given", {"member": member, "receivers": [other], "reason": "merci", "post": post}),
        ("nomination.made", {"member": member, "by": other, "reason": "toujours là"}),
        ("nomination.accepted", {"member": member}),
        ("pairing.accepted", {"member": member, "newcomer": other}),
        ("identity.linked", {"member": member, "other": other, "proof": "mail"}),
    ]
    about_posts = [
        ("post.updated", {**where, **words, "member": member}),
        ("post.deleted", where),
        ("post.restored", where),
        ("post.closed", {**where, "member": member}),
        ("post.flagged", {**where, "member": member}),
        ("post.moderated", {**where, "member": member, "action": "removed", "upheld": True}),
        ("reaction.added", {"member": member, "reaction": "thanks", "post_author": other, **where}),
        ("answer.accepted", {"member": member, "answer_author": other, **where}),
        ("answer.withdrawn", {"member": member, "answer_author": other, **where}),
        ("thread.resolved", {"thread": thread, "member": member}),
        ("thread.followed", {"thread": thread, "member": member}),
        ("help.rated", {"thread": thread, "member": member, "helped": True}),
    ]
    about_deeds = [
        ("feedback.submitted", {"feedback": "f0", "member": member, "title": "Un banc de plus"}),
        ("feedback.answered", {"feedback": "f0", "member": member, "outcome": "adopted", "why": "oui", "by": other}),
        ("meetup.scheduled", {"meetup": "m0", "member": member, "registered": [other], "at_": MONDAY + days(3)}),
        ("meetup.attended", {"meetup": "m0", "member": member}),
        ("meetup.hosted", {"meetup": "m0", "member": member}),
        ("poll.voted", {"poll": "v0", "member": member}),
        ("beta.reported", {"programme": "b0", "member": member}),
        ("task.opened", {"task": "k0", "title": "Une affiche", "skills": ["vélo"], "by": other}),
        ("task.accepted", {"task": "k0", "member": member}),
        ("task.completed", {"task": "k0", "member": member}),
        ("promise.made", {"promise": "e0", "by": member, "to": other, "what": "Un banc", "due": MONDAY + days(2)}),
        ("prompt.chosen", {"prompt": "q0", "by": other}),
    ]
    return draw(st.sampled_from([("post.created", written)] * 25 + about_people + about_posts + about_deeds))


STORIES = st.lists(st.tuples(happenings(), st.integers(0, 900)), min_size=5, max_size=40)


def told(story, community="atelier"):
    """The facts of a story at their times, after everybody has joined."""
    everybody = [joined(GONE, OPENING, display_name=NAME, id=f"j-{GONE}", community=community)]
    everybody += [joined(name, OPENING, id=f"j-{name}", community=community) for name in ("ana", "bob", "eve")]
    at, facts = MONDAY, everybody
    for number, ((type_, data), gap) in enumerate(story):
        at += timedelta(minutes=gap)
        source = "/operators/operator" if type_ == "prompt.chosen" else None
        facts.append(fact(type_, at, id=f"{community}-{number}", source=source, community=community, **data))
    return facts


def played(*facts, until=None):
    """Everything that all services said, by community; and their shelves."""
    said = {}
    turns = Turns(
        installed(), on_decision=lambda event, raw: said.setdefault(event.data.community, []).append((event.type, raw))
    )
    for community in dict.fromkeys(event.data.community for event in facts):
        playbook = {"language": "fr", "timezone": "Europe/Paris", **PLAYBOOK}
        begun = {"id": f"begun-{community}", "version": "v1", "playbook": playbook}
        for event in (
            fact("community.configured", OPENING, community=community, **begun),
            unmuted(OPENING, community=community, id=f"unmuted-{community}"),
        ):
            turns.play(Entry(0, None, None, event.to_json(), event))
    for event in facts:
        turns.play(Entry(0, None, None, event.to_json(), event))
    if until is not None:
        turns.finish(until)
    assert [letter.traceback or letter.what for shelf in turns.shelves.values() for letter in shelf.letters] == []
    return said, turns.shelves


@QUICK
@given(STORIES, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=20))
def test_what_is_told_again_changes_no_decision(story, copies):
    facts = told(story)
    again = list(facts)
    # From the end, so that what is still to be repeated stands where it stood: a copy never comes before the first.
    for at, later in sorted(((place % len(facts), later) for place, later in copies), reverse=True):
        again.insert(min(len(again), at + 1 + later), facts[at])
    end = facts[-1].time + days(9)

    assert played(*again, until=end)[0] == played(*facts, until=end)[0]


@QUICK
@given(STORIES, STORIES, st.lists(st.booleans(), min_size=60, max_size=60))
def test_another_community_changes_no_decision(story, another, picks):
    ours, theirs = told(story), told(another, "voisins")
    rest = [list(ours), list(theirs)]
    mixed = [rest[pick].pop(0) for pick in picks if rest[pick]]
    mixed += rest[0] + rest[1]

    together = played(*mixed)[0]

    assert together.get("atelier") == played(*ours)[0].get("atelier")
    assert together.get("voisins") == played(*theirs)[0].get("voisins")


@QUICK
@given(STORIES, st.integers(0, 12 * 60))
def test_of_whoever_is_forgotten_no_row_of_any_service_holds_the_id_or_the_name(story, later):
    facts = told(story)
    end = facts[-1].time + minutes(later)

    _, shelves = played(*facts, fact("member.erased", end, member=GONE))

    left = [
        (service, kind.__name__, key, row)
        for service, shelf in shelves.items()
        for kind, rows in shelf.rows.items()
        for key, row in rows.items()
        if kind is not InForce and any(word in repr((key, row)) for word in (GONE, NAME))
    ]
    assert left == []
    assert [line for shelf in shelves.values() for line in shelf.deadlines() if GONE in line.key] == []


@pytest.mark.parametrize("service", [service.name for service in installed()])
def test_the_stories_reach_every_service(service):
    story = [
        (
            (
                "post.created",
                {
                    "post": "t0",
                    "thread": "t0",
                    "member": "ana",
                    "channel": "aide",
                    "kind": "question",
                    "body": "Je cherche pourquoi le fusible saute ?",
                    "title": "Un fusible",
                },
            ),
            5,
        )
    ]

    said, _ = played(*told(story), until=MONDAY + days(9))

    assert any(f'"/services/{service}"'.encode() in raw for _, raw in said["atelier"])
