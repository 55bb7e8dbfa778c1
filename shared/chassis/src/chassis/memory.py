"""A complete shelf in memory: every row of a service, for replays and tests, with no server and no socket."""

from collections import deque
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any

from chassis.service import Service
from chassis.shelf import Deadline, Letter, Step
from chassis.tables import Key
from contracts.envelope import AnyEvent
from contracts.identity import milliseconds
from contracts.turn import Selection

FORGET_AFTER = timedelta(days=30)


class _Deadlines:
    """The deadlines of one community: a heap whose stale entries are passed over when they surface."""

    __slots__ = ("by_name", "heap")

    def __init__(self) -> None:
        self.by_name: dict[tuple[str, str], Deadline] = {}
        self.heap: list[Deadline] = []

    def first(self) -> Deadline | None:
        heap = self.heap
        while heap:
            top = heap[0]
            if self.by_name.get((top.kind, top.key)) is top:
                return top
            heappop(heap)
        return None

    def put(self, name: tuple[str, str], deadline: Deadline | None) -> None:
        if deadline is None:
            self.by_name.pop(name, None)
            return
        self.by_name[name] = deadline
        heappush(self.heap, deadline)
        if len(self.heap) > 64 + 4 * len(self.by_name):
            # Deadlines that are moved again and again leave stale entries behind; memory follows the live ones.
            self.heap = list(self.by_name.values())
            heapify(self.heap)

    def drop_backfill(self) -> None:
        self.by_name = {name: deadline for name, deadline in self.by_name.items() if not deadline.backfill}


Identity = tuple[str, str, int]
"""Source, id, and the event's milliseconds: a re-send repeats its time, and the keys in Postgres begin with it."""


class _Seen:
    """Identities accepted in one community, oldest first; the community's now never goes back."""

    __slots__ = ("at", "order")

    def __init__(self) -> None:
        self.at: dict[Identity, datetime] = {}
        self.order: deque[tuple[datetime, Identity]] = deque()

    def add(self, identity: Identity, now: datetime) -> None:
        self.at[identity] = now
        self.order.append((now, identity))
        horizon = now - FORGET_AFTER
        while self.order[0][0] <= horizon:
            accepted, old = self.order.popleft()
            if self.at.get(old) == accepted:
                del self.at[old]


def _identity(event: AnyEvent) -> Identity:
    return event.source, event.id, milliseconds(event.time)


class CompleteShelf:
    """The whole state of one service in memory (`chassis.shelf.Shelf`); nothing is ever missing."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.rows: dict[type, dict[Key, Any]] = {row: {} for row in service.table_of}
        self.letters: list[Letter] = []
        self._members: dict[str, dict[Key, dict[Key, Any]]] = {name: {} for name in service.statement_of}
        self._deadlines: dict[str, _Deadlines] = {}
        self._seen: dict[str, _Seen] = {}

    def row(self, row: type, key: Key) -> Any:
        """The row, or None."""
        return self.rows[row].get(key)

    def select(self, selection: Selection[Any], key: Key) -> list[tuple[Key, Any]]:
        """A selection's members."""
        return list(self._members[selection.name].get(key, {}).items())

    def seen_at(self, event: AnyEvent, community: str) -> datetime | None:
        """When this identity was last accepted."""
        seen = self._seen.get(community)
        return None if seen is None else seen.at.get(_identity(event))

    def earliest(self, community: str, until: datetime) -> Deadline | None:
        """The first deadline due at or before an instant."""
        first = self.next_deadline(community)
        return first if first is not None and first.due <= until else None

    def next_deadline(self, community: str) -> Deadline | None:
        """The first deadline of a community, however far."""
        deadlines = self._deadlines.get(community)
        return None if deadlines is None else deadlines.first()

    def deadline(self, community: str, kind: str, key: str) -> Deadline | None:
        """A deadline by its name."""
        deadlines = self._deadlines.get(community)
        return None if deadlines is None else deadlines.by_name.get((kind, key))

    def deadlines(self) -> list[Deadline]:
        """Every deadline, ordered by community, due, kind, key."""
        every = [deadline for group in self._deadlines.values() for deadline in group.by_name.values()]
        return sorted(every, key=lambda deadline: (deadline.community, *deadline[:3]))

    def apply(self, step: Step) -> None:
        """Make a step true."""
        for row, changes in step.rows.items():
            if changes:
                self._write(row, changes)
        slug = step.community
        if step.drops_backfill_deadlines and slug in self._deadlines:
            self._deadlines[slug].drop_backfill()
        if step.deadlines:
            group = self._deadlines.setdefault(slug, _Deadlines())
            for name, deadline in step.deadlines.items():
                group.put(name, deadline)
        if step.seen is not None:
            event, now = step.seen
            self._seen.setdefault(slug, _Seen()).add(_identity(event), now)
        if step.letters:
            self.letters.extend(step.letters)

    def _write(self, row: type, changes: dict[Key, Any]) -> None:
        rows = self.rows[row]
        selections = self._service.selections_of[row]
        for key, value in changes.items():
            if selections:
                self._index(selections, key, rows.get(key), value)
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value

    def _index(self, selections: tuple[Selection[Any], ...], key: Key, old: Any, new: Any) -> None:
        slug = key[0]
        for selection in selections:
            groups = self._members[selection.name]
            before = selection.values(old) if old is not None else ()
            after = selection.values(new) if new is not None else ()
            for values in before if before != after else ():
                if values not in after:
                    group = groups[slug, *values]
                    del group[key]
                    if not group:
                        del groups[slug, *values]
            for values in after:
                groups.setdefault((slug, *values), {})[key] = new
