"""When the weekly synthesis is drafted and when it goes out: holidays, office hours and changes of clocks included."""

from datetime import date, datetime, timedelta

from contracts.activity import local_day
from contracts.office_time import NeverOpen, office_time_between
from contracts.playbook import Playbook
from contracts.turn import Turn
from digest.rules.times import at, weekday_number

MOST_DAYS_BEFORE = 14


def next_draft(playbook: Playbook, after: datetime) -> datetime | None:
    """When the next synthesis is drafted, strictly after an instant."""
    day = local_day(after, playbook.zone)
    day -= timedelta(days=day.weekday())
    for week in range(60):
        drafted = draft_for(playbook, day + timedelta(weeks=week))
        if drafted > after:
            return drafted
    return None


def publication(playbook: Playbook, monday: date) -> datetime:
    """When the synthesis of a week goes out: on its day, or on the business day before a holiday."""
    figures = playbook.digest
    day = monday + timedelta(days=weekday_number(figures.synthesis_weekday))
    if playbook.calendar.is_holiday(day):
        day = playbook.calendar.business_day_before(day)
    return at(playbook, day, figures.synthesis_time)


def draft_for(playbook: Playbook, monday: date) -> datetime:
    """When the synthesis of a week is drafted: on the business day before, or earlier, where office hours are few."""
    figures = playbook.digest
    out = publication(playbook, monday)
    day = local_day(out, playbook.zone)
    drafted = out
    for _ in range(MOST_DAYS_BEFORE):
        day = playbook.calendar.business_day_before(day)
        drafted = at(playbook, day, figures.draft_time)
        if office_time_between(playbook.office, drafted, out) >= timedelta(hours=figures.draft_least_office_hours):
            break
    return drafted


def publishes_at(turn: Turn) -> datetime:
    """The publication that follows now."""
    day = local_day(turn.now, turn.playbook.zone)
    monday = day - timedelta(days=day.weekday())
    for week in range(4):
        out = publication(turn.playbook, monday + timedelta(weeks=week))
        if out > turn.now:
            return out
    raise NeverOpen(turn.now)
