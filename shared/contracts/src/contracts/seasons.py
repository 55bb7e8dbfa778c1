"""Quiet seasons, holidays, business days: which days count for what."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
_SATURDAY = 5
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A playbook's days. All are local days of the community.

    Attributes:
        quiet: seasons of every year, as (month, day) of the first and the last day; one may cross the new year.
        bridge_days: whether a working day between a holiday and a weekend is quiet.
        holidays: public holidays, as dates.
    """

    quiet: tuple[tuple[MonthDay, MonthDay], ...] = ()
    bridge_days: bool = True
    holidays: frozenset[date] = frozenset()
    _known: dict[date, bool] = field(default_factory=dict, compare=False, repr=False)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday."""
        return day in self.holidays

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday, and no holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def is_bridge_day(self, day: date) -> bool:
        """A business day between a holiday and a weekend: the Friday after an Ascension Thursday."""
        if not self.is_business_day(day):
            return False
        before, after = day - DAY, day + DAY
        return (before in self.holidays and after.weekday() == _SATURDAY) or (
            after in self.holidays and before.weekday() == _SATURDAY + 1
        )

    def is_quiet(self, day: date) -> bool:
        """Whether the day lies in a quiet season or is a bridge day."""
        known = self._known.get(day)
        if known is None:
            if len(self._known) > 4096:
                self._known.clear()
            known = self._known[day] = self._in_season(day) or (self.bridge_days and self.is_bridge_day(day))
        return known

    def _in_season(self, day: date) -> bool:
        at = (day.month, day.day)
        return any(first <= at <= last if first <= last else at >= first or at <= last for first, last in self.quiet)

    def quiet_days_between(self, first: date, last: date) -> int:
        """Quiet days after `first`, up to and with `last`: what a clock of days leaves out."""
        return sum(map(self.is_quiet, _days(first + DAY, last)))

    def waking_days_between(self, first: date, last: date) -> int:
        """Days after `first`, up to and with `last`, that are not quiet: what a clock of days counts."""
        return max(0, (last - first).days) - self.quiet_days_between(first, last)

    def waking_day_after(self, day: date, days: int) -> date:
        """The day on which a clock of days that started on `day` has counted so many, quiet days left out.

        Raises ValueError when ten years do not hold so many.
        """
        for later in _days(day + DAY, day + timedelta(days=3660)) if days > 0 else ():
            days -= not self.is_quiet(later)
            if days == 0:
                return later
        if days > 0:
            raise ValueError(f"ten years after {day} do not hold so many days outside quiet seasons")
        return day

    def business_days_between(self, first: date, last: date) -> int:
        """Business days after `first`, up to and with `last`."""
        return sum(map(self.is_business_day, _days(first + DAY, last)))

    def business_day_after(self, day: date, days: int = 1) -> date:
        """The nth business day after a day. Raises ValueError when a year holds none."""
        return self._step(day, DAY, days)

    def business_day_before(self, day: date, days: int = 1) -> date:
        """The nth business day before a day. Raises ValueError when a year holds none."""
        return self._step(day, -DAY, days)

    def _step(self, day: date, step: timedelta, days: int) -> date:
        barren = 0
        while days > 0:
            day += step
            barren = 0 if self.is_business_day(day) else barren + 1
            days -= barren == 0
            if barren > 366:
                raise ValueError(f"no business day within a year of {day}: every day is a holiday")
        return day


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
