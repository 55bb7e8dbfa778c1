"""Days, weeks and silences, as the rules of recognition count them."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from contracts.activity import local_day
from contracts.office_time import instant
from contracts.playbook import WEEKDAYS, Playbook, Weekday
from contracts.silence import Pulse, standing_still
from contracts.turn import Selection, Turn

DAY = timedelta(days=1)
PULSES = Selection("pulses", Pulse, lambda _pulse: ((),), lambda pulse: (pulse.source,))
"""The pulses that the common rules keep, by the name of their selection."""


@lru_cache(maxsize=4096)
def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local day of a moment: asked many times of the same one."""
    return local_day(moment, zone)


def today(turn: Turn) -> date:
    """The community's local day."""
    return day_of(turn.now, turn.playbook.zone)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A local time of a day, in UTC."""
    return instant(day, clock.hour * 60 + clock.minute, zone)


def next_daily(playbook: Playbook, clock: time, after: datetime) -> datetime:
    """The first local `clock` strictly after an instant."""
    day = local_day(after, playbook.zone)
    due = at(day, clock, playbook.zone)
    while due <= after:
        day += DAY
        due = at(day, clock, playbook.zone)
    return due


def business_weekday(playbook: Playbook, weekday: Weekday, monday: date) -> date:
    """A weekday of the week of a Monday; the business day before it, if it is closed."""
    day = monday + WEEKDAYS.index(weekday) * DAY
    return day if playbook.calendar.is_business_day(day) or _always_open(playbook, day) else _before(playbook, day)


def _always_open(playbook: Playbook, day: date) -> bool:
    """A weekend day that the playbook chose itself is no closed day, unless it is a holiday."""
    return day.weekday() >= 5 and not playbook.calendar.is_holiday(day)


def _before(playbook: Playbook, day: date) -> date:
    try:
        return playbook.calendar.business_day_before(day)
    except ValueError:  # a year of holidays: the day itself
        return day


def next_weekly(playbook: Playbook, weekday: Weekday, clock: time, after: datetime) -> datetime:
    """The first weekly due strictly after an instant, moved to the business day before where its day is closed."""
    day = local_day(after, playbook.zone)
    monday = day - day.weekday() * DAY
    while True:
        due = at(business_weekday(playbook, weekday, monday), clock, playbook.zone)
        if due > after:
            return due
        monday += 7 * DAY


def next_monthly(playbook: Playbook, clock: time, months: int, after: datetime) -> datetime:
    """The first 1st of a month strictly after an instant; every so many months, counted from January."""
    day = local_day(after, playbook.zone).replace(day=1)
    while True:
        due = at(day, clock, playbook.zone)
        if due > after and (day.month - 1) % months == 0:
            return due
        day = (day + 32 * DAY).replace(day=1)


def counted_days(turn: Turn, since: datetime) -> int:
    """Local days after the day of a moment, up to today, on which clocks run: no quiet season, no silent platform."""
    first = local_day(since, turn.playbook.zone)
    waking = turn.playbook.calendar.waking_days_between(first, today(turn))
    still = standing_still(turn.find(PULSES), since, turn.now, turn.playbook.silence)
    return max(0, waking - still // DAY)


def waking_day_after(playbook: Playbook, day: date, days: int) -> date:
    """The day on which so many days outside quiet seasons have passed."""
    try:
        return playbook.calendar.waking_day_after(day, days)
    except ValueError:
        return day + days * DAY


def months_after(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1])).astimezone(UTC)


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February is followed by 28 February."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
