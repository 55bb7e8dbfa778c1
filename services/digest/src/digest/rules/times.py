"""Days and moments, as the rules of digest count them."""

from datetime import date, datetime, time, timedelta

from contracts.activity import local_day
from contracts.office_time import instant
from contracts.playbook import WEEKDAYS, Playbook, Weekday
from contracts.turn import Turn

DAY = timedelta(days=1)
SWEEP = time(4, 0)
"""When rows are swept and the day is prepared: before anybody is up, after anybody has gone to bed."""


def today(turn: Turn) -> date:
    """The community's local day."""
    return local_day(turn.now, turn.playbook.zone)


def minute_of(clock: time) -> int:
    """A time of day in minutes."""
    return clock.hour * 60 + clock.minute


def at(playbook: Playbook, day: date, clock: time) -> datetime:
    """A local time of a day, in UTC."""
    return instant(day, minute_of(clock), playbook.zone)


def next_daily(playbook: Playbook, clock: time, after: datetime) -> datetime:
    """The first local `clock` strictly after an instant."""
    day = local_day(after, playbook.zone)
    while (due := at(playbook, day, clock)) <= after:
        day += DAY
    return due


def next_business(playbook: Playbook, clock: time, after: datetime) -> datetime:
    """The first local `clock` of a business day strictly after an instant. Raises ValueError when a year has none."""
    day = local_day(after, playbook.zone)
    if playbook.calendar.is_business_day(day) and (due := at(playbook, day, clock)) > after:
        return due
    return at(playbook, playbook.calendar.business_day_after(day), clock)


def next_sweep(playbook: Playbook, after: datetime) -> datetime:
    """The first sweep strictly after an instant."""
    return next_daily(playbook, SWEEP, after)


def weekday_number(weekday: Weekday) -> int:
    """0 is Monday."""
    return WEEKDAYS.index(weekday)


def in_quiet_hours(playbook: Playbook, moment: datetime) -> bool:
    """Whether a moment lies in the hours of the community's night, in which nothing is said to anybody."""
    local = moment.astimezone(playbook.zone)
    minute, start, end = (
        local.hour * 60 + local.minute,
        minute_of(playbook.purses.quiet_from),
        minute_of(playbook.purses.quiet_until),
    )
    return start <= minute < end if start <= end else minute >= start or minute < end


def waking(playbook: Playbook, moment: datetime) -> datetime:
    """The moment itself, or the end of the community's night in which it lies."""
    return next_daily(playbook, playbook.purses.quiet_until, moment) if in_quiet_hours(playbook, moment) else moment


def days_since(turn: Turn, moment: datetime) -> int:
    """Local days from that of a moment to today: a change of clocks makes none longer or shorter."""
    return (today(turn) - local_day(moment, turn.playbook.zone)).days


def month_of(day: date) -> str:
    """As `2026-03`."""
    return f"{day.year:04}-{day.month:02}"


def month_before(day: date) -> str:
    """The month before that of a day."""
    return month_of(day.replace(day=1) - DAY)
