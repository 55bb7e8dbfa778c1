"""Whatever comes, in whatever order: no rule fails, a fact told twice changes nothing, nobody erased is left behind."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.entry import Entry
from chassis.replay import Turns
from contracts.community import Community
from contracts.people import Person
from facts import COMMUNITY, MONDAY, configured, fact, unmuted
from support.service import SUPPORT
from support.state import Thread

PLAYBOOK = {
    "language": "fr",
    "timezone": "Europe/Paris",
    "people": {"relays": ["m1"], "core_team": [{"member": "eve", "name": "Eve"}]},
    "places": {"help": "aide"},
}
BODIES = (
    *("Quelqu'un sait comment faire ?", "Merci !", "Merci mais ça ne marche toujours pas.", "ok", "+1"),
    *("Il faut tourner la vis de gauche, doucement.", "C'est inadmissible, encore une panne.", "Oui"),
    *("J'ai envie d'en finir.", "Et pour la couleur ?", ""),
)
MEMBERS = st.sampled_from(["m0", "m1", "m2", "eve"])
THREADS = st.sampled_from(["t0", "t1"])
POSTS = st.sampled_from(["t0", "t1", "p0", "p1", "p2"])


@st.composite
def happenings(draw):
    """One fact about few people and few posts, so that they meet."""
    member, thread, post = draw(MEMBERS), draw(THREADS), draw(POSTS)
    where = {"post": post, "thread": thread}
    kind = draw(st.sampled_from(["question", "message", "answer"]))
    text = {"body": draw(st.sampled_from(BODIES)), "tags": draw(st.sampled_from([[], ["Vélo"]]))}
    reply = draw(st.sampled_from([None, thread]))
    return draw(
        st.sampled_from(
            [
                *[
                    (
                        "post.created",
                        {"member": member, "channel": "aide", "kind": kind, "reply_to": reply, **where, **text},
                    )
                ]
                * 8,
                ("post.updated", {**where, **text}),
                ("post.deleted", where),
                ("post.restored", where),
                ("post.closed", {"member": member, **where}),
                ("answer.accepted", {"member": member, **where}),
                ("answer.withdrawn", {"member": member, **where}),
                ("thread.resolved", {"thread": thread}),
                ("thread.unresolved", {"thread": thread}),
                ("help.rated", {"member": member, "thread": thread, "helped": draw(st.booleans())}),
                ("member.joined", {"member": member, "skills": ["Vélo"]}),
                ("member.left", {"member": member}),
                ("member.paused", {"member": member}),
                ("preference.changed", {"member": member, "stop": ["helper"]}),
                (
                    "channel.described",
                    {"channel": "aide", "visibility": draw(st.sampled_from(["public", "restricted"]))},
                ),
                ("crisis.declared", {"crisis": "c", "by": "eve", "value": "fuite"}),
                ("crisis.dismissed", {"crisis": "c", "by": "eve"}),
            ]
        )
    )


STORIES = st.lists(st.tuples(happenings(), st.integers(0, 3000)), min_size=1, max_size=25)
QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def facts_of(story):
    at = MONDAY
    for number, ((type_, data), minutes) in enumerate(story):
        at += timedelta(minutes=minutes)
        yield fact(type_, at, id=f"f{number}", **data)


def play(facts, *, twice=False):
    said = []
    turns = Turns([SUPPORT], on_decision=lambda event, raw: said.append((event, raw)))
    start = MONDAY - timedelta(days=7)
    for event in (configured(start, **PLAYBOOK), unmuted(start), *facts):
        for _ in range(2 if twice else 1):
            turns.play(Entry(0, None, None, event.to_json(), event))
    turns.pass_time(COMMUNITY, turns.shelves["support"].rows[Community][(COMMUNITY,)].now + timedelta(days=40))
    return turns, said


@QUICK
@given(STORIES)
def test_no_rule_fails_whatever_comes(story):
    turns, said = play(facts_of(story))

    assert [letter.traceback for letter in turns.shelves["support"].letters] == []
    facts = {f"f{number}" for number in range(len(story))}
    decided = {event.id for event, _ in said}
    for event, _ in said:
        for reason in event.data.because:
            if isinstance(reason.evidence, tuple):
                assert set(reason.evidence) <= facts | decided, (event.type, reason)


@QUICK
@given(STORIES)
def test_a_fact_told_twice_changes_no_decision(story):
    once, twice = play(facts_of(story))[1], play(facts_of(story), twice=True)[1]

    assert [raw for _, raw in once] == [raw for _, raw in twice]


@QUICK
@given(STORIES)
def test_nobody_erased_is_left_behind(story):
    renamed = [
        ((type_, {k: "zoraide" if v == "m0" else v for k, v in data.items()}), gap) for (type_, data), gap in story
    ]
    facts = list(facts_of(renamed))
    erasure = fact("member.erased", facts[-1].time + timedelta(minutes=1), member="zoraide")
    turns, _ = play([*facts, erasure])

    shelf = turns.shelves["support"]
    left = [row for rows in shelf.rows.values() for item in rows.items() if "zoraide" in repr(item) for row in item]
    assert left == []
    assert [deadline for deadline in shelf.deadlines() if "zoraide" in deadline.key] == []


@QUICK
@given(STORIES)
def test_an_open_question_always_has_somebody_to_tell_or_has_told_all(story):
    turns, _ = play(facts_of(story))

    for row in turns.shelves["support"].rows[Thread].values():
        if row.question is not None and row.question.status == "open" and not row.question.history:
            person = turns.shelves["support"].row(Person, (COMMUNITY, row.question.member))
            gone = person is not None and person.left_at is not None
            assert gone or row.question.rung == 5, row
