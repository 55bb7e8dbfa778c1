"""The common rules where they touch support: muted, history, people's choices, restricted places."""

from facts import (
    MONDAY,
    asked,
    days,
    erased,
    fact,
    hours,
    joined,
    left,
    minutes,
    muted,
    posted,
    replied,
    unmuted,
)
from stories import given, passing
from support.service import SUPPORT
from support.state import Asker, Helper, Rhythm, Share, Thread

EARLIER = MONDAY - days(2)
SECRET = fact("channel.described", MONDAY - days(9), channel="bureau", visibility="restricted")


def helper(name, at=EARLIER):
    return [joined(name, at, skills=["Vélo"]), posted(name, at + hours(1))]


def story_of(*facts, muted=False, **playbook):
    people = {"core_team": [{"member": "eve", "name": "Eve"}]}
    return given(*facts, service=SUPPORT, muted=muted, playbook={"people": people, **playbook})


def test_muted_everything_is_decided_and_nothing_delivered():
    story = story_of(*helper("bob"), asked("ana", post="q", tags=["vélo"]), muted=True)

    story.when(passing(MONDAY + days(2)))

    assert len(story.all("question.unanswered")) == 4
    assert all(message.data.muted for message in story.every_message())
    assert story.every_message(template="helper")


def test_unmuting_and_the_kill_switch_hold_from_their_place():
    story = story_of(asked("ana", post="q"), muted=True)

    story.when(unmuted(MONDAY + minutes(50)), passing(MONDAY + minutes(60)))
    assert not story.expect_message(template="still_open").muted
    story.when(muted(MONDAY + hours(2)), passing(MONDAY + hours(4)))

    assert story.expect_message(template="unanswered_team").muted


def test_history_opens_questions_in_silence_and_makes_nobody_a_newcomer():
    old = MONDAY - days(30)
    story = story_of(
        joined("ana", old, backfill=True), asked("ana", old, post="q", backfill=True), passing(old + days(2))
    )

    assert [event.backfill for event in story.all("question.opened")] == [True]
    assert not story.every_message()
    story.when(asked("ana", MONDAY, post="q2")).expect("question.opened", newcomer=False)


def test_a_question_of_history_whose_asker_speaks_again_is_a_live_one():
    old = MONDAY - days(10)
    story = story_of(asked("ana", old, post="q", backfill=True))

    story.when(posted("ana", MONDAY, thread="q", body="Toujours rien de mon côté."), passing(MONDAY + minutes(60)))

    story.expect("question.unanswered", stage=1)


def test_nothing_of_a_restricted_place_is_quoted_named_or_passed_to_members():
    story = story_of(SECRET, *helper("bob"), joined("ana"))
    story.when(asked("ana", post="q", channel="bureau", tags=["vélo"], title="Le budget secret ?"))

    story.when(passing(MONDAY + days(2)), replied("bob", "q", MONDAY + days(2), channel="bureau"))

    assert story.all("question.answered")
    assert not story.all("helper.asked")
    assert not story.all("helper.credited")
    for message in story.every_message():
        assert message.data.to.id == "core_team"
        assert "secret" not in message.data.text
        assert "Ana" not in message.data.text


def test_a_thread_moved_to_a_restricted_place_is_treated_as_one_from_then_on():
    story = story_of(SECRET, *helper("bob"), asked("ana", post="q", tags=["vélo"]))

    story.when(fact("thread.moved", MONDAY + minutes(5), thread="q", channel="bureau"), passing(MONDAY + minutes(60)))

    story.expect_none("helper.asked")
    story.expect("question.unanswered", stage=1, told_role="core_team")


def test_an_asker_who_died_is_never_named_again():
    story = story_of(joined("ana"), asked("ana", post="q"), passing(MONDAY + minutes(50)))

    story.when(left("ana", MONDAY + minutes(55), reason="deceased"), passing(MONDAY + days(3)))

    story.expect_none("message.requested")


def test_erasing_an_asker_takes_the_question_with_them():
    story = story_of(*helper("bob"), joined("zoraide", MONDAY - days(1)))
    story.when(asked("zoraide", MONDAY, post="q", tags=["vélo"], title="Comment recoller ?", id="f1"))
    story.when(replied("bob", "q", MONDAY + minutes(50)), asked("zoraide", MONDAY + hours(1), post="q2", id="f2"))

    story.when(erased("zoraide", MONDAY + hours(2)))

    story.expect("question.cancelled", thread="q2", reason="erased")
    assert story.mentions_of("zoraide") == []
    assert story.row(Thread, "q") is None
    assert story.row(Asker, "zoraide") is None


def test_erasing_a_helper_leaves_answers_without_a_name_and_totals_as_they_were():
    story = story_of(joined("zoraide", MONDAY - days(9), skills=["vélo"]), posted("zoraide", MONDAY - days(8), id="a"))
    for n in range(3):
        story.when(
            asked("ana", MONDAY + hours(n), post=f"q{n}", tags=["vélo"]),
            replied("zoraide", f"q{n}", MONDAY + hours(n) + minutes(5), post=f"r{n}", id=f"b{n}"),
            fact("answer.accepted", MONDAY + hours(n) + minutes(9), member="ana", post=f"r{n}", thread=f"q{n}"),
        )
    story.when(asked("ana", MONDAY + hours(5), post="q", tags=["vélo"]), passing(MONDAY + hours(5) + minutes(45)))
    story.expect("helper.asked", member="zoraide")

    story.when(erased("zoraide", MONDAY + hours(6)))

    assert story.mentions_of("zoraide") == []
    assert story.row(Helper, "zoraide") is None
    assert story.row(Rhythm, "zoraide") is None
    assert story.row(Thread, "q0").question.answer.member is None
    assert story.row(Share, "2026-03").members == 3
    story.expect("helper.passed", member="zoraide", reason="left")


def test_a_platform_without_reactions_or_acceptances_is_served_all_the_same():
    story = story_of(asked("ana", post="q"), replied("bob", "q", MONDAY + minutes(5)))

    story.when(posted("cleo", MONDAY + days(2)), passing(MONDAY + days(4)))

    story.expect_message(template="helped", to="ana")


def test_acceptance_by_nobody_told_solves_as_any_other():
    story = story_of(asked("ana", post="q"), replied("bob", "q", MONDAY + minutes(5), post="r"))

    story.when(fact("answer.accepted", MONDAY + hours(1), member=None, post="r", thread="q")).expect("question.solved")


def test_a_community_with_one_member():
    story = story_of(posted("ana", MONDAY - days(2)), asked("ana", post="q"), replied("ana", "q", MONDAY + hours(1)))

    story.when(passing(MONDAY + days(40)))

    assert [event.data.stage for event in story.all("question.unanswered")] == [1, 2, 3, 4]
    assert story.row(Thread, "q").question.status == "open"


def test_the_neutral_playbook_serves_before_any_was_configured():
    story = given(asked("ana", post="q"), service=SUPPORT, playbook={"language": "en", "register": "vous", "name": ""})

    story.when(passing(MONDAY + days(2)))

    assert all("None" not in message.data.text for message in story.every_message())


def test_rows_that_can_no_longer_matter_are_dropped():
    story = story_of(
        posted("bob", post="t"),
        asked("ana", post="q"),
        replied("bob", "q", MONDAY + minutes(5), post="r"),
        fact("answer.accepted", MONDAY + hours(1), member="ana", post="r", thread="q"),
        asked("ana", MONDAY + hours(2), post="open"),
    )

    story.when(passing(MONDAY + days(200)))

    assert [thread.thread for thread in story.rows(Thread)] == ["open"]
    assert story.rows(Rhythm) == []


def test_every_decision_says_why_on_evidence_that_exists():
    story = story_of(*helper("bob"), asked("ana", post="q", tags=["vélo"]), passing(MONDAY + hours(9)))
    story.when(replied("bob", "q", MONDAY + hours(10), post="r"), passing(MONDAY + days(20)))
    known = {event.id for event in story.decisions}

    for decision in story.decisions:
        for reason in decision.data.because:
            assert reason.rule
            for event in reason.evidence:
                assert event in known or event.startswith(("post.created", "post-", "member.", "community."))
