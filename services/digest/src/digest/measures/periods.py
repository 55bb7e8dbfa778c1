"""Counting by local day, and by week where a day does not tell: what each indicator adds up."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from contracts import activity
from contracts.activity import local_day, week_start
from contracts.envelope import EvidenceRange
from contracts.identity import EPOCH
from contracts.office_time import instant
from contracts.playbook import Playbook
from contracts.turn import Turn
from digest.measures.state import PERIODS, Mark, Period

DAY = timedelta(days=1)
DAYS_HELD = 112
"""Days are held for sixteen weeks: a month, eight weeks of rhythm, and what the page draws."""
WEEKS_HELD = 120
"""Weeks for more than two years: those of a year ago are what a quiet season is compared with."""
FACTS = "facts"
"""Under this every fact of a day is counted."""


iso_week = lru_cache(maxsize=4096)(activity.iso_week)
"""The ISO week of a day: asked for at every fact, of few days."""


def day_of(turn: Turn, at: datetime) -> date:
    """The community's local day of a moment."""
    return local_day(at, turn.playbook.zone)


def midnight(playbook: Playbook, day: date) -> datetime:
    """The moment at which a local day begins; of a week that began before 1970, 1970: nothing is known from before."""
    return max(EPOCH, instant(day, 0, playbook.zone))


def count(turn: Turn, day: date, by: str, names: Iterable[str]) -> None:
    """Add one to each of the names in a day. `by`: the event that it is counted from."""
    _add(turn, day.isoformat(), iso_week(day), by, names)


def count_week(turn: Turn, day: date, by: str, names: Iterable[str]) -> None:
    """The same in the week of a day."""
    week = iso_week(day)
    _add(turn, week, week[:4], by, names)


def uncount(turn: Turn, day: date, name: str) -> None:
    """Take one back, if the day is still held."""
    period = turn.get(Period, day.isoformat())
    if period is not None and name in period.marks:
        number, first, last = period.marks[name]
        turn.put(
            Period(period=period.period, parent=period.parent, marks={**period.marks, name: (number - 1, first, last)})
        )


def _add(turn: Turn, name: str, parent: str, by: str, names: Iterable[str]) -> None:
    period = turn.get(Period, name)
    marks = {} if period is None else dict(period.marks)
    for each in names:
        mark = marks.get(each)
        marks[each] = (1, by, by) if mark is None else (mark[0] + 1, mark[1] or by, by)
    turn.put(Period(period=name, parent=parent, marks=marks))


class Days:
    """The days of a span, read once: what was counted in it, and from which events."""

    def __init__(self, turn: Turn, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._days: list[Period] = []
        week = week_start(first)
        while week <= last:
            self._days += turn.find(PERIODS, iso_week(week))
            week += 7 * DAY
        self._names = [period.period for period in self._days]

    def number(self, name: str, first: date | None = None, last: date | None = None) -> int:
        """How many there were, in the span or a part of it."""
        return total(self._marks(name, first, last))

    def events(self, name: str, first: date | None = None, last: date | None = None) -> EvidenceRange | None:
        """The events that it was counted from; None of nothing, or where they may not be named any more."""
        return spanned(self._marks(name, first, last))

    def names(self, prefix: str) -> tuple[str, ...]:
        """Every name counted in the span that begins so, sorted."""
        found = {name for period in self._days for name in period.marks if name.startswith(prefix)}
        return tuple(sorted(found))

    def on(self, day: date, name: str) -> int:
        """How many there were on one day."""
        return self.number(name, day, day)

    def _marks(self, name: str, first: date | None, last: date | None) -> list[Mark]:
        start = bisect_left(self._names, (first or self.first).isoformat())
        end = bisect_right(self._names, (last or self.last).isoformat())
        return [mark for period in self._days[start:end] if (mark := period.marks.get(name)) is not None]


def week_marks(turn: Turn, weeks: Iterable[str]) -> Mapping[str, Mapping[str, Mark]]:
    """What was counted in ISO weeks, by week."""
    wanted = list(weeks)
    years = dict.fromkeys(week[:4] for week in wanted)
    held = {period.period: period.marks for year in years for period in turn.find(PERIODS, year)}
    return {week: held.get(week, {}) for week in wanted}


def total(marks: Iterable[Mark]) -> int:
    """The sum of figures."""
    return sum(mark[0] for mark in marks)


def spanned(marks: Iterable[Mark]) -> EvidenceRange | None:
    """The first event of the first and the last of the last, and how many."""
    told = [mark for mark in marks if mark[0] > 0]
    if not told or not told[0][1] or not told[-1][2]:
        return None
    return EvidenceRange(first=told[0][1], last=told[-1][2], count=total(told))


def forgotten(turn: Turn, today: date) -> None:
    """Drop the days of the week that is out of reach now, and the week that is."""
    for period in turn.find(PERIODS, iso_week(today - DAYS_HELD * DAY)):
        turn.drop(Period, period.period)
    turn.drop(Period, iso_week(today - WEEKS_HELD * 7 * DAY))
