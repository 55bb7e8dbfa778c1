"""The indicators of a span of days, computed. `definitions` says what each measures."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from contracts.decisions import Indicator
from contracts.turn import Turn
from digest.measures import of_people, of_talk
from digest.measures.definitions import DEFINITIONS, Measured
from digest.measures.of_talk import MEDIAN_DAYS, usual_threads, waits
from digest.measures.periods import DAY, Days, midnight
from digest.measures.state import QUESTIONS

__all__ = ["DEFINITIONS", "computed", "found", "usual_threads", "waits"]

_COMPUTE: tuple[Callable[[Measured], Iterator[Indicator]], ...] = (
    *(of_talk.in_time, of_talk.left_alone, of_talk.medians, of_talk.answers, of_talk.organisation, of_talk.freshness),
    *(of_people.counts, of_people.actives, of_people.newcomers, of_people.strata, of_people.needs),
)


def computed(turn: Turn, first: date, last: date, *, contributions: bool) -> tuple[Indicator, ...]:
    """Every indicator of a span of local days, in order of keys.

    `contributions`: also those that weigh every recent contributor; once a week is enough for them.
    """
    measured = _measured(turn, first, last)
    every = [indicator for compute in _COMPUTE for indicator in compute(measured)]
    if contributions:
        every += of_people.contributions(measured)
    return tuple(sorted(every, key=lambda indicator: indicator.key))


def found(indicators: Iterable[Indicator], name: str) -> Indicator | None:
    """The indicator that a playbook means by a name: of that key, else the first whose key begins with it."""
    ordered = sorted(indicators, key=lambda indicator: (indicator.key != name, indicator.key))
    return next((each for each in ordered if each.key == name or each.key.startswith(f"{name}_")), None)


def _measured(turn: Turn, first: date, last: date) -> Measured:
    horizon = turn.playbook.digest.rhythm_weeks * 7
    days = Days(turn, min(first - horizon * DAY, last - 70 * DAY), last)
    oldest = min(first, last - MEDIAN_DAYS * DAY) - 31 * DAY
    months = dict.fromkeys(f"{oldest + step * DAY:%Y-%m}" for step in range((last - oldest).days + 1))
    questions = [talk for month in months for talk in turn.find(QUESTIONS, month) if not talk.gone]
    questions.sort(key=lambda talk: (talk.at or turn.now, talk.thread))
    since, until = midnight(turn.playbook, first), midnight(turn.playbook, last + DAY)
    return Measured(turn, first, last, days, tuple(questions), since, until)
