"""Selections: named sets of rows, found by values that are not the key."""

from collections.abc import Iterable
from datetime import date

from contracts.identity import EPOCH
from contracts.turn import Selection
from support.state.community import Crisis, Outcry, Said, Solved
from support.state.people import Helper, Pairing, Rhythm
from support.state.threads import Thread


def _days(day: date | None) -> tuple[tuple[str, ...], ...]:
    return () if day is None else ((day.isoformat(),),)


def _singles(values: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((value,) for value in values)


THREADS_TO_FORGET = Selection(
    "threads_to_forget", Thread, lambda thread: _days(thread.until), lambda thread: (thread.thread,)
)
THREADS_TO_REVIEW = Selection(
    "threads_to_review", Thread, lambda thread: _days(thread.review), lambda thread: (thread.thread,)
)
THREADS_NAMING = Selection(
    "threads_naming", Thread, lambda thread: _singles(thread.people), lambda thread: (thread.thread,)
)
HELPERS_BY_SKILL = Selection(
    "helpers_by_skill",
    Helper,
    lambda helper: _singles(helper.found),
    lambda helper: (helper.asked_at or EPOCH, helper.member),
    limit=50,
)
HELPERS = Selection("helpers", Helper, lambda _helper: ((),), lambda helper: (helper.member,))
PAIRINGS_NAMING = Selection(
    "pairings_naming", Pairing, lambda pairing: _singles(pairing.relays), lambda pairing: (pairing.newcomer,)
)
RHYTHMS_OF_WEEK = Selection(
    "rhythms_of_week", Rhythm, lambda rhythm: ((rhythm.week,),), lambda rhythm: (rhythm.member,)
)
SOLVED_OLDEST = Selection(
    "solved_oldest", Solved, lambda _solved: ((),), lambda solved: (solved.solved_at, solved.thread), limit=200
)
SOLVED_OF = Selection("solved_of", Solved, lambda solved: ((solved.member,),), lambda solved: (solved.thread,))
OUTCRIES_NAMING = Selection(
    "outcries_naming", Outcry, lambda outcry: _singles(outcry.people), lambda outcry: (outcry.subject,)
)
OUTCRIES_TO_FORGET = Selection(
    "outcries_to_forget", Outcry, lambda outcry: _days(outcry.until), lambda outcry: (outcry.subject,)
)
CRISES = Selection("crises", Crisis, lambda _crisis: ((),), lambda crisis: (crisis.crisis,))
SAID_OF_DAY = Selection("said_of_day", Said, lambda said: ((said.day.isoformat(),),), lambda said: (said.decision,))
SAID_TO = Selection(
    "said_to", Said, lambda said: ((said.who,),) if said.who is not None else (), lambda said: (said.decision,)
)
