"""Replay in process: facts in turns, or a recorded log as it stands. No server, no socket, no wall clock."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from chassis.dead import brought_back
from chassis.entry import Entry, identity_of
from chassis.fold import Fold
from chassis.forgetting import EMBEDDED_SECRET
from chassis.memory import CompleteShelf
from chassis.rendering import Texts
from chassis.service import Service
from contracts.community import Community
from contracts.envelope import AnyEvent
from contracts.facts import ClockTicked
from contracts.identity import SERVICES

CLOCK = "/clock"
_SECOND = timedelta(seconds=1)


def whole_second(due: datetime) -> datetime:
    """The first whole second at or after an instant: when its tick is."""
    floor = due.replace(microsecond=0)
    return floor if floor == due else floor + _SECOND


def tick(community: str, second: datetime) -> AnyEvent:
    """The tick of a community at a whole second; the same for whoever makes it."""
    return AnyEvent(
        id=f"{community}/{second.isoformat().replace('+00:00', 'Z')}",
        source=CLOCK,
        type=ClockTicked.TYPE,
        time=second,
        data=ClockTicked(community=community),
    )


def is_fact(event: AnyEvent) -> bool:
    """What a replay from facts keeps: neither recorded decisions nor ticks."""
    return not event.source.startswith(SERVICES) and event.source != CLOCK


@dataclass(slots=True)
class Digest:
    """sha256 over decisions: of each community in log order, then over the communities in order of name."""

    _communities: dict[str, Any] = field(default_factory=dict)

    def add(self, community: str, raw: bytes) -> None:
        """One decision's bytes."""
        if community not in self._communities:
            self._communities[community] = sha256()
        hashed = self._communities[community]
        hashed.update(raw)
        hashed.update(b"\n")

    def hexdigest(self) -> str:
        """The one figure."""
        total = sha256()
        for community in sorted(self._communities):
            total.update(f"{community} {self._communities[community].hexdigest()}\n".encode())
        return total.hexdigest()


class Turns:
    """From facts, in turns: after every fact or tick the services read to the end in name order, until all is said.

    `on_decision` hears every decision; `on_message` the whole log: facts, ticks and decisions, in order.

    Attributes:
        shelves: each service's state, by name.
        said: how many decisions of each type.
        heard: how many facts of each type, ticks included; `skipped` of unknown types, `refused` by kind.
    """

    def __init__(
        self,
        services: Sequence[Service],
        *,
        on_decision: Callable[[AnyEvent, bytes], None] | None = None,
        on_message: Callable[[AnyEvent, bytes], None] | None = None,
    ) -> None:
        ordered = sorted(services, key=lambda service: service.name)
        self.shelves = {service.name: CompleteShelf(service) for service in ordered}
        self._shelves = tuple(self.shelves.values())
        self._folds = [Fold(service, self.shelves[service.name], Texts(service.package)) for service in ordered]
        self._on_decision = on_decision
        self._on_message = on_message
        self._seq = 0
        self._digest = Digest()
        self.said: Counter[str] = Counter()
        self.heard: Counter[str] = Counter()
        self.skipped = 0
        self.refused: Counter[str] = Counter()

    def play(self, entry: Entry) -> None:
        """The next fact of the file: first every tick that is due before it, then the fact."""
        event = entry.event
        if event is None:
            self.skipped += entry.skipped
            if entry.refusal is not None:
                self.refused[entry.refusal.kind] += 1
                self._settle(entry)
            return
        if is_fact(event):
            self.hear(entry)

    def hear(self, entry: Entry) -> None:
        """Whatever stands in a log, decisions of services that do not take part and ticks too, after what is due.

        Raises ValueError for an entry without an event.
        """
        if entry.event is None:
            raise ValueError("an entry that was refused or passed over says nothing that could be heard")
        self.pass_time(entry.event.data.community, entry.event.time)
        self._settle(entry)

    def pass_time(self, community: str, until: datetime) -> None:
        """Tick for every deadline of a community whose whole second is at or before an instant."""
        latest = until.replace(microsecond=0)
        while (due := self._earliest(community, latest)) is not None:
            event = tick(community, whole_second(due))
            self._settle(Entry(0, None, None, b"", event, identity=identity_of(event)))

    def _earliest(self, community: str, until: datetime) -> datetime | None:
        """The earliest deadline of any service in a community, if it is due at or before an instant."""
        earliest: datetime | None = None
        for shelf in self._shelves:
            deadline = shelf.earliest(community, until)
            if deadline is not None and (earliest is None or deadline.due < earliest):
                earliest = deadline.due
        return earliest

    def next_due(self, community: str) -> datetime | None:
        """The earliest deadline of any service in a community."""
        earliest: datetime | None = None
        for shelf in self.shelves.values():
            deadline = shelf.next_deadline(community)
            if deadline is not None and (earliest is None or deadline.due < earliest):
                earliest = deadline.due
        return earliest

    def communities(self) -> list[str]:
        """Every community that has an event, sorted."""
        found = {key[0] for shelf in self.shelves.values() for key in shelf.rows[Community]}
        return sorted(found)

    def finish(self, until: datetime) -> None:
        """Let time pass in every community up to an instant."""
        for community in self.communities():
            self.pass_time(community, until)

    def sha256(self) -> str:
        """Over all decisions so far."""
        return self._digest.hexdigest()

    def _settle(self, first: Entry) -> None:
        if first.event is not None:
            self.heard[first.event.type] += 1
            if self._on_message is not None:
                self._on_message(first.event, first.raw or first.event.to_json())
        self._seq += 1
        log = [Entry(self._seq, *first[1:])]
        folds = self._folds
        places = [0] * len(folds)
        grew = True
        while grew:
            grew = False
            for index, fold in enumerate(folds):
                end = len(log)
                for place in range(places[index], end):
                    for decision in fold.take(log[place]):
                        log.append(self._say(decision))
                        grew = True
                places[index] = end

    def _say(self, decision: AnyEvent) -> Entry:
        raw = decision.to_json()
        self._digest.add(decision.data.community, raw)
        self.said[decision.type] += 1
        if self._on_decision is not None:
            self._on_decision(decision, raw)
        if self._on_message is not None:
            self._on_message(decision, raw)
        self._seq += 1
        return Entry(self._seq, None, None, raw, decision, identity=identity_of(decision))


def in_turns(services: Sequence[Service], entries: Iterable[Entry], *, until: datetime | None = None) -> Turns:
    """Replay facts from a file, in its order. Facts after `until` are left out, and time passes up to it."""
    turns = Turns(services)
    for entry in entries:
        if until is not None and entry.event is not None and entry.event.time > until:
            continue
        turns.play(entry)
    if until is not None:
        turns.finish(until)
    return turns


@dataclass(slots=True)
class AsRecorded:
    """One service's fold of a recorded log: its state, what it decides, and what it is recorded to have decided.

    A decision is recorded once or more often (again after the duplicate window) and applied once, so the first of
    each id counts. `recorded` and `decided` map a community to (id, bytes) in order.
    """

    shelf: CompleteShelf
    decided: dict[str, list[tuple[str, bytes]]]
    recorded: dict[str, list[tuple[str, bytes]]]

    @property
    def equal(self) -> bool:
        """To the byte."""
        return self.decided == self.recorded


def as_recorded(service: Service, entries: Iterable[Entry], *, secret: bytes = EMBEDDED_SECRET) -> AsRecorded:
    """Fold a recorded log, facts, ticks and everybody's decisions, in log order.

    `secret`: under which that log's deployment knows those who were erased.
    """
    log = list(entries)
    shelf = CompleteShelf(service)
    over = brought_back(service, log)
    fold = Fold(service, shelf, Texts(service.package), passed_over=over, secret=secret)
    decided: dict[str, list[tuple[str, bytes]]] = {}
    recorded: dict[str, dict[str, bytes]] = {}
    for entry in log:
        for decision in fold.take(entry):
            decided.setdefault(decision.data.community, []).append((decision.id, decision.to_json()))
        event = entry.event
        if event is not None and event.source == service.source:
            recorded.setdefault(event.data.community, {}).setdefault(event.id, entry.raw)
    return AsRecorded(shelf, decided, {community: list(said.items()) for community, said in recorded.items()})
