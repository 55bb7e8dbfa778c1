"""Fading away: by name to the paired relay only, as a number to the core team; never while clocks stand still."""

from datetime import UTC, datetime

import pytest

from facts import MONDAY, chose, days, decided, fact, hours, paused, posted
from recognised import people, pulse, regular, told
from recognition.state import Standing

FANS = [f"fan{n}" for n in range(6)]


def busy(count=20, playbook=None, at=MONDAY, paired=True):
    story = told(*people("ana", "zoe", "rea", *FANS), playbook={"people": {"relays": ["rea"]}, **(playbook or {})})
    story.when(posted("rea", at - days(1)))
    if paired:
        story.when(decided("onboarding", "relay.paired", at - days(1), newcomer="ana", member="rea", attempt=1))
    return story.when(*[posted("ana", at + days(n)) for n in range(count)])


def test_twenty_acts_and_three_weeks_of_silence_are_told_to_the_paired_relay_by_name():
    story = busy()
    story.when(*pulse(MONDAY + days(20), 20)).expect_none("member.fading")

    story.when(*pulse(MONDAY + days(40), 3))

    fading = story.expect("member.fading", member="ana", sign="silence", told="rea")
    assert (fading.data.acts_90_days, fading.data.silent_days) == (20, 21)
    assert len(fading.data.because[0].evidence) == 20
    message = story.expect_message(to="rea", template="fading")
    assert (message.purse, message.mentions) == ("duty", ("ana",))
    assert "Ana" in message.text


def test_the_core_team_hears_a_number_and_no_name():
    story = busy()

    story.when(*pulse(MONDAY + days(20), 35))

    (count,) = [one.data for one in story.every_message(to="core_team") if one.data.template == "fading_count"]
    assert "Ana" not in count.text
    assert "ana" not in count.text
    assert count.mentions == ()
    assert count.because[0].evidence == (story.all("member.fading")[0].id,)


def test_without_a_paired_relay_nobody_hears_the_name():
    story = busy(paired=False)

    story.when(*pulse(MONDAY + days(20), 35))

    assert story.all("member.fading")[0].data.told is None
    assert not [one for one in story.every_message() if "Ana" in one.data.text]


def test_a_relay_who_rests_is_not_told():
    story = busy().when(paused("rea", MONDAY + days(21)))

    story.when(*pulse(MONDAY + days(21), 30))

    assert story.all("member.fading", member="ana")[0].data.told is None


def test_nineteen_acts_are_no_habit_of_carrying():
    story = busy(19)

    story.when(*pulse(MONDAY + days(20), 40))

    assert story.all("member.fading", member="ana") == []


def test_it_is_said_once_and_again_only_after_a_long_time():
    story = busy().when(*pulse(MONDAY + days(20), 80))

    assert len(story.all("member.fading", member="ana")) == 1


def test_whoever_is_back_before_it_is_said_is_not_spoken_of():
    story = busy()

    story.when(*pulse(MONDAY + days(20), 19), posted("ana", MONDAY + days(39)), *pulse(MONDAY + days(39), 15))

    assert story.all("member.fading", member="ana") == []


def test_a_quiet_season_is_no_silence():
    july = datetime(2026, 6, 22, 10, tzinfo=UTC)
    story = busy(at=july)

    story.when(*pulse(july + days(20), 40))  # 12 July to 21 August

    assert story.all("member.fading", member="ana") == []
    story.when(*pulse(july + days(60), 30))
    assert len(story.all("member.fading", member="ana")) == 1


def test_a_platform_that_is_silent_for_weeks_makes_nobody_fade():
    story = busy()
    later = MONDAY + days(50)

    story.when(*pulse(later, 10)).expect_none("member.fading")


@pytest.mark.parametrize("rest", [paused("ana", MONDAY + days(20)), chose("ana", MONDAY + days(20), profiling=False)])
def test_nobody_at_rest_or_without_a_profile_is_looked_at(rest):
    story = busy().when(rest, *pulse(MONDAY + days(21), 40))

    assert story.all("member.fading", member="ana") == []


def test_words_in_a_restricted_place_are_a_sign_of_life():
    story = busy().when(fact("channel.described", MONDAY + days(20), channel="cellule", visibility="restricted"))
    story.when(*pulse(MONDAY + days(20), 15), posted("ana", MONDAY + days(35), channel="cellule"))

    story.when(*pulse(MONDAY + days(36), 12))

    assert story.all("member.fading", member="ana") == []


def test_four_weeks_far_below_ones_own_median_are_a_decline_from_stratum_2():
    start = datetime(2026, 1, 12, 10, tzinfo=UTC)  # a Monday after the quiet season
    story = told(*people("ana", "zoe", *FANS, at=start - days(9)), opened=start - days(10))
    story.when(*regular("ana", start, 7 * 13))
    slow = start + days(7 * 13)
    weekly = [posted("ana", slow + days(7 * week)) for week in range(5)]

    story.when(*sorted([*weekly, *pulse(slow + hours(1), 35)], key=lambda event: event.time))

    fading = story.all("member.fading", member="ana")[0]
    assert (fading.data.sign, fading.data.usual_weekly_acts) == ("decline", "14.0")
    assert fading.time.weekday() == 0


def test_below_stratum_2_a_decline_is_nobodys_business():
    start = datetime(2026, 1, 12, 10, tzinfo=UTC)
    story = told(*people("ana", "zoe", at=start - days(9)), opened=start - days(10))
    for n in range(7 * 13):
        story.when(posted("ana", start + days(n)), posted("ana", start + days(n) + hours(1)))
    slow = start + days(7 * 13)
    weekly = [posted("ana", slow + days(7 * week)) for week in range(5)]

    story.when(*sorted([*weekly, *pulse(slow + hours(1), 35)], key=lambda event: event.time))

    assert story.row(Standing, "ana").stratum == 1
    assert story.all("member.fading", member="ana") == []


def test_an_overruled_word_to_the_relay_is_called_back():
    story = busy().when(*pulse(MONDAY + days(20), 21))
    (fading,) = story.all("member.fading")

    story.when(fact("decision.overruled", MONDAY + days(41), decision=fading.id, by="eve", why="vacances"))

    story.expect("message.cancelled", why="overruled")
