"""What one event of the log caused, and if nothing, which rule said no: found by folding the log in process.

The fold is that of the services themselves, on the log as it stands, so it sees what they saw: what was decided, what
was armed or waits for its hour, what was withheld, and on what grounds nothing happened at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.common import Request
from chassis.entry import Entry
from chassis.fold import Fold
from chassis.memory import CompleteShelf
from chassis.rendering import Texts
from chassis.service import Service
from chassis.shelf import Deadline
from contracts.community import Community
from contracts.envelope import AnyEvent
from contracts.people import Person, acting_member

_SECONDHAND = ("message.requested", "message.cancelled", "message.withheld")


@dataclass(slots=True)
class Account:
    """What one service made of an event.

    Attributes:
        decided: what it decided on it, withheld messages included.
        armed: what it will look at again, and when.
        disarmed: what it no longer has to look at.
        waiting: messages that wait for their hour or for their recipient's purse.
        refused: why the event, or a rule on it, ended as a dead letter.
        silence: why nothing happened, when nothing did.
    """

    service: str
    decided: list[AnyEvent] = field(default_factory=list)
    armed: list[Deadline] = field(default_factory=list)
    disarmed: list[Deadline] = field(default_factory=list)
    waiting: list[tuple[Request, Deadline]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    silence: list[str] = field(default_factory=list)


def accounts(services: Sequence[Service], log: Iterable[Entry], seq: int) -> list[Account]:
    """Each service's account of the message at `seq` of a log (at least its community's part, in order)."""
    entries = [entry for entry in log if entry.seq <= seq]
    if not entries or entries[-1].seq != seq:
        raise LookupError(f"message {seq} is not in this part of the log")
    return [_account(service, entries) for service in services]


def _account(service: Service, entries: Sequence[Entry]) -> Account:
    shelf = CompleteShelf(service)
    fold = Fold(service, shelf, Texts(service.package))
    for entry in entries[:-1]:
        fold.take(entry)
    last = entries[-1]
    armed_before, letters_before = set(shelf.deadlines()), len(shelf.letters)
    seen = last.event is not None and shelf.seen_at(last.identity, last.event.data.community) is not None
    account = Account(service.name, decided=fold.take(last))
    armed = set(shelf.deadlines())
    for deadline in sorted(armed - armed_before):
        _sort(shelf, deadline, account)
    names = {deadline[:4][1:] for deadline in armed}
    for deadline in sorted(armed_before - armed):
        # What fell due before the event fired; what the event moved is among the armed.
        fired = last.event is not None and deadline.due <= last.event.time
        if not fired and deadline[:4][1:] not in names and not deadline.kind.startswith("@"):
            account.disarmed.append(deadline)
    account.refused = [f"{letter.what}; {letter.cure}" for letter in shelf.letters[letters_before:]]
    if not (account.decided or account.armed or account.disarmed or account.waiting or account.refused):
        account.silence = _silence(service, shelf, last, seen=seen)
    return account


def _sort(shelf: CompleteShelf, deadline: Deadline, account: Account) -> None:
    """A deadline is a rule's own, a message that waits, or the calendar's, which no event causes."""
    if deadline.kind == "@message":
        row = shelf.row(Request, (deadline.community, *deadline.key.split("\x1f")))
        if row is not None:
            account.waiting.append((row, deadline))
    elif not deadline.kind.startswith("@"):
        account.armed.append(deadline)


def _silence(service: Service, shelf: CompleteShelf, entry: Entry, *, seen: bool) -> list[str]:
    event = entry.event
    if event is None:
        return ["its type is in no contract: it is counted and passed over"]
    if seen:
        return ["identity: the same `source` and `id` was accepted before, so this one changes nothing"]
    grounds = []
    reactions = service.reactions.get(event.type, ())
    if not reactions:
        grounds.append(f"no rule of {service.name} reacts to {event.type}; the common rules took note of it")
    grounds += _about_person(shelf, event)
    community: Community | None = shelf.row(Community, (event.data.community,))
    if event.backfill:
        grounds.append("history: a backfilled event changes state and makes no message")
    if community is not None and entry.event is not None and event.time < community.now:
        grounds.append(f"late: it is judged at {community.now.isoformat()}, the community's time")
    for reaction in reactions:
        promise = (reaction.__doc__ or "").strip().split("\n")[0]
        name = f"{reaction.__module__.rpartition('.')[2]}.{reaction.__name__}"
        grounds.append(f"{name} found nothing to do" + (f": {promise}" if promise else ""))
    return grounds


def _about_person(shelf: CompleteShelf, event: AnyEvent) -> list[str]:
    member = acting_member(event)
    person: Person | None = None if member is None else shelf.row(Person, (event.data.community, member))
    if person is None:
        return []
    said: list[tuple[Any, str]] = [
        (person.bot, "who counts: the member is a bot"),
        (person.staff, "who counts: the member is staff"),
        (person.left_at, "people's choices: the member has left"),
        (person.paused, "people's choices: the member has paused"),
        (person.from_history, "history: the member is known from an import, and is no newcomer"),
    ]
    return [words for holds, words in said if holds]


def caused_by(event: AnyEvent, decisions: Iterable[AnyEvent]) -> list[AnyEvent]:
    """Those decisions that follow from an event, directly or through other decisions, messages last."""
    chain = {event.id}
    result = []
    for decision in decisions:
        if decision.causationid in chain or decision.correlationid == event.id:
            chain.add(decision.id)
            result.append(decision)
    return sorted(result, key=lambda decision: decision.type in _SECONDHAND)
