"""A partial shelf: a partition's rows at hand, what a batch changed of them, and a clear word for what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from chassis.common import InForce
from chassis.held import Held, HeldCommunity, Limits
from chassis.service import Service
from chassis.shelf import Deadline, Letter, Missing, Step, Wanted, WantedDeadlines
from chassis.tables import Key
from contracts.envelope import AnyEvent
from contracts.turn import Selection

DEADLINES_A_LOAD = 500
"""How many deadlines of a community the shell loads at once; a load of fewer is complete until its instant."""
SELECTION_SLACK = 500
"""How many rows more than its limit a limited selection loads, so that changes cannot make it wrong."""
PLAYBOOKS_BY_KEY = 50
"""How many playbooks of communities that are not held are kept: they are large."""

Name = tuple[str, str, str]
"""A deadline's community, kind and key."""


@dataclass(slots=True)
class Changes:
    """All that a batch changes and says, in the order in which it has to be written.

    Attributes:
        drops_backfill: communities whose backfill deadlines go, before `deadlines` are written.
        seen: (identity key, community, accepted at).
        said: the decisions, in order.
    """

    rows: dict[type, dict[Key, Any]] = field(default_factory=dict)
    drops_backfill: dict[str, None] = field(default_factory=dict)
    deadlines: dict[Name, Deadline | None] = field(default_factory=dict)
    seen: list[tuple[bytes, str, datetime]] = field(default_factory=list)
    said: list[AnyEvent] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


@dataclass(slots=True)
class _Selected:
    """A loaded selection: the keys the database gave, and whether that was all of them."""

    keys: dict[Key, None]
    complete: bool
    changes_at_load: int


@dataclass(slots=True)
class _Due:
    """The deadlines of one community that are at hand: all up to `reach`."""

    reach: tuple[datetime, str, str] | None = None
    heap: list[Deadline] = field(default_factory=list)


class PartialShelf:
    """The state of one service for one partition (`chassis.shelf.Shelf`). Reads of what is not at hand raise `Missing`.

    What it has is kept from batch to batch by the holder of the partition, whom nobody writes beside: a batch that is
    not committed leaves a shelf that is of no more use. Memory is bounded, whatever a community grows to.
    """

    def __init__(self, service: Service, limits: Limits | None = None) -> None:
        self._service = service
        self.limits = limits or Limits()
        self.held = Held(self.limits)
        self._communities = self.held.communities
        self.rows: dict[type, dict[Key, Any]] = {row: {} for row in service.table_of}
        self.changes = Changes()
        self._forget_loaded()

    def _forget_loaded(self) -> None:
        """What a batch loads for itself alone."""
        self._selected: dict[tuple[str, Key], _Selected] = {}
        self._changed_rows: dict[type, int] = dict.fromkeys(self._service.table_of, 0)
        self._due: dict[str, _Due] = {}
        self._named: dict[Name, Deadline | None] = {}
        self._seen: dict[bytes, datetime | None] = {}

    def begin(self, communities: Iterable[str]) -> Changes:
        """A new batch, about these, after the last one was committed; answers where its changes will stand."""
        self.changes = Changes()
        self._forget_loaded()
        for row, rows in self.rows.items():
            most = PLAYBOOKS_BY_KEY if row is InForce else self.limits.by_key
            while len(rows) > most:
                del rows[next(iter(rows))]
        self.held.begin(communities)
        return self.changes

    # --- what the shell loads

    def take_in(self, community: str, counts: Mapping[type, int]) -> HeldCommunity:
        """Hold a newcomer as far as it fits, and answer it, to be filled; see `Held.take_in`."""
        held = self.held.take_in(community, counts)
        for row in held.rows:
            # From here on changes go to the held table alone: a row kept beside it would stay as it is now.
            kept = self.rows[row]
            for key in [key for key in kept if key[0] == community]:
                del kept[key]
        return held

    def is_whole(self, community: str) -> bool:
        """Whether everything of a community is held: nothing of it has to be asked for."""
        held = self._communities.get(community)
        return held is not None and held.whole

    def holds_deadlines(self, community: str) -> bool:
        """Whether all deadlines of a community are held."""
        held = self._communities.get(community)
        return held is not None and held.deadlines is not None

    def lacks(self, row: type, key: Key) -> bool:
        """Whether a row has to be asked for."""
        held = self._communities.get(key[0])
        return (held is None or row not in held.rows) and key not in self.rows[row]

    def put_rows(self, row: type, keys: Iterable[Key], found: Iterable[tuple[Key, Any]]) -> None:
        """Rows by key, as the database has them; what this batch changed already stays. `keys`: all asked for."""
        rows = self.rows[row]
        for key, value in found:
            rows.setdefault(key, value)
        for key in keys:
            rows.setdefault(key, None)

    def selection_limit(self, selection: Selection[Any]) -> int | None:
        """How many rows the shell should load for a selection."""
        if selection.limit is None:
            return None
        return selection.limit + SELECTION_SLACK + self._changed_rows[selection.row]

    def put_selection(self, selection: Selection[Any], values: Key, found: Sequence[tuple[Key, Any]]) -> None:
        """The members of a selection, as the database has them."""
        limit = self.selection_limit(selection)
        self.put_rows(selection.row, (), found)
        self._selected[selection.name, values] = _Selected(
            dict.fromkeys(key for key, _ in found),
            complete=limit is None or len(found) < limit,
            changes_at_load=self._changed_rows[selection.row],
        )

    def reach(self, community: str) -> tuple[datetime, str, str] | None:
        """Up to which (due, kind, key) the deadlines of a community are at hand; None: none are."""
        due = self._due.get(community)
        return None if due is None else due.reach

    def put_due(self, community: str, until: datetime, found: Sequence[Deadline]) -> None:
        """The next deadlines of a community after its reach, due until an instant, in order."""
        due = self._due.setdefault(community, _Due())
        for deadline in found:
            self.put_named((community, deadline.kind, deadline.key), deadline)
        # A full load may have left some behind; a shorter one reached the instant, whatever the kind and key.
        if len(found) < DEADLINES_A_LOAD:
            due.reach = max(due.reach or (until, "", ""), (until, "\U0010ffff", ""))
        else:
            last = found[-1]
            due.reach = (last.due, last.kind, last.key)

    def put_named(self, name: Name, deadline: Deadline | None) -> None:
        """A deadline by name, as the database has it."""
        if name in self._named or (
            deadline is not None and deadline.backfill and name[0] in self.changes.drops_backfill
        ):
            self._named.setdefault(name, None)
            return
        self._named[name] = deadline
        if deadline is not None:
            heappush(self._due.setdefault(name[0], _Due()).heap, deadline)

    def put_seen(self, keys: Iterable[bytes], found: Iterable[tuple[bytes, datetime]]) -> None:
        """When identities were accepted; `keys`: all asked for."""
        for key, accepted_at in found:
            self._seen.setdefault(key, accepted_at)
        for key in keys:
            self._seen.setdefault(key, None)

    # --- what a fold reads and writes

    def row(self, row: type, key: Key) -> Any:
        """The row, or None."""
        held = self._communities.get(key[0])
        if held is not None and (rows := held.rows.get(row)) is not None:
            return rows.get(key)
        try:
            return self.rows[row][key]
        except KeyError:
            raise Missing(Wanted(row, (key,))) from None

    def whole(self, community: str) -> Mapping[type, Mapping[Key, Any]] | None:
        """Every row of a community that is held whole."""
        held = self._communities.get(community)
        return held.rows if held is not None and held.whole else None

    def select(self, selection: Selection[Any], key: Key) -> list[tuple[Key, Any]]:
        """A selection's members: those the database gave and those the batch made."""
        held = self._communities.get(key[0])
        if held is not None and selection.row in held.rows:
            return held.select(selection, key)
        selected = self._selected.get((selection.name, key))
        if selected is None or not (
            selected.complete or self._changed_rows[selection.row] - selected.changes_at_load <= SELECTION_SLACK
        ):
            raise Missing(Wanted(selection.row, selection=selection, values=key))
        rows = self.rows[selection.row]
        values = key[1:]
        candidates = dict.fromkeys((*selected.keys, *self.changes.rows.get(selection.row, ())))
        return [
            (candidate, value)
            for candidate in candidates
            if candidate[0] == key[0] and (value := rows[candidate]) is not None and values in selection.values(value)
        ]

    def seen_at(self, identity: bytes, community: str) -> datetime | None:  # noqa: ARG002 - it is in the identity
        """When this identity was last accepted; the shell preloads all of a batch. KeyError for one it did not."""
        return self._seen[identity]

    def earliest(self, community: str, until: datetime) -> Deadline | None:
        """The first deadline due at or before an instant."""
        held = self._communities.get(community)
        if held is not None and held.deadlines is not None:
            return held.deadlines.first(until)
        due = self._due.setdefault(community, _Due())
        while due.heap:
            top = due.heap[0]
            if self._named.get((community, top.kind, top.key)) is not top:
                heappop(due.heap)
                continue
            if due.reach is not None and top[:3] <= due.reach:
                return top if top.due <= until else None
            break
        if due.reach is None or due.reach[0] < until or (due.reach[0] == until and due.reach[1] != "\U0010ffff"):
            raise Missing(WantedDeadlines(community, until=until))
        return None

    def deadline(self, community: str, kind: str, key: str) -> Deadline | None:
        """A deadline by its name."""
        held = self._communities.get(community)
        if held is not None and held.deadlines is not None:
            return held.deadlines.by_name.get((kind, key))
        try:
            return self._named[community, kind, key]
        except KeyError:
            raise Missing(WantedDeadlines(community, name=(kind, key))) from None

    def apply(self, step: Step) -> None:
        """Make a step true, for this batch."""
        changes, slug = self.changes, step.community
        held = self._communities.get(slug)
        for row, rows in step.rows.items():
            self._put(held, row, rows)
        if step.drops_backfill_deadlines:
            self._drop_backfill(slug, held)
        for name, deadline in step.deadlines.items():
            self._arm(held, (slug, *name), deadline)
        if step.seen is not None:
            identity, now = step.seen
            self._seen[identity] = now
            changes.seen.append((identity, slug, now))
        if step.decisions:
            changes.said.extend(step.decisions)
        if step.letters:
            changes.letters.extend(step.letters)

    def _put(self, held: HeldCommunity | None, row: type, rows: dict[Key, Any]) -> None:
        if held is not None and row in held.rows:
            held.put(row, rows)
        else:
            self.rows[row].update(rows)
            self._changed_rows[row] += len(rows)
        self.changes.rows.setdefault(row, {}).update(rows)

    def _arm(self, held: HeldCommunity | None, name: Name, deadline: Deadline | None) -> None:
        self.changes.deadlines[name] = deadline
        if held is not None and held.deadlines is not None:
            held.deadlines.put(name[1:], deadline)
            return
        self._named[name] = deadline
        if deadline is not None:
            heappush(self._due.setdefault(name[0], _Due()).heap, deadline)

    def _drop_backfill(self, community: str, held: HeldCommunity | None) -> None:
        changes = self.changes
        changes.drops_backfill[community] = None
        if held is not None and held.deadlines is not None:
            held.deadlines.drop_backfill()
            # Those in the database go by themselves; one that this batch armed is not to be written any more.
            for name, deadline in changes.deadlines.items():
                if name[0] == community and deadline is not None and deadline.backfill:
                    changes.deadlines[name] = None
            return
        for name, deadline in self._named.items():
            if name[0] == community and deadline is not None and deadline.backfill:
                self._named[name] = None
                changes.deadlines[name] = None
