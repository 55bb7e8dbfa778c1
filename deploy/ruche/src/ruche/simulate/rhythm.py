"""Day and week of a place: its local hours in UTC milliseconds, when people are about, and the days of a lull."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from contracts.identity import EPOCH, MILLISECOND, milliseconds
from ruche.simulate.chance import Chance

MINUTE = 60_000
HOUR = 60 * MINUTE
_HOURS_A_DAY = 24
_MARGIN_DAYS = 40
"""Days after the end in which late answers are still placed, only to be left out."""

_WORKING_DAY = (5, 2, 1, 1, 1, 2, 6, 16, 24, 28, 30, 28, 38, 36, 26, 24, 24, 30, 44, 52, 64, 66, 44, 18)
_WEEKEND = (9, 5, 2, 1, 1, 1, 3, 8, 18, 34, 44, 42, 30, 28, 38, 42, 40, 38, 36, 36, 44, 46, 34, 18)
"""How busy each local hour is, in whole parts: lunch and evening on working days, late morning on others."""
_WEEK = (1.0, 1.12, 1.18, 1.05, 0.9, 0.82, 0.68)
"""How busy each day is, from Monday."""
_MORNING = 7


class Days:
    """The local days of a simulation: day 0 is the Monday it starts on."""

    def __init__(self, start: datetime, days: int, lull: frozenset[int]) -> None:
        self.count = days
        self._lull = lull
        self._monday = start.date()
        midnight = start.replace(tzinfo=None)
        # The hour that a change of clocks leaves out falls together with the next one; order is kept all the same.
        self._hours = [
            milliseconds((midnight + timedelta(hours=hour)).replace(tzinfo=start.tzinfo).astimezone(UTC))
            for hour in range((days + _MARGIN_DAYS) * _HOURS_A_DAY)
        ]
        self._working = tuple(accumulate(_WORKING_DAY))
        self._weekend = tuple(accumulate(_WEEKEND))
        self.start = self._hours[0]
        self.end = self._hours[days * _HOURS_A_DAY]

    def at(self, day: int, hour: int, minute: float = 0) -> int:
        """A local time of a day; minutes may pass the hour."""
        return self._hours[day * _HOURS_A_DAY + hour] + int(minute * MINUTE)

    def day_of(self, time: int) -> int:
        """The local day of a moment; past the margin, the last one."""
        return (bisect_right(self._hours, time) - 1) // _HOURS_A_DAY

    def is_lull(self, day: int) -> bool:
        """Whether people are nearly silent on that day."""
        return day in self._lull

    def bustle(self, day: int) -> float:
        """How busy a day is beside an average one."""
        return 0.0 if self.is_lull(day) else _WEEK[day % 7]

    def week_of(self, day: int) -> str:
        """The ISO week of a day, as `2025-W10`."""
        year, week, _ = (self._monday + timedelta(days=day)).isocalendar()
        return f"{year}-W{week:02}"

    def moment(self, chance: Chance, day: int) -> int:
        """A moment of a day at which somebody may be about."""
        parts = self._weekend if day % 7 >= 5 else self._working
        hour = bisect_right(parts, chance.below(parts[-1]))
        return self.at(day, hour, chance.between(0, 60))

    def awake(self, chance: Chance, time: int) -> int:
        """The moment itself when people are about then, else one of the next morning that is not in a lull."""
        hours = bisect_right(self._hours, time) - 1
        day, hour = divmod(hours, _HOURS_A_DAY)
        # Every twentieth is a night owl; nobody is about in a lull.
        if not self.is_lull(day) and (hour >= _MORNING or chance.happens(0.05)):
            return time
        if self.is_lull(day):
            day += 1
        while self.is_lull(day):
            day += 1
        # The morning fills up slowly; whoever was to speak first still does, on average.
        return max(time, self.at(day, _MORNING, chance.between(5, 200)))


def stamp(time: int) -> str:
    """A moment as envelopes write it: UTC, to the millisecond."""
    moment = EPOCH + time * MILLISECOND
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
