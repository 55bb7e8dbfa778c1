"""Office time: minutes of a community's week, in its zone, holidays left out, exact across clock changes.

Intervals are wall-clock intervals of local days; what is counted inside them is time that really passed. A wall time
that a clock change skips is the moment of the change; one that happens twice is its first occurrence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Interval = tuple[int, int]
"""Minutes of the local day, end excluded; 1440 is the end of the day."""
Week = tuple[tuple[Interval, ...], ...]
"""Seven days from Monday."""
Span = tuple[datetime, datetime]

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LONGEST_CLOSED_DAYS = 366


class NeverOpen(ValueError):  # noqa: N818 - says what is the case
    """The hours given have no opening within a year of a moment, so nothing can fall due in them."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"no office hours within a year of {at.isoformat()}: give the week at least one interval")
        self.at = at


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """A week of openings in a zone, and the dates on which it does not hold."""

    week: Week
    zone: ZoneInfo
    closed: frozenset[date] = frozenset()


def joined_week(week: Week) -> Week:
    """The week with intervals of a day in order, those that overlap or touch joined into one."""
    return tuple(tuple(_joined(sorted(day))) for day in week)


def _joined(intervals: list[Interval]) -> Iterator[Interval]:
    if not intervals:
        return
    start, end = intervals[0]
    for opens, closes in intervals[1:]:
        if opens > end:
            yield start, end
            start, end = opens, closes
        end = max(end, closes)
    yield start, end


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, of a minute of a local day."""
    naive = datetime.combine(day, time()) + minute * MINUTE
    first = naive.replace(tzinfo=zone).astimezone(UTC)
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return first if first <= second else _clock_change(second, first, zone)


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset changes between two moments."""
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


@lru_cache(maxsize=8192)
def openings(hours: OfficeHours, day: date) -> tuple[Span, ...]:
    """The openings of a local day, in UTC, in order; none on a closed date."""
    if day in hours.closed:
        return ()
    spans = (
        (instant(day, start, hours.zone), instant(day, end, hours.zone)) for start, end in hours.week[day.weekday()]
    )
    return tuple((start, end) for start, end in spans if start < end)


def _openings_from(hours: OfficeHours, start: datetime) -> Iterator[Span]:
    """What is left of each opening from `start` on, without end. Raises NeverOpen."""
    day = start.astimezone(hours.zone).date()
    closed_days = 0
    while closed_days <= LONGEST_CLOSED_DAYS:
        closed_days += 1
        for opens, closes in openings(hours, day):
            if closes > start:
                closed_days = 0
                yield max(opens, start), closes
        day += DAY
    raise NeverOpen(start)


def is_open(hours: OfficeHours, at: datetime) -> bool:
    """Whether a moment lies in office hours; the end of an opening does not."""
    return any(start <= at < end for start, end in openings(hours, at.astimezone(hours.zone).date()))


def next_opening(hours: OfficeHours, at: datetime) -> datetime:
    """The moment itself if it is open, else when it opens next. Raises NeverOpen."""
    return next(_openings_from(hours, at))[0]


def add_office_minutes(hours: OfficeHours, start: datetime, minutes: float) -> datetime:
    """The first moment by which so much office time has passed since `start`; in UTC. Raises NeverOpen.

    Nothing added is `start`, open or not; what ends with an opening ends there, not at the next.
    """
    left = timedelta(minutes=minutes)
    if left <= timedelta():
        return start
    for opens, closes in _openings_from(hours, start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise NeverOpen(start)


def office_time_between(hours: OfficeHours, start: datetime, end: datetime) -> timedelta:
    """The office time that passed between two moments; none if `end` is not after `start`."""
    total = timedelta()
    day, last = start.astimezone(hours.zone).date(), end.astimezone(hours.zone).date()
    while day <= last:
        for opens, closes in openings(hours, day):
            total += max(timedelta(), min(closes, end) - max(opens, start))
        day += DAY
    return total


def office_minutes_between(hours: OfficeHours, start: datetime, end: datetime) -> int:
    """Whole office minutes that passed between two moments."""
    return office_time_between(hours, start, end) // MINUTE


def common_minutes(first: OfficeHours, second: OfficeHours, week_of: date) -> int:
    """Minutes of the week of a day in which two people are both there, each by the clock of their own zone."""
    monday = week_of - timedelta(days=week_of.weekday())
    theirs = [span for step in range(-1, 8) for span in openings(second, monday + step * DAY)]
    total = timedelta()
    for opens, closes in (span for step in range(7) for span in openings(first, monday + step * DAY)):
        for start, end in theirs:
            total += max(timedelta(), min(closes, end) - max(opens, start))
    return total // MINUTE
