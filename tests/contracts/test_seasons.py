from datetime import date

import pytest

from contracts.playbook import load
from contracts.seasons import Calendar

ASCENSION = date(2026, 5, 14)
TUESDAY_HOLIDAY = date(2026, 7, 14)


def calendar(*holidays: date) -> Calendar:
    return load({"seasons": {"holidays": list(holidays)}}).calendar


@pytest.mark.parametrize("day", ["2026-07-15", "2026-08-25", "2026-12-20", "2026-12-31", "2027-01-04"])
def test_first_and_last_days_of_quiet_seasons_are_quiet(day):
    assert calendar().is_quiet(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-07-14", "2026-08-26", "2026-12-19", "2027-01-05"])
def test_the_days_around_are_not(day):
    assert not calendar().is_quiet(date.fromisoformat(day))


def test_the_friday_after_ascension_is_a_bridge():
    assert calendar(ASCENSION).is_quiet(date(2026, 5, 15))
    assert not calendar(ASCENSION).is_quiet(ASCENSION)
    assert not calendar().is_quiet(date(2026, 5, 15))


def test_the_monday_before_a_tuesday_holiday_is_a_bridge():
    assert calendar(TUESDAY_HOLIDAY).is_quiet(date(2026, 7, 13))


def test_bridges_can_be_left_out():
    days = load({"seasons": {"holidays": [ASCENSION], "bridge_days": False}}).calendar

    assert not days.is_quiet(date(2026, 5, 15))


def test_a_clock_of_days_stands_still_in_summer():
    days = calendar()

    assert days.quiet_days_between(date(2026, 7, 1), date(2026, 9, 1)) == 42
    assert days.waking_days_between(date(2026, 7, 1), date(2026, 9, 1)) == 20
    assert days.waking_day_after(date(2026, 7, 10), 5) == date(2026, 8, 26)


def test_business_days_leave_out_weekends_and_holidays():
    days = calendar(ASCENSION)

    assert days.business_day_after(date(2026, 5, 13)) == date(2026, 5, 15)
    assert days.business_day_before(date(2026, 5, 18)) == date(2026, 5, 15)
    assert days.business_days_between(date(2026, 5, 11), date(2026, 5, 18)) == 4
    assert days.business_day_after(date(2026, 5, 11), 10) == date(2026, 5, 26)
