"""Purses: how much one person is written to, by all services together, and at which hours.

Attention and duty wait for the recipient's day and while the purse is full. A reply to the person's own act, a post in
a channel and a message to a role are in no purse and go at any hour.
"""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from contracts.choice import stable_hash
from contracts.office_time import DAY, Interval, Week, instant
from contracts.people import Person, spend
from contracts.playbook import Playbook, Purses
from contracts.zones import zone_or

__all__ = ["Purse", "earliest", "spend", "zone_of"]

Purse = Literal["attention", "duty", "reply", "none"]
_WEEK_MINUTES = 24 * 60
_MOST_ROUNDS = 64


def zone_of(person: Person | None, playbook: Playbook) -> ZoneInfo:
    """Where the person's day is local: their own zone if it is one, else the community's."""
    return zone_or(person.timezone if person else None, playbook.timezone)


def earliest(person: Person | None, purse: Purse, wanted: datetime, playbook: Playbook) -> datetime:
    """The first moment from `wanted` on at which a message of that purse may go to that person.

    What is due in the night waits for the morning and is spread over the first hour by a stable hash of person and day;
    the hours a person declared narrow the day (hours that lie in the night alone are the person's day). When the purse
    is full, the first moment at which it is not; hours and purse are asked in turn until both say yes.
    """
    if purse not in ("attention", "duty"):
        return wanted
    figures, zone = playbook.purses, zone_of(person, playbook)
    week = _allowed_week(figures, person.hours if person else None)
    who = person.member if person else ""
    moment = wanted
    for _ in range(_MOST_ROUNDS):
        allowed = _in_hours(_purse_free(person, purse, moment, figures), week, zone, figures.spread_minutes, who)
        if allowed == moment:
            return moment
        moment = allowed
    return moment


def _purse_free(person: Person | None, purse: Purse, moment: datetime, figures: Purses) -> datetime:
    if person is None:
        return moment
    limits = (
        ((figures.attention_per_window, figures.attention_window_hours), (figures.attention_per_week, 7 * 24))
        if purse == "attention"
        else ((figures.duty_per_window, figures.duty_window_hours), (1, figures.duty_spacing_hours))
    )
    spent = person.attention if purse == "attention" else person.duty
    for most, hours in limits:
        if len(spent) >= most:
            moment = max(moment, spent[-most] + timedelta(hours=hours))
    return moment


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _day(figures: Purses) -> tuple[Interval, ...]:
    """The minutes of a local day that are not quiet."""
    start, end = _minutes(figures.quiet_until), _minutes(figures.quiet_from)
    if start < end:
        return ((start, end),)
    if start == end:
        return ((0, _WEEK_MINUTES),)
    return tuple(span for span in ((0, end), (start, _WEEK_MINUTES)) if span[0] < span[1])


@lru_cache(maxsize=4096)
def _narrowed(day: tuple[Interval, ...], hours: Week) -> Week:
    week = tuple(
        tuple(
            (max(start, opens), min(end, closes))
            for opens, closes in declared
            for start, end in day
            if max(start, opens) < min(end, closes)
        )
        for declared in hours
    )
    return week if any(week) else hours


def _allowed_week(figures: Purses, hours: Week | None) -> Week:
    day = _day(figures)
    return (day,) * 7 if hours is None or not any(hours) else _narrowed(day, hours)


def _in_hours(moment: datetime, week: Week, zone: ZoneInfo, spread_minutes: int, who: str) -> datetime:
    """The moment itself when it lies in the week's hours; else the next opening, and a while that the hash gives."""
    local = moment.astimezone(zone)
    day, minute = local.date(), local.hour * 60 + local.minute
    spans = week[day.weekday()]
    at = bisect_right(spans, (minute, _WEEK_MINUTES)) - 1
    if at >= 0 and minute < spans[at][1]:
        return moment
    opens, closes, day = _next_span(week, day, minute)
    room = min(spread_minutes, closes - opens) * 60
    pause = timedelta(seconds=stable_hash(who, day.isoformat()) % room) if room else timedelta()
    return instant(day, opens, zone) + pause


def _next_span(week: Week, day: date, minute: int) -> tuple[int, int, date]:
    """The next interval that starts after a minute of a day. The week has at least one."""
    for start, end in week[day.weekday()]:
        if start > minute:
            return start, end, day
    for _ in range(7):
        day += DAY
        if week[day.weekday()]:
            return *week[day.weekday()][0], day
    raise AssertionError("a week without hours: the caller gives one that has some")
