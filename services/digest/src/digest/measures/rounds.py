"""When the measures are taken: at each local midnight for the day before, on Mondays for the week, and asks at ten."""

from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from contracts.decisions import IndicatorsComputed
from contracts.envelope import Because
from contracts.office_time import instant
from contracts.playbook import Playbook
from contracts.turn import Turn
from digest.measures import goals, indicators, members, periods, stage, threads
from digest.measures.feedback import ask
from digest.measures.periods import DAY, FACTS, Days, midnight
from digest.measures.state import REMARKS_DUE, WORDS_DUE, Period, Remark

ASK_TIME = time(10, 0)
RULE = "indicators"
SETTLED_DAYS = 40


def next_midnight(playbook: Playbook, after: datetime) -> datetime:
    """The first local midnight strictly after a moment."""
    day = after.astimezone(playbook.zone).date()
    due = midnight(playbook, day)
    while due <= after:
        day += DAY
        due = midnight(playbook, day)
    return due


def next_asks(playbook: Playbook, after: datetime) -> datetime:
    """The first ten o'clock strictly after a moment."""
    day = after.astimezone(playbook.zone).date()
    minute = ASK_TIME.hour * 60 + ASK_TIME.minute
    due = instant(day, minute, playbook.zone)
    while due <= after:
        day += DAY
        due = instant(day, minute, playbook.zone)
    return due


def taken(turn: Turn, due: datetime) -> None:
    """A local day is over: its figures, those of the week or month that ends with it, and what can be let go."""
    today = periods.day_of(turn, due + timedelta(seconds=1))
    day = today - DAY
    whole_week = today.weekday() == 0
    _daily(turn, day)
    if whole_week:
        _say(turn, "week", day - 6 * DAY, day)
        stage.judged(turn, day)
    if today.day == 1:
        goals.monthly(turn, (today - DAY).replace(day=1))
    _tidied(turn, day, whole_week=whole_week)


def asked(turn: Turn, due: datetime) -> None:
    """Ten o'clock: those whose day it is are asked whether they found what they need."""
    ask(turn, due)


def _daily(turn: Turn, day: date) -> None:
    """A day on which nothing was heard has no figures of its own; the week keeps it."""
    period = turn.get(Period, day.isoformat())
    if period is not None and FACTS in period.marks:
        _say(turn, "day", day, day)


def _say(turn: Turn, period: str, first: date, last: date) -> None:
    found = indicators.computed(turn, first, last, contributions=period == "week")
    facts = Days(turn, first, last)
    turn.decide(
        IndicatorsComputed(
            community=turn.slug,
            because=(
                Because(
                    rule=RULE,
                    threshold=f"{len(found)} definitions",
                    actual=facts.number(FACTS),
                    evidence=facts.events(FACTS) or (),
                ),
            ),
            playbook=turn.version,
            period="week" if period == "week" else "day",
            since=midnight(turn.playbook, first),
            until=midnight(turn.playbook, last + DAY),
            indicators=found,
        ),
        rule=RULE,
        key=f"{period}/{first.isoformat()}",
    )


def _tidied(turn: Turn, day: date, *, whole_week: bool) -> None:
    threads.swept(turn, day)
    if whole_week:
        periods.forgotten(turn, day)
        members.swept(turn, day)
    # What was owed so long ago has been counted for its day, its week and its month.
    settled = (day - SETTLED_DAYS * DAY).isoformat()
    for talk in turn.find(WORDS_DUE, settled):
        turn.put(replace(talk, word_due=None))
    for remark in turn.find(REMARKS_DUE, settled):
        if remark.outcome is None:
            turn.put(replace(remark, due=None))
        else:
            turn.drop(Remark, remark.feedback)
