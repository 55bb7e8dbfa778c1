"""Clocks: what is counted in office minutes, on the wall, and by the daily round."""

from datetime import date, datetime, timedelta

from contracts.activity import local_day
from contracts.identity import EPOCH
from contracts.office_time import DAY, MINUTE, add_office_minutes, instant, office_minutes_between
from contracts.playbook import Playbook
from contracts.turn import Turn
from support.state import Question

NEVER_SOONER = timedelta(microseconds=1)


def target_minutes(playbook: Playbook, priority: str) -> int:
    """Office minutes in which a first answer is wanted."""
    figures = playbook.support
    if priority == "urgent":
        return figures.answer_urgent_minutes
    return figures.answer_low_minutes if priority == "low" else figures.answer_minutes


def rung_due(turn: Turn, question: Question, rung: int) -> datetime:
    """When a rung of the ladder is reached."""
    multiple = turn.playbook.support.ladder_multiples[rung]
    return add_office_minutes(turn.playbook.office, question.clock_from, question.target * multiple)


def warning_due(turn: Turn, question: Question) -> datetime:
    """When the target nears."""
    share = turn.playbook.support.warning_share
    return add_office_minutes(turn.playbook.office, question.clock_from, question.target * share)


def office_minutes(turn: Turn, since: datetime, until: datetime) -> int:
    """Whole office minutes between two moments, none when the second is earlier."""
    return office_minutes_between(turn.playbook.office, since, until)


def wall_minutes(since: datetime, until: datetime) -> int:
    """Whole minutes between two moments, none when the second is earlier."""
    return max(0, (until - since) // MINUTE)


def round_on(playbook: Playbook, day: date) -> datetime:
    """When the daily round of a local day is."""
    at = playbook.support.round_time
    return instant(day, at.hour * 60 + at.minute, playbook.zone)


def next_round(playbook: Playbook, after: datetime) -> datetime:
    """The first daily round strictly after a moment."""
    day = local_day(after, playbook.zone)
    due = round_on(playbook, day)
    while due <= after:
        day += DAY
        due = round_on(playbook, day)
    return due


def round_day(turn: Turn, at: datetime) -> date:
    """The day of the first round that comes at or after a moment and is still to come."""
    moment = max(at - NEVER_SOONER, turn.now)
    return local_day(next_round(turn.playbook, moment), turn.playbook.zone)


def days_after(turn: Turn, at: datetime, days: int) -> date:
    """The day of the first round that comes so many days after a moment."""
    return round_day(turn, at + timedelta(days=days))


def hour_of(at: datetime) -> int:
    """The hour since 1970 of a moment."""
    return (at - EPOCH) // timedelta(hours=1)
