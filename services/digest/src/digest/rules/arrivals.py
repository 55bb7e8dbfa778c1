"""Who came, who agreed to be introduced, who is thanked: what the synthesis says of people."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import is_bot, is_staff, may_be_thanked_in_public
from contracts.turn import Turn
from digest.rules.sections import without
from digest.rules.showing import heading_of
from digest.rules.times import today
from digest.state_sets import ARRIVALS, THANKED
from digest.state_told import Arrival, Synthesis, Thanked

KEPT_DAYS = 14
KUDOS_DAYS = 8


def joined(turn: Turn, event: AnyEvent) -> None:
    """Somebody new; whether they agree to be named is looked at when they would be."""
    data = event.data
    person = turn.person(data.member)
    if event.backfill or person is None or person.from_history or data.inferred or person.away_since is not None:
        return
    if is_bot(person) or is_staff(person, data.member, turn.playbook) or turn.get(Arrival, data.member) is not None:
        return
    ends_on = today(turn) + timedelta(days=KEPT_DAYS)
    turn.put(Arrival(member=data.member, ends_on=ends_on, joined_at=event.time, joined_by=event.id))


def introduced(turn: Turn, event: AnyEvent) -> None:
    """Onboarding introduced somebody who wanted it."""
    data = event.data
    known = turn.get(Arrival, data.member)
    ends_on = today(turn) + timedelta(days=KEPT_DAYS)
    if event.backfill:
        return
    base = known or Arrival(member=data.member, ends_on=ends_on, joined_at=event.time, joined_by=event.id)
    turn.put(replace(base, introduced=event.id, ends_on=ends_on))


def thanked(turn: Turn, event: AnyEvent) -> None:
    """Recognition thanks somebody; only what it does in public is told again."""
    data = event.data
    if data.audience != "public" or event.backfill:
        return
    deed = data.deeds[0]
    quotable = deed.thread is None or heading_of(turn, deed.thread) is not None
    turn.put(
        Thanked(
            member=data.member,
            ends_on=today(turn) + timedelta(days=KUDOS_DAYS),
            at=event.time,
            by=event.id,
            round=data.thanks,
            place=data.place,
            kind=deed.kind,
            title=deed.title if quotable else None,
            thread=deed.thread,
        )
    )


def edited(turn: Turn, event: AnyEvent) -> None:
    """A human took somebody's thanks out, or the whole round: nothing of it is told again."""
    data = event.data
    for row in turn.find(THANKED):
        if row.round == data.thanks and data.member in (None, row.member):
            if data.value is None:
                _taken_out(turn, row)
            else:
                turn.put(replace(row, title=None, thread=None))


def overruled(turn: Turn, event: AnyEvent) -> None:
    """A thanks that a human undid."""
    for row in turn.find(THANKED):
        if row.by == event.data.decision:
            _taken_out(turn, row)


def _taken_out(turn: Turn, row: Thanked) -> None:
    """Somebody's thanks are not told, nor by a draft that is being edited."""
    turn.drop(Thanked, row.member)
    draft = turn.get(Synthesis)
    if draft is not None:
        turn.put(replace(draft, sections=without(draft.sections, "thanks", row.member)))


def kudos(turn: Turn, event: AnyEvent) -> None:
    """A member thanked others: where recognition does not run, these are the thanks that are told."""
    if event.backfill:
        return
    data = event.data
    for receiver in data.receivers:
        person = turn.person(receiver)
        known = turn.get(Thanked, receiver)
        if receiver == data.member or is_bot(person) or is_staff(person, receiver, turn.playbook):
            continue
        if not may_be_thanked_in_public(person) or (known is not None and known.round):
            continue
        turn.put(
            Thanked(
                member=receiver,
                ends_on=today(turn) + timedelta(days=KUDOS_DAYS),
                at=event.time,
                by=event.id,
                place=(known.place if known is not None else 0) + 1,
                kind="kudos",
            )
        )


def sweep(turn: Turn) -> None:
    """Forget who came or was thanked too long ago to be told."""
    day = today(turn)
    for arrival in turn.find(ARRIVALS):
        if arrival.ends_on <= day:
            turn.drop(Arrival, arrival.member)
    for row in turn.find(THANKED):
        if row.ends_on <= day:
            turn.drop(Thanked, row.member)
