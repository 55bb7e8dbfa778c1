"""Promises: kept or late, the synthesis says so."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import one_line
from contracts.office_time import DAY, instant
from contracts.turn import Turn
from digest.rules import notes
from digest.state_sets import PROMISES
from digest.state_told import Promise

KEPT_FOR = timedelta(days=60)


def made(turn: Turn, event: AnyEvent) -> None:
    """Somebody promised the community something."""
    data = event.data
    known = turn.get(Promise, data.promise)
    if known is not None and known.kept_by is not None:
        turn.put(replace(known, what=known.what or one_line(data.what) or "", due=data.due))
        return
    turn.put(Promise(promise=data.promise, by=data.by, what=one_line(data.what) or "", due=data.due, made_by=event.id))


def kept(turn: Turn, event: AnyEvent) -> None:
    """It was kept."""
    data = event.data
    known = turn.get(Promise, data.promise)
    if known is None:
        what = one_line(data.what) or _written(turn, data.promise)
        known = Promise(promise=data.promise, by=data.by, what=what or "", due=data.due or event.time, made_by=event.id)
    turn.put(replace(known, kept_at=event.time, kept_by=event.id, what=known.what or one_line(data.what) or ""))
    notes.settle(turn, f"promise/{data.promise}")


def configured(turn: Turn, event: AnyEvent) -> None:
    """A playbook that names what sponsors promised."""
    for sponsor in turn.playbook.people.sponsors:
        for promise in sponsor.promises:
            due = instant(promise.due + DAY, 0, turn.playbook.zone)
            known = turn.get(Promise, promise.promise)
            if known is None and (due > turn.now - KEPT_FOR):
                turn.put(
                    Promise(promise=promise.promise, by=sponsor.member, what=promise.what, due=due, made_by=event.id)
                )
            elif known is not None and known.due != due:
                turn.put(replace(known, what=promise.what, due=due))


def _written(turn: Turn, name: str) -> str | None:
    for sponsor in turn.playbook.people.sponsors:
        for promise in sponsor.promises:
            if promise.promise == name:
                return promise.what
    return None


def late(turn: Turn, event: AnyEvent) -> None:
    """Onboarding's word that one is late: the manager has words to say it with."""
    known = turn.get(Promise, event.data.promise)
    if known is not None:
        turn.put(replace(known, late_by=event.id))
    notes.waits(turn, event, kind="promise", about=f"promise/{event.data.promise}", weight=50)


def sweep(turn: Turn) -> None:
    """Forget what was told, and what is long over."""
    oldest: datetime = turn.now - KEPT_FOR
    for promise in turn.find(PROMISES):
        over = (promise.kept_at or promise.due) < oldest
        if over or (promise.told == "kept" and promise.due < turn.now):
            turn.drop(Promise, promise.promise)
