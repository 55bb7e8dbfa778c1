"""Unheard: the last three posts of somebody within 30 days, none with a human reply."""

from facts import (
    MONDAY,
    asked,
    days,
    deleted,
    erased,
    fact,
    hours,
    joined,
    left,
    minutes,
    overruled,
    posted,
    replied,
    said_yes,
)
from onboarding.state import Presence
from stories import given, passing


def three(at=MONDAY, gap_days=1, member="ana"):
    return [posted(member, at + days(n * gap_days), post=f"p{n}", thread=f"t{n}") for n in range(3)]


def test_three_posts_without_a_reply_are_told_a_day_after_the_last():
    story = given(joined("ana", MONDAY - days(5)), *three())

    story.when(passing(MONDAY + days(3) - minutes(1))).expect_none("member.unheard")
    story.when(passing(MONDAY + days(3)))

    unheard = story.expect("member.unheard", member="ana", posts=("p0", "p1", "p2"), told=None).data
    assert len(unheard.because[0].evidence) == 3
    assert story.expect_message(template="unheard").to.id == "core_team"


def test_the_paired_relay_is_told_where_there_is_one():
    story = given(
        joined("rea", MONDAY - days(9)), joined("ana", MONDAY - days(5)), playbook={"people": {"relays": ["rea"]}}
    )
    story.when(*three()[:1], said_yes("rea", "ana", MONDAY + minutes(5)), *three()[1:], passing(MONDAY + days(3)))

    story.expect("member.unheard", told="rea")
    assert story.expect_message(template="unheard_relay").to.id == "rea"


def test_one_reply_is_enough_and_me_too_is_none():
    heard = given(*three()).when(replied("bob", "t1", MONDAY + days(2) + hours(1)), passing(MONDAY + days(5)))
    not_heard = given(*three()).when(
        replied("bob", "t1", MONDAY + days(2) + hours(1), body="+1"), passing(MONDAY + days(5))
    )

    heard.expect_none("member.unheard")
    not_heard.expect("member.unheard", member="ana")


def test_posts_over_more_than_thirty_days_do_not_count_together():
    story = given(*three(gap_days=16))

    story.when(passing(MONDAY + days(60))).expect_none("member.unheard")


def test_it_is_said_once_in_thirty_days():
    story = given(*three()).when(passing(MONDAY + days(3)))
    story.expect("member.unheard")

    more = [posted("ana", MONDAY + days(4 + n)) for n in range(6)]
    story.when(*more, passing(MONDAY + days(20))).expect_none("member.unheard")


def test_a_deleted_post_counts_no_more():
    story = given(*three()).when(deleted("p2", MONDAY + days(2) + hours(1), thread="t2"), passing(MONDAY + days(5)))

    story.expect_none("member.unheard")


def test_bots_staff_and_restricted_places_do_not_count():
    restricted = fact("channel.described", MONDAY - days(1), channel="cercle", visibility="restricted")
    staff = given(joined("ana", MONDAY - days(9), staff=True), *three()).when(passing(MONDAY + days(5)))
    hidden = given(restricted, *[posted("ana", MONDAY + hours(n), channel="cercle") for n in range(3)])
    robots = given(*[posted("hal", MONDAY + hours(n), bot=True) for n in range(3)])

    for story in (staff, hidden.when(passing(MONDAY + days(5))), robots.when(passing(MONDAY + days(5)))):
        story.expect_none("member.unheard")


def test_who_left_is_not_spoken_of_and_who_is_erased_is_in_no_table():
    story = given(*three()).when(left("ana", MONDAY + days(2) + hours(1)), passing(MONDAY + days(5)))
    story.expect_none("member.unheard")

    forgotten = given(*three()).when(erased("ana", MONDAY + days(2) + hours(1)), passing(MONDAY + days(5)))
    forgotten.expect_none("member.unheard")
    assert forgotten.row(Presence, "ana") is None


def test_a_human_takes_it_back():
    story = given(*three()).when(passing(MONDAY + days(3)))

    story.when(overruled(story.expect("member.unheard"), MONDAY + days(3) + hours(1))).expect("message.cancelled")


def test_a_post_told_three_times_is_one_post():
    story = given(joined("ana", MONDAY), passing(MONDAY + hours(1)))

    story.when(*[asked("ana", MONDAY + hours(2 + n), post="q") for n in range(3)], passing(MONDAY + days(3)))

    story.expect_none("member.unheard")


def test_an_answer_in_the_night_calls_back_what_the_relay_would_read_in_the_morning():
    night = MONDAY + hours(12)  # 23:00 in Paris
    story = given(joined("ana", MONDAY - days(1)), passing(MONDAY), playbook={"people": {"relays": ["rea"]}})
    story.when(asked("ana", night - hours(3), post="q1"), said_yes("rea", "ana", night - hours(2.5)))
    story.when(asked("ana", night - hours(2), post="q2"), asked("ana", night, post="q3"), passing(night + days(1)))
    story.expect("member.unheard", member="ana", told="rea")

    story.when(replied("bob", "q3", night + days(1) + hours(1)))

    story.expect("message.withheld", template="unheard_relay", to="rea", why="answered")
    story.when(passing(night + days(2))).expect_none("message.requested", template="unheard_relay")
