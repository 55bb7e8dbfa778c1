"""A complete shelf in memory: every row of a service, for replays and tests, with no server and no socket."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any

from chassis.indexed import Rows
from chassis.service import Service
from chassis.shelf import Deadline, Letter, Step
from chassis.tables import Key
from contracts.turn import Selection

FORGET_AFTER = timedelta(days=30)


class Deadlines:
    """The deadlines of one community: a heap whose stale entries are passed over when they surface."""

    __slots__ = ("by_name", "heap")

    def __init__(self) -> None:
        self.by_name: dict[tuple[str, str], Deadline] = {}
        self.heap: list[Deadline] = []

    def first(self, until: datetime | None) -> Deadline | None:
        """The first one, if it is due at or before an instant."""
        heap = self.heap
        while heap:
            top = heap[0]
            if until is not None and top.due > until:
                # What is live is not earlier than the earliest entry, stale or not.
                return None
            if self.by_name.get((top.kind, top.key)) is top:
                return top
            heappop(heap)
        return None

    def put(self, name: tuple[str, str], deadline: Deadline | None) -> None:
        """Arm it under its kind and key; None: take it back."""
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
        """Take back what history armed."""
        self.by_name = {name: deadline for name, deadline in self.by_name.items() if not deadline.backfill}


class _Seen:
    """Identities accepted in one community, oldest first; the community's now never goes back."""

    __slots__ = ("at", "oldest_leaves_at", "order")

    def __init__(self, now: datetime) -> None:
        self.at: dict[bytes, datetime] = {}
        self.order: deque[tuple[datetime, bytes]] = deque()
        self.oldest_leaves_at = now + FORGET_AFTER

    def add(self, identity: bytes, now: datetime) -> None:
        self.at[identity] = now
        self.order.append((now, identity))
        if now >= self.oldest_leaves_at:
            self._forget(now - FORGET_AFTER)

    def _forget(self, horizon: datetime) -> None:
        while self.order[0][0] <= horizon:
            accepted, old = self.order.popleft()
            if self.at.get(old) == accepted:
                del self.at[old]
        self.oldest_leaves_at = self.order[0][0] + FORGET_AFTER


class CompleteShelf:
    """The whole state of one service in memory (`chassis.shelf.Shelf`); nothing is ever missing."""

    def __init__(self, service: Service) -> None:
        self._tables = {row: Rows() for row in service.table_of}
        self.rows: Mapping[type, dict[Key, Any]] = {row: table.by_key for row, table in self._tables.items()}
        self.letters: list[Letter] = []
        self._deadlines: dict[str, Deadlines] = {}
        self._seen: dict[str, _Seen] = {}

    def row(self, row: type, key: Key) -> Any:
        """The row, or None."""
        return self.rows[row].get(key)

    def whole(self, _community: str) -> Mapping[type, Mapping[Key, Any]]:
        """Everything, of every community."""
        return self.rows

    def select(self, selection: Selection[Any], key: Key) -> list[tuple[Key, Any]]:
        """A selection's members."""
        return self._tables[selection.row].select(selection, key)

    def groups(self, selection: Selection[Any]) -> list[Key]:
        """Every community and values under which a selection finds something."""
        return list(self._tables[selection.row].index(selection).groups)

    def seen_at(self, identity: bytes, community: str) -> datetime | None:
        """When this identity was last accepted."""
        seen = self._seen.get(community)
        return None if seen is None else seen.at.get(identity)

    def earliest(self, community: str, until: datetime) -> Deadline | None:
        """The first deadline due at or before an instant."""
        deadlines = self._deadlines.get(community)
        return None if deadlines is None else deadlines.first(until)

    def next_deadline(self, community: str) -> Deadline | None:
        """The first deadline of a community, however far."""
        deadlines = self._deadlines.get(community)
        return None if deadlines is None else deadlines.first(None)

    def deadline(self, community: str, kind: str, key: str) -> Deadline | None:
        """A deadline by its name."""
        deadlines = self._deadlines.get(community)
        return None if deadlines is None else deadlines.by_name.get((kind, key))

    def deadlines(self) -> list[Deadline]:
        """Every deadline, ordered by community, due, kind, key."""
        every = [deadline for group in self._deadlines.values() for deadline in group.by_name.values()]
        return sorted(every, key=lambda deadline: (deadline.community, *deadline[:3]))

    def seen(self) -> Iterator[tuple[bytes, str, datetime]]:
        """Every identity that is remembered: its key, its community, and when it was accepted."""
        for community, seen in self._seen.items():
            for identity, accepted_at in seen.at.items():
                yield identity, community, accepted_at

    def apply(self, step: Step) -> None:
        """Make a step true."""
        for row, changes in step.rows.items():
            self._tables[row].put(changes)
        slug = step.community
        if step.drops_backfill_deadlines and slug in self._deadlines:
            self._deadlines[slug].drop_backfill()
        if step.deadlines:
            group = self._deadlines.setdefault(slug, Deadlines())
            for name, deadline in step.deadlines.items():
                group.put(name, deadline)
        if step.seen is not None:
            self._accept(slug, *step.seen)
        if step.letters:
            self.letters.extend(step.letters)

    def _accept(self, slug: str, identity: bytes, now: datetime) -> None:
        seen = self._seen.get(slug)
        if seen is None:
            seen = self._seen[slug] = _Seen(now)
        seen.add(identity, now)
