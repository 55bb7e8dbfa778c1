"""What a batch needs from Postgres, put on its partial shelf: small tables whole and once, the rest by key."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chassis import ahead
from chassis.common import Ahead, InForce
from chassis.dead import REDRIVEN
from chassis.entry import Entry, read_redriven
from chassis.held import HeldCommunity
from chassis.partial import DEADLINES_A_LOAD, PartialShelf
from chassis.postgres import Connection
from chassis.service import Service
from chassis.shelf import Deadline, Wanted, WantedDeadlines
from chassis.tables import Key
from contracts.community import Community
from contracts.envelope import AnyEvent
from contracts.identity import Cause
from contracts.people import Person, concerned_member
from contracts.silence import Pulse

_SEEN = "select key, accepted_at from seen where key = any($1::bytea[])"
_DEADLINE = "due, kind, key, community, armed_at, cause_source, cause_id, cause_correlation, backfill"
_NEXT_OF_MANY = (
    f"select d.* from unnest($1::text[], $2::timestamptz[]) as w(community, until) cross join lateral"
    f" (select {_DEADLINE} from deadline where deadline.community = w.community and due <= w.until"
    f" order by due, kind, key limit {DEADLINES_A_LOAD}) d"
)
_NEXT = (
    f"select {_DEADLINE} from deadline where community = $1 and due <= $2 and (due, kind, key) > ($3, $4, $5)"
    f" order by due, kind, key limit {DEADLINES_A_LOAD}"
)
_FIRST = (
    f"select {_DEADLINE} from deadline where community = $1 and due <= $2 order by due, kind, key"
    f" limit {DEADLINES_A_LOAD}"
)
_ALL = f"select {_DEADLINE} from deadline where community = any($1::text[])"
_NAMED = f"select {_DEADLINE} from deadline where community = $1 and kind = $2 and key = $3"


class Loader:
    """Loads what one batch needs over one connection."""

    def __init__(self, service: Service, connection: Connection, shelf: PartialShelf) -> None:
        self._service = service
        self._connection = connection
        self._shelf = shelf
        self._early = ahead.concerned(service)

    async def preload(self, entries: Sequence[Entry]) -> None:
        """What every event of a batch will ask for: one query a table, whatever the size of the batch.

        Of communities whose tables are held already, which is the rule, it is the identities alone.
        """
        source = self._service.source
        events = [entry.event for entry in entries if entry.event is not None and entry.event.source != source]
        if not events:
            return
        communities = dict.fromkeys(event.data.community for event in events)
        await self._hold(self._shelf.held.newcomers(communities))
        partial = {community for community in communities if not self._shelf.is_whole(community)}
        if partial:
            await self._by_key([event for event in events if event.data.community in partial])
        identities = [entry.identity for entry in entries if entry.event is not None and entry.event.source != source]
        redriven = [read_redriven(entry) for entry in entries if entry.event and entry.event.type == REDRIVEN]
        identities += [inner.identity for inner in redriven if inner is not None and inner.identity]
        found = await self._connection.fetch(_SEEN, identities)
        self._shelf.put_seen(identities, ((record[0], record[1]) for record in found))

    async def load(self, wanted: Wanted | WantedDeadlines) -> None:
        """What a turn lacked."""
        if isinstance(wanted, WantedDeadlines):
            await self._deadlines(wanted)
        elif wanted.selection is None:
            await self._rows(wanted.row, wanted.keys)
        else:
            selection = wanted.selection
            sql = self._service.statement_of[selection.name]
            limit = self._shelf.selection_limit(selection)
            if limit is not None:
                sql = f"{sql} limit {limit}"
            from_record = self._service.table_of[selection.row].from_record
            records = await self._connection.fetch(sql, *wanted.values)
            self._shelf.put_selection(selection, wanted.values, [from_record(tuple(record)) for record in records])

    async def _hold(self, communities: Sequence[str]) -> None:
        """The small tables of communities that come up for the first time, whole. Nobody writes them meanwhile."""
        if not communities:
            return
        counted = (*self._service.table_of, Deadline)
        most = self._shelf.limits.table_rows
        filled: dict[type, dict[str, HeldCommunity]] = {row: {} for row in counted}
        for community, *sizes in await self._connection.fetch(self._service.sizes, communities, most + 1):
            counts = dict(zip(counted, sizes, strict=True))
            held = self._shelf.take_in(community, counts)
            for row in (*held.rows, *([Deadline] if held.deadlines is not None else [])):
                if counts[row]:
                    filled[row][community] = held
        for row, table in self._service.table_of.items():
            if filled[row]:
                for record in await self._connection.fetch(table.of_communities, list(filled[row])):
                    key, value = table.from_record(tuple(record))
                    filled[row][key[0]].rows[row][key] = value
        if filled[Deadline]:
            for record in await self._connection.fetch(_ALL, list(filled[Deadline])):
                deadline = _deadline(record)
                filled[Deadline][deadline.community].arm(deadline)

    async def _by_key(self, events: Sequence[AnyEvent]) -> None:
        """What events of communities will ask for that are not held whole."""
        keys: dict[type, dict[Key, None]] = {Community: {}, InForce: {}, Person: {}, Pulse: {}}
        for event in events:
            self._wanted_of(event, keys)
        for row, wanted in keys.items():
            await self._rows(row, tuple(wanted))
        await self._due([event for event in events if not self._shelf.holds_deadlines(event.data.community)])

    def _wanted_of(self, event: AnyEvent, keys: dict[type, dict[Key, None]]) -> None:
        community = event.data.community
        keys[Community][community,] = None
        keys[InForce][community,] = None
        keys[Pulse][community, event.source] = None
        member = concerned_member(event)
        if member is not None:
            keys[Person][community, member] = None
        if event.type in self._early and event.data.thread is not None:
            keys.setdefault(Ahead, {})[community, event.data.thread] = None
        for row, key in self._service.needs(event):
            keys.setdefault(row, {})[community, *key] = None

    async def _rows(self, row: type, keys: Sequence[Key]) -> None:
        lacked = [key for key in keys if self._shelf.lacks(row, key)]
        if lacked:
            table = self._service.table_of[row]
            records = await self._connection.fetch(table.load, *table.key_arrays(lacked))
            self._shelf.put_rows(row, lacked, [table.from_record(tuple(record)) for record in records])

    async def _due(self, events: Iterable[AnyEvent]) -> None:
        """Every deadline that can fire before the last of these events was folded."""
        until: dict[str, datetime] = {}
        for event in events:
            community = event.data.community
            if community not in until:
                known = self._shelf.row(Community, (community,))
                until[community] = event.time if known is None else max(known.now, event.time)
            elif event.time > until[community]:
                until[community] = event.time
        if not until:
            return
        records = await self._connection.fetch(_NEXT_OF_MANY, list(until), list(until.values()))
        found: dict[str, list[Deadline]] = {community: [] for community in until}
        for record in records:
            deadline = _deadline(record)
            found[deadline.community].append(deadline)
        for community, deadlines in found.items():
            self._shelf.put_due(community, until[community], deadlines)

    async def _deadlines(self, wanted: WantedDeadlines) -> None:
        community = wanted.community
        if wanted.name is not None:
            record = await self._connection.fetchrow(_NAMED, community, *wanted.name)
            self._shelf.put_named((community, *wanted.name), None if record is None else _deadline(record))
            return
        if wanted.until is None:
            raise ValueError("deadlines are asked for until an instant, or by name")
        reach = self._shelf.reach(community)
        if reach is None:
            records = await self._connection.fetch(_FIRST, community, wanted.until)
        else:
            records = await self._connection.fetch(_NEXT, community, wanted.until, *reach)
        self._shelf.put_due(community, wanted.until, [_deadline(record) for record in records])


def _deadline(record: Any) -> Deadline:
    due, kind, key, community, armed_at, source, cause, correlation, backfill = record
    return Deadline(due, kind, key, community, armed_at, Cause(source, cause, correlation), backfill)
