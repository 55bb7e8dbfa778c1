"""Promises to the community, of sponsors and others: kept, or said late."""

from datetime import datetime, time, timedelta

from msgspec.structs import replace

from contracts.decisions import PromiseLate
from contracts.envelope import AnyEvent
from contracts.people import is_deceased
from contracts.turn import Message, Turn
from onboarding.rules.clocks import DAY, at
from onboarding.rules.speech import MANAGER, because, name_of, one_line, say
from onboarding.state import Promise

PROMISE = "promise"
SAID_AT = time(9)
"""A promise for a day is late the next morning."""


def named(turn: Turn, event: AnyEvent) -> None:
    """A new playbook: what its sponsors promised is waited for."""
    for sponsor in turn.playbook.people.sponsors:
        for promised in sponsor.promises:
            due = at(promised.due + DAY, SAID_AT, turn.playbook.zone)
            known = turn.get(Promise, promised.promise)
            if known is not None and (known.kept_at is not None or (known.due, known.what) == (due, promised.what)):
                continue
            turn.put(
                Promise(
                    promise=promised.promise,
                    by=sponsor.member,
                    promised_to=None,
                    what=promised.what,
                    due=due,
                    made_by=event.id,
                )
            )
            turn.arm(PROMISE, promised.promise, due)


def made(turn: Turn, event: AnyEvent) -> None:
    """Somebody promised something; a promise kept before it was told stays kept."""
    data = event.data
    known = turn.get(Promise, data.promise)
    if known is not None and known.kept_at is not None:
        return
    turn.put(
        Promise(
            promise=data.promise,
            by=data.by,
            promised_to=data.to,
            what=one_line(data.what) or data.promise,
            due=data.due,
            made_by=event.id,
        )
    )
    turn.arm(PROMISE, data.promise, data.due)


def kept(turn: Turn, event: AnyEvent) -> None:
    """It was kept: nothing is waited for."""
    data = event.data
    known = turn.get(Promise, data.promise)
    turn.disarm(PROMISE, data.promise)
    turn.recall(PROMISE, data.promise, to=MANAGER, why="kept")
    if known is None:
        known = Promise(
            promise=data.promise,
            by=data.by,
            promised_to=data.to,
            what=one_line(data.what) or data.promise,
            due=data.due or event.time,
            made_by=event.id,
        )
    turn.put(replace(known, kept_at=event.time))


def fire(turn: Turn, promise: str, _due: datetime) -> None:
    """It is due and not kept: said, with words prepared for the manager."""
    known = turn.get(Promise, promise)
    if known is None or known.kept_at is not None or known.late_by is not None:
        return
    why = because(
        "promise.due",
        threshold=known.due.isoformat(),
        actual="not kept",
        evidence=(known.made_by,),
    )
    decision = say(
        turn,
        PromiseLate(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            promise=promise,
            by=known.by,
            to=known.promised_to,
            what=known.what,
            due=known.due,
        ),
        rule=PROMISE,
        key=promise,
        about=promise,
    )
    turn.put(replace(known, late_by=decision))
    person = turn.person(known.by)
    sponsors = {sponsor.member: sponsor.name for sponsor in turn.playbook.people.sponsors}
    turn.request(
        Message(
            key=promise,
            rule=PROMISE,
            kind=PROMISE,
            template="promise_late",
            to=MANAGER,
            purse="none",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={
                "by": None if is_deceased(person) else sponsors.get(known.by) or name_of(turn, known.by),
                "what": known.what,
                "due": known.due.isoformat(),
            },
            serves=decision,
            mentions=() if is_deceased(person) else (known.by,),
            because=(why,),
        )
    )


def late(turn: Turn, promises: tuple[Promise, ...]) -> tuple[str, ...]:
    """What is late among some promises, in words."""
    return tuple(one.what for one in promises if one.kept_at is None and one.due <= turn.now)
