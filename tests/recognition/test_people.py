"""People's choices and the common rules: forgotten means gone, history is silent, order is not trusted."""

import pytest

from contracts.envelope import EvidenceRange
from facts import (
    MONDAY,
    accepted,
    asked,
    chose,
    configured,
    days,
    decided,
    erased,
    fact,
    hours,
    joined,
    kudos,
    left,
    minutes,
    paused,
    posted,
    reacted,
    replied,
)
from recognised import conversation, earned, people, points, pulse, regular, told
from recognition.service import RECOGNITION
from recognition.state import Activity, Line, Standing
from recognition.state_book import Book
from recognition.state_threads import Thread
from recorded import Run, fortnight
from stories import Story, passing

WHO = "quetzalcoatl"


def entangled() -> Story:
    """Somebody who is in every table, and in the rows of others."""
    crowd = [f"m{n}" for n in range(32)]
    perks = [{"perk": "cle", "name": "la clé", "stock": 3}]
    story = told(
        *people(WHO, "ana", "ben", *crowd, skills=["couture"]),
        playbook={"people": {"relays": [WHO], "manager": "eve"}, "recognition": {"perks": perks}},
    )
    story.when(*[posted(name, MONDAY - days(1)) for name in crowd])
    story.when(joined("new", MONDAY, invited_by=WHO), posted("new", MONDAY, post="hello"))
    story.when(replied(WHO, "hello", MONDAY + minutes(1), body="Bienvenue !"))
    story.when(*conversation("ana", WHO, MONDAY, post="q1"), accepted("q1-a", "q1", "ana", MONDAY + hours(2)))
    story.when(*conversation(WHO, "ana", MONDAY, post="q2"), accepted("q2-a", "q2", WHO, MONDAY + hours(2)))
    story.when(*[fact("meetup.hosted", MONDAY + hours(n), meetup=f"h{n}", member=WHO) for n in range(3)])
    story.when(fact("meetup.attended", MONDAY + hours(4), meetup="h9", member=WHO))
    story.when(kudos(WHO, "ana", at=MONDAY + hours(4)), kudos("ana", WHO, at=MONDAY + hours(4)))
    story.when(fact("nomination.made", MONDAY + hours(5), member="ana", by=WHO))
    story.when(fact("feedback.submitted", MONDAY + hours(5), feedback="f", member=WHO, title="x"))
    story.when(fact("identity.linked", MONDAY + hours(5), member="ben", other=WHO, proof="x"))
    story.when(reacted(WHO, "later", MONDAY + hours(5)))
    story.when(decided("onboarding", "relay.paired", MONDAY + hours(5), newcomer="new", member=WHO, attempt=1))
    story.when(decided("onboarding", "relay.paired", MONDAY + hours(5), newcomer=WHO, member="ana", attempt=1))
    story.when(fact("task.opened", MONDAY + hours(6), task="t", title="x", by="eve", skills=["couture"]))
    for n in range(12):
        at = MONDAY + hours(7 + n)
        story.when(posted("ana", at, post=f"a{n}"), posted(WHO, at, post=f"s{n}"))
        story.when(reacted(WHO, f"a{n}", at + minutes(1)), reacted("ana", f"s{n}", at + minutes(1)))
    story.when(fact("thanks.edited", MONDAY + days(1), thanks="2026-W10", by="eve", member=WHO, value="Merci !"))
    return story.when(passing(MONDAY + days(3) + hours(23)))


def traces(story: Story) -> list[str]:
    """Where the name still stands; the playbook is the manager's own text, and says so until its next version."""
    return [place for place in story.mentions_of(WHO) if not place.startswith("InForce")]


def test_erasing_leaves_no_personal_datum_in_any_table_and_keeps_the_totals():
    story = entangled()
    assert {place.split()[0] for place in story.mentions_of(WHO)} >= {
        *("Account", "Activity", "Contribution", "Giver", "Grant", "Line", "Pair", "Paired", "Post", "Relay", "Said"),
        *("SamePerson", "Standing", "Suspicion", "Task", "Thread", "Meetup", "Feedback", "Candidate", "Person"),
    }
    before = points(story, "ana"), story.row(Book).actives

    story.when(erased(WHO, MONDAY + days(4)))

    assert traces(story) == []
    assert (points(story, "ana"), story.row(Book).actives) == before
    story.when(*pulse(MONDAY + days(5), 40, "ana"))
    assert traces(story) == []


def test_what_happens_after_an_erasure_does_not_bring_anybody_back():
    story = entangled().when(erased(WHO, MONDAY + days(4)))

    story.when(
        reacted("ben", "s0", MONDAY + days(4) + hours(1), post_author=WHO),
        accepted("s1", "s1", "ben", MONDAY + days(4) + hours(1), answer_author=WHO),
    ).expect_none("points.awarded", member=WHO)
    assert not [place for place in traces(story) if not place.startswith("Post")]


def test_the_public_thanks_that_named_somebody_forgotten_are_redacted():
    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"))
    story.when(passing(MONDAY + days(4) + hours(1)))
    thanks = story.expect_message(template="thanks")
    assert thanks.mentions == ("ana", "zoe")

    story.when(erased("zoe", MONDAY + days(5)))

    assert story.expect("message.cancelled", mode="redact").data.request == thanks.request


def test_who_wants_no_profile_keeps_none_and_starts_anew_when_they_change_their_mind():
    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"))
    story.when(accepted("q-a", "q", "zoe", MONDAY + hours(2)), chose("ana", MONDAY + hours(3), profiling=False))
    assert earned(story, "ana") == []
    assert story.row(Activity, "ana") is None
    assert story.row(Standing, "ana").milestones == ("accepted_answers/1",)
    story.when(posted("ana", MONDAY + days(1)), kudos("zoe", "ana", at=MONDAY + days(1))).expect_none("points.awarded")

    story.when(chose("ana", MONDAY + days(2), profiling=True), posted("ana", MONDAY + days(3)))
    assert earned(story, "ana") == [("active_day", 100)]


def test_after_a_death_nothing_is_said_or_counted():
    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"))
    story.when(left("ana", MONDAY + days(1), reason="deceased"))

    story.when(
        reacted("zoe", "q-a", MONDAY + days(1)),
        accepted("q-a", "q", "zoe", MONDAY + days(1)),
        passing(MONDAY + days(60)),
    )

    story.expect_none("points.awarded", member="ana").expect_none("member.thanked").expect_none("impact.told")
    assert not story.messages(to="ana")
    assert not [message for message in story.messages() if "Ana" in message.data.text]


def test_history_makes_decisions_marked_so_and_no_message():
    facts = [
        event.model_copy(update={"backfill": True})
        for event in [*people("ana", "zoe"), *regular("ana", MONDAY - days(40), 30)]
    ]
    story = told(*facts)

    assert story.every_message() == []
    assert story.all("stratum.raised", member="ana")
    assert all(event.backfill for event in story.decisions)
    story.when(posted("ana", MONDAY))
    assert [event.data.because[0].evidence for event in story.found("points.awarded", act="active_day")]


def test_muted_everything_is_decided_and_nothing_is_delivered():
    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"), muted=True)
    story.when(accepted("q-a", "q", "zoe", MONDAY + hours(2)), passing(MONDAY + days(5)))

    assert story.all("member.thanked")
    assert story.all("milestone.reached")
    assert {message.data.muted for message in story.every_message()} == {True}


def test_unmuted_by_rule_only_that_rule_speaks():
    story = told(*people("ana", "zoe"), *conversation("zoe", "ana", MONDAY, post="q"), muted=True)
    story.when(fact("community.unmuted", MONDAY, by="eve", rules=["thanks"]))
    story.when(accepted("q-a", "q", "zoe", MONDAY + hours(2)), passing(MONDAY + days(5)))

    assert {message.data.rule: message.data.muted for message in story.every_message()} == {
        "milestone": True,
        "thanks": False,
        "thanks_draft": True,
    }


def test_who_is_at_rest_is_written_nothing_until_it_is_over():
    story = told(*people("ana", "zoe"), paused("ana", MONDAY - hours(1), until=MONDAY + days(3)))

    story.when(*conversation("zoe", "ana", MONDAY, post="q"), accepted("q-a", "q", "zoe", MONDAY + hours(2)))
    assert story.messages(to="ana") == []


def test_a_reply_before_its_question_is_the_reply_it_would_have_been():
    in_order = told(*people("ana", "ben"), *conversation("ben", "ana", MONDAY, post="q"))
    question, answer = conversation("ben", "ana", MONDAY, post="q")
    other = told(*people("ana", "ben"), answer, question)

    assert earned(other, "ana") == earned(in_order, "ana")
    assert other.row(Thread, "q").others == in_order.row(Thread, "q").others == ("ana",)


def test_a_reply_whose_question_never_comes_is_a_reply():
    story = told(*people("ana", "ben"), replied("ana", "gone", MONDAY))
    story.when(passing(MONDAY + days(1))).expect("points.awarded", act="reply", member="ana")


def test_reactions_and_an_acceptance_before_their_post_count_when_it_comes():
    question, answer = conversation("ben", "ana", MONDAY, post="q")
    story = told(*people("ana", "ben", "cy"), question)
    story.when(reacted("cy", "q-a", MONDAY + hours(2)), accepted("q-a", "q", "ben", MONDAY + hours(2)))
    story.expect_none("points.awarded", member="ana")

    story.when(answer)

    assert sorted(earned(story, "ana")) == [
        ("accepted_answer", 1000),
        ("active_day", 100),
        ("reaction_received", 100),
        ("reply_to_question", 200),
    ]


def test_a_withdrawal_that_comes_before_its_acceptance_holds():
    story = told(*people("ana", "ben"), *conversation("ben", "ana", MONDAY, post="q"))
    story.when(fact("answer.withdrawn", MONDAY + hours(3), post="q-a", thread="q", member="ben"))

    story.when(accepted("q-a", "q", "ben", MONDAY + hours(2))).expect_none("points.awarded", act="accepted_answer")


def test_a_post_before_its_authors_join_is_the_authors_all_the_same():
    story = told(*people("zoe"), posted("ana", MONDAY), joined("ana", MONDAY - minutes(5), invited_by="zoe"))

    story.when(posted("ana", MONDAY + days(1)))

    story.expect("points.awarded", act="referral", member="zoe")


def test_who_takes_part_before_the_join_is_told_was_invited_all_the_same():
    story = told(*people("zoe"), posted("ana", MONDAY), posted("ana", MONDAY + days(1)))

    story.when(joined("ana", MONDAY - minutes(5), invited_by="zoe"))

    story.expect("points.awarded", act="referral", member="zoe", points_hundredths=1000)


def test_an_edit_after_a_deletion_changes_nothing():
    story = told(*people("ana"), asked("ana", MONDAY, post="q"), fact("post.deleted", MONDAY, post="q", thread="q"))

    story.when(fact("post.updated", MONDAY + hours(1), post="q", thread="q", title="Autre titre"))

    assert story.row(Thread, "q").title is None


def test_the_same_fact_twice_is_one():
    events = [
        *people("ana", "ben"),
        *conversation("ben", "ana", MONDAY, post="q"),
        reacted("ben", "q-a", MONDAY + hours(2)),
    ]
    once, twice = told(*events), told(*[event for event in events for _ in range(2)])

    assert [event.to_json() for event in twice.decisions] == [event.to_json() for event in once.decisions]


@pytest.fixture(scope="module")
def month() -> Run:
    return Run(fortnight(members=24, weeks=5), (RECOGNITION,))


def test_every_decision_has_evidence_that_stands_in_the_log(month):
    known = {entry.event.id for entry in month.log}
    decisions = [entry.event for entry in month.log if entry.event.source == "/services/recognition"]
    assert len(decisions) > 300
    for event in decisions:
        assert event.data.because
        for reason in event.data.because:
            proof = reason.evidence
            ids = (proof.first, proof.last) if isinstance(proof, EvidenceRange) else proof
            assert ids, f"{event.type} {reason.rule} has no evidence"
            assert set(ids) <= known, f"{event.type} {reason.rule}: {set(ids) - known}"


def test_deadlines_are_few(month):
    ticks = month.turns.heard["clock.ticked"]

    assert ticks < 5 * 7 * 6


def test_every_table_is_bounded_by_who_was_here_lately(month):
    rows = month.turns.shelves["recognition"].rows
    assert len(rows[Activity]) <= 40
    assert all(len(activity.days) <= 120 for activity in rows[Activity].values())
    assert len(rows[Line]) == month.turns.said["points.awarded"] + month.turns.said["points.withdrawn"]


def test_old_posts_threads_and_pairs_are_forgotten():
    story = told(*people("ana", "zoe", *[f"fan{n}" for n in range(6)]), *regular("ana", MONDAY, 5))
    story.when(*pulse(MONDAY + days(5), 140))

    shelf = story._turns.shelves["recognition"].rows
    assert {
        row.__name__: len(rows) for row, rows in shelf.items() if row.__name__ in {"Post", "Thread", "Pair", "Activity"}
    } == {
        "Activity": 0,
        "Pair": 0,
        "Post": 0,
        "Thread": 0,
    }
    assert story.row(Standing, "ana") is not None


def test_a_new_time_zone_skips_nobodys_day():
    story = told(
        *people("ana", "zoe"),
        *[fact("meetup.hosted", MONDAY + days(n), meetup=f"m{n}", member="ana") for n in range(3)],
    )
    story.when(*pulse(MONDAY + days(3), 118))
    story.when(configured(MONDAY + days(121), "v2", timezone="Pacific/Kiritimati"))
    story.when(*pulse(MONDAY + days(122), 3))

    assert len(story.all("role.recognised", status="lapsed")) == 1
