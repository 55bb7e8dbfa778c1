from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.office_time import (
    NeverOpen,
    OfficeHours,
    add_office_minutes,
    common_minutes,
    instant,
    is_open,
    joined_week,
    next_opening,
    office_minutes_between,
    office_time_between,
)
from contracts.playbook import load
from contracts.zones import zone_named
from facts_said import moment

PARIS = zone_named("Europe/Paris")
EASTER_MONDAY = date(2026, 4, 6)
CLOSED = ()


def hours_of(preset: str, zone: str = "Europe/Paris", holidays: tuple[date, ...] = ()) -> OfficeHours:
    return load({"timezone": zone, "hours": preset, "seasons": {"holidays": list(holidays)}}).office


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_an_hour_of_office_time_runs_over_the_lunch_break():
    assert add_office_minutes(hours_of("pro"), paris("2026-03-02 12:00"), 60) == paris("2026-03-02 14:00")


def test_what_ends_with_an_opening_ends_there_and_not_at_the_next():
    assert add_office_minutes(hours_of("pro"), paris("2026-03-02 12:00"), 30) == paris("2026-03-02 12:30")


def test_friday_evening_to_monday_morning_counts_nothing():
    hours = hours_of("pro")

    assert office_minutes_between(hours, paris("2026-03-06 18:00"), paris("2026-03-09 09:00")) == 0
    assert add_office_minutes(hours, paris("2026-03-06 17:30"), 60) == paris("2026-03-09 09:30")


def test_a_holiday_on_a_monday_is_left_out():
    hours = hours_of("pro", holidays=(EASTER_MONDAY,))

    assert add_office_minutes(hours, paris("2026-04-03 17:30"), 60) == paris("2026-04-07 09:30")
    assert next_opening(hours, paris("2026-04-04 10:00")) == paris("2026-04-07 09:00")
    assert not is_open(hours, paris("2026-04-06 10:00"))


def test_always_is_always_even_on_a_holiday():
    hours = hours_of("always", holidays=(EASTER_MONDAY,))

    assert is_open(hours, paris("2026-04-06 03:00"))


def test_the_night_of_spring_has_twenty_three_hours():
    hours = hours_of("always")

    assert office_time_between(hours, paris("2026-03-29 00:00"), paris("2026-03-30 00:00")) == timedelta(hours=23)
    assert add_office_minutes(hours, paris("2026-03-29 00:00"), 180) == paris("2026-03-29 04:00")


def test_the_night_of_autumn_has_twenty_five_hours():
    hours = hours_of("always")

    assert office_time_between(hours, paris("2026-10-25 00:00"), paris("2026-10-26 00:00")) == timedelta(hours=25)
    assert add_office_minutes(hours, paris("2026-10-25 00:00"), 240) == paris("2026-10-25 03:00")


def test_a_wall_time_that_spring_skips_is_the_moment_of_the_change():
    assert instant(date(2026, 3, 29), 150, PARIS) == moment("2026-03-29 01:00")
    night = load({"timezone": "Europe/Paris", "hours": {"sunday": ["00:30-02:30", "02:30-04:00"]}}).office

    assert office_minutes_between(night, paris("2026-03-29 00:00"), paris("2026-03-29 12:00")) == 90 + 60


def test_a_wall_time_that_autumn_has_twice_is_its_first_occurrence():
    night = load({"timezone": "Europe/Paris", "hours": {"sunday": ["00:30-02:30", "02:30-04:00"]}}).office

    assert instant(date(2026, 10, 25), 150, PARIS) == moment("2026-10-25 00:30")
    assert office_minutes_between(night, paris("2026-10-25 00:00"), paris("2026-10-25 12:00")) == 120 + 150


def test_volunteers_are_there_in_the_evening_and_on_saturday():
    hours = hours_of("asso")

    assert next_opening(hours, paris("2026-03-04 09:00")) == paris("2026-03-04 18:00")
    assert next_opening(hours, paris("2026-03-06 23:00")) == paris("2026-03-07 10:00")
    assert next_opening(hours, paris("2026-03-07 18:00")) == paris("2026-03-08 18:00")


def test_nothing_added_is_the_start_open_or_not():
    assert add_office_minutes(hours_of("pro"), paris("2026-03-07 10:00"), 0) == paris("2026-03-07 10:00")


def test_the_same_moment_whatever_zone_it_is_written_in():
    hours = hours_of("pro")
    start = paris("2026-03-02 08:00")

    assert add_office_minutes(hours, start.astimezone(zone_named("Asia/Tokyo")), 60) == paris("2026-03-02 10:00")


def test_hours_that_never_open_are_an_error_and_no_endless_loop():
    never = OfficeHours(week=(CLOSED,) * 7, zone=PARIS)

    with pytest.raises(NeverOpen):
        next_opening(never, moment("2026-03-02 10:00"))
    with pytest.raises(NeverOpen):
        add_office_minutes(never, moment("2026-03-02 10:00"), 1)


def test_hours_closed_for_more_than_a_year_are_an_error():
    year = frozenset(date(2026, 3, 2) + timedelta(days=step) for step in range(400))
    closed = OfficeHours(week=hours_of("pro").week, zone=PARIS, closed=year)

    with pytest.raises(NeverOpen):
        add_office_minutes(closed, paris("2026-03-02 10:00"), 1)


def test_two_people_share_the_hours_that_overlap_by_the_clock_of_each():
    evening = ((1080, 1320),)
    ana = OfficeHours(week=(evening,) * 5 + (CLOSED,) * 2, zone=PARIS)
    ben = OfficeHours(week=(evening,) * 7, zone=zone_named("Europe/London"))

    assert common_minutes(ana, ben, date(2026, 3, 4)) == 5 * 180


def test_intervals_that_touch_or_overlap_are_one():
    week = (((600, 660), (540, 600), (650, 700)),) + (CLOSED,) * 6

    assert joined_week(week)[0] == ((540, 700),)


minutes = st.integers(0, 1439)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[tuple[int, int], ...], ...]:
    days = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
        days.append(tuple(zip(edges[::2], edges[1::2], strict=False)))
    if not any(days):
        days[draw(st.integers(0, 6))] = ((540, 600),)
    return tuple(days)


@given(
    week=weeks(),
    zone=st.sampled_from(["Europe/Paris", "UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - the strategy wants naive ends
    added=st.integers(0, 3000),
)
def test_minutes_added_are_the_minutes_between(week, zone, start, added):
    place = zone_named(zone)
    hours = OfficeHours(week=week, zone=place, closed=frozenset({EASTER_MONDAY}))
    begin = start.replace(tzinfo=zone_named("UTC"))

    end = add_office_minutes(hours, begin, added)

    assert office_minutes_between(hours, begin, end) == added
    assert end >= begin
