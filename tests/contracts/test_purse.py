from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.people import Person
from contracts.playbook import load
from contracts.purse import earliest, spend
from facts_said import moment

PARIS = load({"timezone": "Europe/Paris"})
MORNING = moment("2026-03-03 07:00")  # 08:00 in Paris


def ana(**fields) -> Person:
    return Person(member="ana", first_seen_at=moment("2026-01-01 10:00"), **fields)


def spent(purse: str, *times: str, **fields) -> Person:
    person = ana(**fields)
    for time in times:
        person = spend(person, purse, moment(time))
    return person


def test_in_the_day_with_a_full_purse_of_time_a_message_goes_at_once():
    assert earliest(ana(), "attention", moment("2026-03-02 10:00"), PARIS) == moment("2026-03-02 10:00")


def test_what_is_wanted_in_the_night_goes_in_the_first_hour_of_the_morning():
    late, night, dawn = (
        earliest(ana(), "attention", moment(at), PARIS)
        for at in ("2026-03-02 20:00", "2026-03-03 02:00", "2026-03-03 06:59")
    )

    assert late == night == dawn
    assert MORNING <= late < MORNING + timedelta(hours=1)


def test_people_are_spread_over_that_hour_and_each_always_at_the_same_minute():
    times = {
        earliest(Person(member=f"m{n}", first_seen_at=MORNING), "duty", moment("2026-03-03 02:00"), PARIS)
        for n in range(40)
    }

    assert len(times) > 30
    assert max(times) - min(times) < timedelta(hours=1)


def test_nine_in_the_evening_is_night_and_a_minute_before_is_not():
    assert earliest(ana(), "duty", moment("2026-03-02 19:59"), PARIS) == moment("2026-03-02 19:59")
    assert earliest(ana(), "duty", moment("2026-03-02 20:00"), PARIS) > MORNING - timedelta(seconds=1)


def test_the_night_is_that_of_the_recipient():
    tokyo = ana(timezone="Asia/Tokyo")

    assert earliest(tokyo, "attention", moment("2026-03-02 02:00"), PARIS) == moment("2026-03-02 02:00")
    assert earliest(tokyo, "attention", moment("2026-03-02 13:00"), PARIS).hour == 23


def test_an_unknown_zone_of_a_member_is_the_communitys():
    assert earliest(ana(timezone="Moon/Base"), "attention", moment("2026-03-03 02:00"), PARIS) >= MORNING


def test_one_message_of_attention_in_twenty_hours():
    person = spent("attention", "2026-03-02 09:00")

    assert earliest(person, "attention", moment("2026-03-02 12:00"), PARIS) >= moment("2026-03-03 07:00")
    assert earliest(person, "attention", moment("2026-03-03 09:00"), PARIS) == moment("2026-03-03 09:00")


def test_three_messages_of_attention_in_seven_days():
    person = spent("attention", "2026-03-02 09:00", "2026-03-03 09:00", "2026-03-04 09:00")

    assert earliest(person, "attention", moment("2026-03-06 09:00"), PARIS) == moment("2026-03-09 09:00")


def test_a_purse_that_is_free_again_in_the_night_waits_for_the_morning():
    person = spent("attention", "2026-03-02 08:00")  # free at 05:00 in Paris

    free = earliest(person, "attention", moment("2026-03-02 12:00"), PARIS)

    assert MORNING <= free < MORNING + timedelta(hours=1)


def test_asks_to_one_helper_are_two_hours_apart_and_three_in_twenty_hours():
    person = spent("duty", "2026-03-02 08:00")
    assert earliest(person, "duty", moment("2026-03-02 08:30"), PARIS) == moment("2026-03-02 10:00")

    person = spent("duty", "2026-03-02 12:00", "2026-03-02 14:00", "2026-03-02 16:00")
    assert earliest(person, "duty", moment("2026-03-02 18:30"), PARIS) == moment("2026-03-03 08:00")


def test_the_two_purses_do_not_know_of_each_other():
    person = spent("duty", "2026-03-02 08:00", "2026-03-02 10:00")

    assert earliest(person, "attention", moment("2026-03-02 10:30"), PARIS) == moment("2026-03-02 10:30")


def test_a_reply_and_a_post_in_a_channel_go_at_any_hour():
    person = spent("attention", "2026-03-02 23:00")

    assert earliest(person, "reply", moment("2026-03-02 23:30"), PARIS) == moment("2026-03-02 23:30")
    assert earliest(None, "none", moment("2026-03-02 23:30"), PARIS) == moment("2026-03-02 23:30")


def test_hours_that_a_person_declared_narrow_the_day():
    evenings = ana(hours=(((1080, 1380),),) * 5 + ((), ()))

    due = earliest(evenings, "duty", moment("2026-03-02 09:00"), PARIS)
    assert moment("2026-03-02 17:00") <= due < moment("2026-03-02 18:00")

    after_the_week = earliest(evenings, "duty", moment("2026-03-06 20:30"), PARIS)
    assert moment("2026-03-09 17:00") <= after_the_week < moment("2026-03-09 18:00")


def test_somebody_who_is_only_there_at_night_is_asked_at_night():
    owl = ana(hours=(((1380, 1440),),) * 7)

    assert moment("2026-03-02 22:00") <= earliest(owl, "duty", moment("2026-03-02 09:00"), PARIS)
    assert earliest(owl, "duty", moment("2026-03-02 22:30"), PARIS) == moment("2026-03-02 22:30")


def test_somebody_nobody_knows_yet_has_the_communitys_night():
    assert earliest(None, "attention", moment("2026-03-03 02:00"), PARIS) >= MORNING


def test_what_was_spent_longer_ago_than_a_week_is_forgotten():
    person = spent("attention", "2026-03-02 09:00", "2026-03-20 09:00")

    assert person.attention == (moment("2026-03-20 09:00"),)


def test_the_figures_come_from_the_playbook():
    calm = load({"purses": {"attention_window_hours": 48, "quiet_until": "07:00", "spread_minutes": 0}})

    assert earliest(ana(), "attention", moment("2026-03-02 05:00"), calm) == moment("2026-03-02 07:00")
    assert earliest(spent("attention", "2026-03-02 09:00"), "attention", moment("2026-03-03 09:00"), calm) == moment(
        "2026-03-04 09:00"
    )


@given(
    st.datetimes(moment("2026-01-01").replace(tzinfo=None), moment("2026-12-31").replace(tzinfo=None)),
    st.lists(st.integers(0, 240), max_size=6),
    st.sampled_from(["attention", "duty"]),
)
def test_what_may_go_may_still_go_when_it_is_asked_again(wanted, hours_ago, purse):
    start = wanted.replace(tzinfo=MORNING.tzinfo)
    person = ana()
    for hours in hours_ago:
        person = spend(person, purse, start - timedelta(hours=hours))

    at = earliest(person, purse, start, PARIS)

    assert at >= start
    assert earliest(person, purse, at, PARIS) == at
