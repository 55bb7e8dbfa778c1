"""The place's own rhythm: how many threads members start, on which weekday, by which hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.envelope import AnyEvent
from contracts.office_time import instant
from contracts.turn import Turn
from digest.rules.speech import climate_of
from digest.rules.times import DAY, today
from digest.state import Day
from digest.state_sets import DAYS

LEAST_WEEKS = 2
"""A rhythm is known from the second day of its kind."""
NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is usual for a day.

    Attributes:
        daily: judged by the day; else by the week.
        usual: threads of such a day, or of a week: an exact median.
        hour: the local hour by which the playbook's share of them exists (1 to 24).
        days: the days it is computed from, in order.
    """

    daily: bool
    usual: Fraction
    hour: int
    days: tuple[Day, ...]


def day_row(turn: Turn, day: date) -> Day:
    """What is known of a day; an empty one at first."""
    return turn.get(Day, day.isoformat()) or Day(day=day.isoformat())


def wrote(turn: Turn, event: AnyEvent, *, started: bool, answered: bool) -> None:
    """Count a post on its day.

    Args:
        turn: the turn.
        event: the post, of no restricted place.
        started: a member started a thread with it.
        answered: it answers a question that was open.
    """
    local = min(event.time, turn.now).astimezone(turn.playbook.zone)
    known = turn.get(Day, local.date().isoformat())
    if known is None:
        oldest = today(turn) - _looks_back(turn)
        if local.date() < oldest:
            return
        turn.put(replace(climate_of(turn), heard_by=event.id, spoken=True))
    day = known or Day(day=local.date().isoformat(), post_by=event.id)
    promotes = event.data.promotional is True
    hours = day.hours
    if started:
        hours = (*hours[: local.hour], hours[local.hour] + 1, *hours[local.hour + 1 :])
    turn.put(
        replace(
            day,
            threads=day.threads + started,
            hours=hours,
            first_by=(day.first_by or event.id) if started else day.first_by,
            last_by=event.id if started else day.last_by,
            posts=day.posts + 1,
            promotional=day.promotional + promotes,
            promoted_first=(day.promoted_first or event.id) if promotes else day.promoted_first,
            promoted_last=event.id if promotes else day.promoted_last,
            answered=day.answered + answered,
            post_by=day.post_by or event.id,
        )
    )


def answered(turn: Turn) -> None:
    """One more question found its answer today."""
    day = day_row(turn, today(turn))
    turn.put(replace(day, answered=day.answered + 1))


def _looks_back(turn: Turn) -> timedelta:
    figures = turn.playbook.digest
    return timedelta(weeks=max(figures.rhythm_weeks, figures.promotion_weeks) + 1)


def recent(turn: Turn, first: date, last: date) -> tuple[Day, ...]:
    """The days of a span that have a row, both ends included."""
    return tuple(day for day in turn.find(DAYS) if first.isoformat() <= day.day <= last.isoformat())


def sweep(turn: Turn, day: date) -> None:
    """Drop the days that no rule looks back to."""
    oldest = (day - _looks_back(turn)).isoformat()
    for row in turn.find(DAYS):
        if row.day >= oldest:
            break
        turn.drop(Day, row.day)


def median(counts: Iterable[int | Fraction]) -> Fraction:
    """The middle one, or the mean of the middle two."""
    ordered = sorted(counts)
    middle = len(ordered) // 2
    return Fraction(ordered[middle]) if len(ordered) % 2 else Fraction(ordered[middle - 1] + ordered[middle]) / 2


def rhythm_of(turn: Turn, day: date) -> Rhythm:
    """What is usual for a day, from the weeks before it.

    A place has a thread a day when most of its weekdays have, by the median of each; then a weekday with a rhythm of
    its own is judged by the day, and one without by nothing: a silent Sunday is the place's rhythm too. Any other place
    is judged by the week: at least one thread, else the median of its weeks. So is one that is too young to tell.
    """
    figures = turn.playbook.digest
    rows = {row.day: row for row in turn.find(DAYS)}
    began = local_day(turn.community.opened_at, turn.playbook.zone)
    weeks = [
        tuple(day - timedelta(weeks=ago) + step * DAY for ago in range(1, figures.rhythm_weeks + 1))
        for step in range(7)
    ]
    medians = [_usual(rows, same, began) for same in weeks]
    least = figures.rhythm_daily_threads
    known = tuple(rows[name] for name in sorted(rows) if began.isoformat() <= name < day.isoformat())
    lively = all(value is not None for value in medians) and median(value or 0 for value in medians) >= least
    if lively and (own := medians[0]) is not None and own >= least:
        same = tuple(row for row in known if date.fromisoformat(row.day).weekday() == day.weekday())
        return Rhythm(daily=True, usual=own, hour=_hour(same, figures.rhythm_share), days=same)
    if lively:
        return Rhythm(daily=True, usual=Fraction(0), hour=24, days=known)
    usual = max(Fraction(1), _weekly(rows, day, began, figures.rhythm_weeks))
    return Rhythm(daily=False, usual=usual, hour=_hour(known, figures.rhythm_share), days=known)


def _usual(rows: dict[str, Day], same: tuple[date, ...], began: date) -> Fraction | None:
    """The median of days of one weekday; None while too few are known."""
    counts = [rows[name].threads if (name := one.isoformat()) in rows else 0 for one in same if one >= began]
    return median(counts) if len(counts) >= LEAST_WEEKS else None


def _weekly(rows: dict[str, Day], day: date, began: date, weeks: int) -> Fraction:
    sums = []
    for ago in range(1, weeks + 1):
        first = day - timedelta(weeks=ago)
        if first < began:
            break
        names = [(first + step * DAY).isoformat() for step in range(7)]
        sums.append(sum(rows[name].threads for name in names if name in rows))
    return median(sums) if len(sums) >= LEAST_WEEKS else Fraction(0)


def _hour(days: tuple[Day, ...], share: float) -> int:
    """The hour by whose end that share of the threads exist, noon where there are none."""
    hours = [sum(day.hours[hour] for day in days) for hour in range(24)]
    needed = Fraction(str(share)) * sum(hours)
    if not needed:
        return NOON
    reached = 0
    for hour, count in enumerate(hours):
        reached += count
        if reached >= needed:
            return hour + 1
    return 24


def evidence(days: Iterable[Day]) -> tuple[str | None, str | None, int]:
    """The first and last start of a thread in these days, and how many there are."""
    started = [day for day in days if day.threads]
    if not started:
        return None, None, 0
    return started[0].first_by, started[-1].last_by, sum(day.threads for day in started)


def threads_between(turn: Turn, first: date, last: date) -> int:
    """Threads that members started in a span of days, both ends included."""
    return sum(day.threads for day in recent(turn, first, last))


def moment_of(turn: Turn, day: date, hour: int) -> datetime:
    """The end of an hour of a local day, in UTC."""
    return instant(day, hour * 60, turn.playbook.zone)
