"""When: office hours, quiet seasons, purses of attention, lifetimes of messages, silence of a platform."""

import re
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, StringConstraints, model_validator

from contracts.playbook.section import MINUTES_PER_DAY, WEEKDAYS, ClockTime, Days, Section, Weekday, figure, key

_INTERVAL = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)\s*[-\u2013]\s*([01]\d|2[0-4]):([0-5]\d)$")
_OFFICE: tuple[str, ...] = ("09:00-12:30", "13:30-18:00")
_EVENING: tuple[str, ...] = ("18:00-22:30",)
HOURS: dict[str, dict[Weekday, tuple[str, ...]]] = {
    "pro": {day: _OFFICE if day in WEEKDAYS[:5] else () for day in WEEKDAYS},
    "asso": {day: ("10:00-18:00",) if day == "saturday" else _EVENING for day in WEEKDAYS},
    "always": dict.fromkeys(WEEKDAYS, ("00:00-24:00",)),
}
"""The presets of office hours: `hours: pro` is the whole week."""


def interval_minutes(interval: str) -> tuple[int, int]:
    """`"09:00-12:30"` as minutes of the local day, `(540, 750)`; 24:00 is the end of the day."""
    match = _INTERVAL.match(interval)
    if match is None:
        raise ValueError(f"{interval!r} is no interval: write it as 09:00-12:30")
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if not start < end <= MINUTES_PER_DAY:
        raise ValueError(f"{interval!r} ends before it starts: an interval past midnight is two, one on each day")
    return start, end


def _in_order(intervals: tuple[str, ...]) -> tuple[str, ...]:
    spans = sorted(interval_minutes(interval) for interval in intervals)
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise ValueError("two intervals of a day overlap: join them into one")
    return tuple(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans)


def _intervals(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Intervals = Annotated[tuple[str, ...], BeforeValidator(_intervals), AfterValidator(_in_order)]


class Hours(Section):
    """Office hours: per weekday, any number of intervals in local time. `pro`, `asso` and `always` are whole weeks."""

    monday: Intervals = key(("00:00-24:00",), "Intervals of that day, as 09:00-12:30; none: closed.")
    tuesday: Intervals = key(("00:00-24:00",), "As monday.")
    wednesday: Intervals = key(("00:00-24:00",), "As monday.")
    thursday: Intervals = key(("00:00-24:00",), "As monday.")
    friday: Intervals = key(("00:00-24:00",), "As monday.")
    saturday: Intervals = key(("00:00-24:00",), "As monday.")
    sunday: Intervals = key(("00:00-24:00",), "As monday.")
    open_on_holidays: bool = key(False, "Whether the holidays of `seasons` are office days like others.")

    @model_validator(mode="before")
    @classmethod
    def _whole_week(cls, value: Any) -> Any:
        if isinstance(value, str):
            if value not in HOURS:
                raise ValueError(f"{value!r} is no whole week: write {', '.join(HOURS)}, or intervals by weekday")
            return {**HOURS[value], "open_on_holidays": value == "always"}
        if isinstance(value, dict) and any(day in value for day in WEEKDAYS):
            return {**dict.fromkeys(WEEKDAYS, ()), **value}  # a week that is written has only what is written
        return value

    @model_validator(mode="after")
    def _not_always_closed(self) -> Self:
        if not any(self.week):
            raise ValueError("the week has no office hours at all: give one interval to at least one day")
        return self

    @property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Seven days from Monday; each, intervals in minutes of the local day."""
        return tuple(tuple(interval_minutes(interval) for interval in getattr(self, day)) for day in WEEKDAYS)


MonthDay = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")]


def _real_month_day(value: str) -> str:
    try:
        date.fromisoformat(f"2024-{value}")
    except ValueError as error:
        raise ValueError(f"{value!r} is no day of a year: write month-day, as 07-15") from error
    return value


class Season(Section):
    """A quiet season of every year, first and last day included; it may cross the new year."""

    first: Annotated[MonthDay, AfterValidator(_real_month_day)] = key(..., "First day, as 07-15.")
    last: Annotated[MonthDay, AfterValidator(_real_month_day)] = key(..., "Last day, as 08-25.")


_QUIET = (Season(first="07-15", last="08-25"), Season(first="12-20", last="01-04"))


class Seasons(Section):
    """Quiet seasons: lapse and streak clocks stand still, no nudges, the stage is compared with last year's weeks."""

    quiet: tuple[Season, ...] = key(_QUIET, "Weeks in which people are away, every year.")
    bridge_days: bool = key(True, "A working day between a holiday and a weekend is quiet too.")
    holidays: Days = key((), "Public holidays as dates: `ruche playbook apply` expands them by country and region.")

    @model_validator(mode="after")
    def _not_always_quiet(self) -> Self:
        day, quiet = date(2024, 1, 1), 0
        while day.year == 2024:
            text = day.strftime("%m-%d")
            quiet += any(
                season.first <= text <= season.last
                if season.first <= season.last
                else text >= season.first or text <= season.last
                for season in self.quiet
            )
            day += timedelta(days=1)
        if quiet > 300:
            raise ValueError("more than 300 days of the year are quiet: nothing would ever run")
        return self


class Purses(Section):
    """How much one person is written to, by all services together, and at which hours."""

    attention_per_window: int = figure(1, 1, 10, "Messages of onboarding, recognition, digest in a window.")
    attention_window_hours: int = figure(20, 1, 168, "Somewhat under a day, so that a daily rhythm does not drift.")
    attention_per_week: int = figure(3, 1, 30, "In any 7 days: more is a burden.")
    duty_per_window: int = figure(3, 1, 20, "Asks to somebody who said yes to helping, in a window.")
    duty_window_hours: int = figure(20, 1, 168, "Somewhat under a day.")
    duty_spacing_hours: int = figure(2, 0, 24, "Between two asks to the same person.")
    reply_within_minutes: int = figure(15, 1, 120, "An answer to the person's own act so recent is in no purse.")
    quiet_from: ClockTime = key(time(21, 0), "From then, attention and duty wait, in the recipient's zone.")
    quiet_until: ClockTime = key(time(8, 0), "Until then.")
    spread_minutes: int = figure(60, 0, 240, "What waited the night goes out over so long, not all at once.")

    @model_validator(mode="after")
    def _some_of_the_day_is_open(self) -> Self:
        start = self.quiet_from.hour * 60 + self.quiet_from.minute
        end = self.quiet_until.hour * 60 + self.quiet_until.minute
        night = (end - start) % MINUTES_PER_DAY
        if night and MINUTES_PER_DAY - night < self.spread_minutes + 60:
            raise ValueError("quiet hours leave less than an hour of the day beside the spread: nothing could go out")
        if self.duty_spacing_hours * (self.duty_per_window - 1) > self.duty_window_hours * 2:
            raise ValueError("duty_spacing_hours is so long that duty_per_window can never be reached")
        return self


class Lifetimes(Section):
    """How long a message may wait for its hour and purse before it has lost its point and is withheld."""

    welcome_hours: int = figure(48, 1, 720, "A welcome.")
    nudge_hours: int = figure(24, 1, 720, "A nudge.")
    helper_ask_office_minutes: int = figure(30, 5, 1440, "An ask to a helper.")
    relay_ask_hours: int = figure(48, 1, 720, "An ask to a relay.")
    thanks_hours: int = figure(24, 1, 720, "Thanks.")
    prompt_hours: int = figure(3, 1, 48, "A prompt.")
    crisis_hours: int = figure(4, 1, 48, "A message about a crisis.")
    invitation_days: int = figure(14, 1, 90, "An invitation.")


class Silence(Section):
    """When a platform, not its people, has gone silent."""

    gap_factor: int = figure(10, 2, 100, "Times the usual gap.")
    history_days: int = figure(28, 7, 28, "The usual gap is the median over so many local days.")
    least_hours: int = figure(6, 1, 168, "Never silent sooner.")
