"""What a batch needs from Postgres, put on its partial shelf: most of it at once, the rest as rules ask for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis import ahead
from chassis.common import Ahead, InForce
from chassis.dead import REDRIVEN
from chassis.entry import Entry, read_redriven
from chassis.partial import DEADLINES_A_LOAD, Changes, PartialShelf
from chassis.postgres import Connection
from chassis.service import Service
from chassis.shelf import Deadline, Wanted, WantedDeadlines
from chassis.tables import Key
from contracts.community import Community
from contracts.envelope import AnyEvent
from contracts.identity import Cause
from contracts.people import Person, concerned_member
from contracts.silence import Pulse

_KEPT_ROWS = 2000
_KEPT_PLAYBOOKS = 50
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
_NAMED = f"select {_DEADLINE} from deadline where community = $1 and kind = $2 and key = $3"


class KnownRows:
    """Rows as Postgres has them, kept from batch to batch by the holder of their partition.

    Nobody else writes them: a holder that lost its lease finds its next commit fenced, and forgets them. Bounded:
    the rows known longest go first.
    """

    def __init__(self) -> None:
        self._rows: dict[type, dict[Key, Any]] = {}

    def known(self, row: type, keys: Sequence[Key]) -> tuple[dict[Key, Any], list[Key]]:
        """The rows of these keys that are known, None for those known not to exist; and the keys that are not known."""
        rows = self._rows.get(row, {})
        found = {key: rows[key] for key in keys if key in rows}
        return found, [key for key in keys if key not in found]

    def learn(self, row: type, found: Mapping[Key, Any]) -> None:
        """These rows are in Postgres, or known not to be."""
        rows = self._rows.setdefault(row, {})
        rows.update(found)
        limit = _KEPT_PLAYBOOKS if row is InForce else _KEPT_ROWS
        while len(rows) > limit:
            del rows[next(iter(rows))]

    def committed(self, changes: Changes) -> None:
        """A batch was written."""
        for row, rows in changes.rows.items():
            self.learn(row, rows)


class Loader:
    """Loads one batch's rows over one connection."""

    def __init__(self, service: Service, connection: Connection, shelf: PartialShelf, known: KnownRows) -> None:
        self._service = service
        self._connection = connection
        self._shelf = shelf
        self._known = known
        self._early = ahead.concerned(service)

    async def preload(self, entries: Sequence[Entry]) -> None:
        """What every event of a batch will ask for: one query a table, whatever the size of the batch."""
        events = [entry.event for entry in entries if entry.event is not None]
        events = [event for event in events if event.source != self._service.source]
        if not events:
            return
        keys: dict[type, dict[Key, None]] = {Community: {}, InForce: {}, Person: {}, Pulse: {}}
        for event in events:
            self._wanted_of(event, keys)
        for row, wanted in keys.items():
            if wanted:
                await self._rows(row, tuple(wanted))
        identities = [entry.identity for entry in entries if entry.identity]
        redriven = [read_redriven(entry) for entry in entries if entry.event and entry.event.type == REDRIVEN]
        identities += [inner.identity for inner in redriven if inner is not None and inner.identity]
        found = await self._connection.fetch(_SEEN, identities)
        self._shelf.put_seen(identities, ((record[0], record[1]) for record in found))
        await self._due(events)

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
        found, unknown = self._known.known(row, keys)
        if unknown:
            table = self._service.table_of[row]
            records = await self._connection.fetch(table.load, *table.key_arrays(unknown))
            loaded: dict[Key, Any] = dict.fromkeys(unknown)
            loaded.update(table.from_record(tuple(record)) for record in records)
            self._known.learn(row, loaded)
            found |= loaded
        self._shelf.put_rows(row, keys, ((key, value) for key, value in found.items() if value is not None))

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
