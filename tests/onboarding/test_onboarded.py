"""Onboarded: the first moment all hold; after a month, what is missing and one question."""

from facts import (
    MONDAY,
    asked,
    chose,
    days,
    described,
    fact,
    hours,
    joined,
    left,
    minutes,
    motivated,
    overruled,
    paused,
    posted,
    reacted,
    replied,
)
from onboarding.state import Newcomer
from stories import given, passing

EMITS = ("member.joined", "post.created", "preference.changed")


def arrived(*emits, at=MONDAY):
    story = given(described(at - days(1), *(emits or EMITS)), joined("ana", at), joined("bob", at))
    return story.when(passing(at + minutes(10)))


def test_welcomed_introduction_answered_action_done_and_a_human_reply():
    story = arrived().when(asked("ana", MONDAY + hours(1), post="q1"), chose("ana", MONDAY + hours(2), introduce=False))
    story.expect_none("member.onboarded")

    story.when(replied("bob", "q1", MONDAY + days(1)))

    done = story.expect("member.onboarded", member="ana", introduction="no", late=False, days=1).data
    assert [reason.rule for reason in done.because] == [
        "onboarded.welcome",
        "onboarded.introduction",
        "onboarded.first_action",
        "onboarded.reply",
    ]
    assert all(reason.evidence for reason in done.because)


def test_whatever_comes_last_makes_the_moment():
    story = arrived().when(asked("ana", MONDAY + hours(1), post="q1"), replied("bob", "q1", MONDAY + hours(2)))

    story.when(chose("ana", MONDAY + hours(3), introduce=True)).expect("member.onboarded", introduction="yes")
    story.when(posted("ana", MONDAY + hours(4)), replied("bob", "q1", MONDAY + hours(5))).expect_none(
        "member.onboarded"
    )


def test_a_platform_that_cannot_tell_the_answer_has_the_first_post_instead_and_says_so():
    story = arrived("member.joined", "post.created").when(asked("ana", MONDAY + hours(1), post="q1"))

    done = story.when(replied("bob", "q1", MONDAY + hours(2))).expect("member.onboarded", introduction="replaced").data

    assert done.because[1].threshold == "a first post: the platform emits no preference.changed"


def test_without_a_first_action_the_first_post_stands_for_it():
    story = given(joined("ana"), joined("bob"), playbook={"onboarding": {"catalogue": []}})
    story.when(passing(MONDAY + minutes(10)), posted("ana", MONDAY + hours(1), post="p1"))

    done = story.when(replied("bob", "p1", MONDAY + hours(2))).expect("member.onboarded", member="ana").data

    assert done.because[2].threshold == "a first post: no action of the catalogue was offered"


def test_at_day_30_it_says_what_is_missing_and_asks_with_four_taps():
    story = arrived().when(motivated("ana", MONDAY + hours(1)), passing(MONDAY + days(30) + minutes(10)))

    stalled = story.expect("onboarding.stalled", member="ana").data
    assert stalled.missing == ("introduction", "first_action", "reply")
    question = story.expect_message(template="stalled")
    assert [action.id for action in question.actions] == ["time", "unclear", "unfit", "later", "stop"]
    assert question.actions[0].fact.data == {"community": "atelier", "member": "ana", "obstacle": "time"}


def test_who_never_showed_a_sign_of_life_is_not_asked():
    story = arrived().when(passing(MONDAY + days(31)))

    story.expect("onboarding.stalled", member="bob")
    assert story.messages() == []


def test_in_a_quiet_season_the_question_waits_for_its_end():
    june = MONDAY.replace(month=6, day=20)
    story = arrived(at=june).when(motivated("ana", june + hours(1)), passing(june + days(31)))
    story.expect("onboarding.stalled", member="ana")
    story.expect_none("message.requested", template="stalled")

    story.when(passing(MONDAY.replace(month=8, day=27)))

    assert story.expect("message.requested", template="stalled").time.date().isoformat() == "2026-08-26"


def test_an_obstacle_declared_is_an_answer_and_ends_reminders():
    story = arrived().when(motivated("ana", MONDAY + hours(1)))

    story.when(fact("obstacle.declared", MONDAY + hours(2), member="ana", obstacle="time"), passing(MONDAY + days(9)))

    story.expect_none("message.requested", template="nudge")


def test_completion_after_the_month_counts_as_late():
    story = arrived().when(asked("ana", MONDAY + hours(1), post="q1"), passing(MONDAY + days(31)))

    story.when(
        chose("ana", MONDAY + days(32), introduce=True), replied("bob", "q1", MONDAY + days(32) + hours(1))
    ).expect("member.onboarded", member="ana", late=True)


def test_who_rests_at_day_30_is_not_asked():
    story = arrived().when(motivated("ana", MONDAY + hours(1)), paused("ana", MONDAY + days(29)))

    story.when(passing(MONDAY + days(31))).expect_none("message.requested", template="stalled")


def test_a_human_takes_the_question_back():
    story = arrived().when(motivated("ana", MONDAY + hours(1)), passing(MONDAY + days(30) + minutes(10)))

    story.when(overruled(story.expect("onboarding.stalled", member="ana"), MONDAY + days(30) + minutes(20)))

    story.expect("message.cancelled")


def test_onboarded_people_are_not_stalled():
    story = arrived().when(
        asked("ana", MONDAY + hours(1), post="q1"),
        chose("ana", MONDAY + hours(2), introduce=True),
        replied("bob", "q1", MONDAY + hours(3)),
    )
    assert story.row(Newcomer, "ana").onboarded_at is not None

    story.when(passing(MONDAY + days(40))).expect_none("onboarding.stalled", member="ana")


def test_who_comes_back_after_the_month_is_not_asked_at_once_what_is_missing():
    story = given(joined("ana", MONDAY), passing(MONDAY + hours(1)), posted("ana", MONDAY + hours(2)))
    story.when(left("ana", MONDAY + days(20)), *[reacted("lea", "p", MONDAY + days(day)) for day in range(21, 45)])

    story.when(joined("ana", MONDAY + days(45)), passing(MONDAY + days(46))).expect_none("onboarding.stalled")

    story.when(*[reacted("lea", "p", MONDAY + days(day)) for day in range(46, 75)], passing(MONDAY + days(75)))
    story.expect("onboarding.stalled", member="ana")
