"""One batch, one transaction: the cursor first, compared and set; then all that the batch changed and says."""

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import asyncpg
import orjson

from chassis.bus import DEAD, EVENTS
from chassis.cursor import Cursor
from chassis.partial import Changes
from chassis.postgres import Connection
from chassis.publish import Parcel
from chassis.service import Service
from chassis.shelf import Deadline, Letter
from chassis.tables import Table
from contracts.envelope import LARGEST_EVENT_BYTES, AnyEvent

_PARAMETER = re.compile(r"\$(\d+)")
_CURSOR = "select epoch, published, seq, digest, log, passed from cursor where partition = $1"
_MOVE = (
    "update cursor set seq = $4, digest = $5, log = $6, passed = greatest(passed, $7),"
    " published = greatest(published, $8) where partition = $1 and epoch = $2 and seq = $3"
)
_SEEN = (
    "insert into seen (key, community, accepted_at) select * from unnest($1::bytea[], $2::text[], $3::timestamptz[])"
    " on conflict (key) do update set accepted_at = excluded.accepted_at"
)
_DROP_BACKFILL = (
    "delete from deadline d where d.community = any($1::text[]) and d.backfill and not exists (select from"
    " unnest($2::text[], $3::text[], $4::text[]) as k(community, kind, key)"
    " where d.community = k.community and d.kind = k.kind and d.key = k.key)"
)
_DISARM = (
    "delete from deadline d using unnest($1::text[], $2::text[], $3::text[]) as k(community, kind, key)"
    " where d.community = k.community and d.kind = k.kind and d.key = k.key"
)
_ARM = (
    "insert into deadline (community, kind, key, partition, due, armed_at, cause_source, cause_id, cause_correlation,"
    " backfill) select c, k, n, $4::smallint, d, a, cs, ci, cc, b from unnest($1::text[], $2::text[], $3::text[],"
    " $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::boolean[])"
    " as x(c, k, n, d, a, cs, ci, cc, b) on conflict (community, kind, key) do update set due = excluded.due,"
    " armed_at = excluded.armed_at, cause_source = excluded.cause_source, cause_id = excluded.cause_id,"
    " cause_correlation = excluded.cause_correlation, backfill = excluded.backfill"
)
_POST = (
    "insert into outbox_log (partition, position, stream, subject, identity, body)"
    " select $1::smallint, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[])"
)
_CLEAR = "delete from outbox_log where partition = $1 and position <= $2"
_WAITING = "select position, stream, subject, identity, body from outbox where partition = $1 order by position"
_LETTERS = (
    "insert into dead_letter (partition, letter, community, kind, what, place, cure, event_source, event_id,"
    " event_type, subject, seq, body, traceback, at) select $1::smallint, * from unnest($2::text[], $3::text[],"
    " $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[],"
    " $13::bytea[], $14::text[], $15::timestamptz[]) on conflict (letter) do nothing"
)
_EARLIEST = (
    "select w.community, d.due from unnest($1::text[]) as w(community) left join lateral"
    " (select due from deadline where deadline.community = w.community order by due limit 1) d on true"
)
_EARLIEST_OF_ALL = "select community, min(due) from deadline where partition = $1 group by community"


class Fenced(Exception):  # noqa: N818 - what was found, not a fault of the program
    """Somebody else moved the cursor: this replica no longer holds the partition, and has written nothing."""


@dataclass(slots=True)
class Batch:
    """A folded batch, ready to be committed.

    Attributes:
        partition, epoch, before: what the cursor must still be.
        after: where it goes.
        published: what was said up to this position is in the log.
        parcels: what the batch says, in order.
        kept: how many of those that are in the log stay.
    """

    partition: int
    epoch: int
    before: Cursor
    after: Cursor
    changes: Changes
    published: int
    parcels: Sequence[Parcel]
    kept: int = 0


class _Statement:
    """Several writes as one statement: one round trip, and a transaction by itself."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._values: list[Any] = []

    def add(self, sql: str, *values: Any) -> None:
        """One more write; its parameters are counted from $1."""
        self._parts.append(_renumbered(sql, len(self._values)))
        self._values.extend(values)

    async def run(self, connection: Connection) -> None:
        """Write everything, or nothing: a cursor that did not move fails the whole statement."""
        moved, *rest = self._parts
        parts = ", ".join((f"moved as ({moved} returning 1)", *(f"w{n} as ({sql})" for n, sql in enumerate(rest))))
        await connection.execute(f"with {parts} select 1 / count(*) from moved", *self._values)


@lru_cache(maxsize=1024)
def _renumbered(sql: str, by: int) -> str:
    return _PARAMETER.sub(lambda match: f"${int(match[1]) + by}", sql)


async def commit(connection: Connection, service: Service, batch: Batch) -> None:
    """Write a batch, in one transaction. `Fenced` when the partition is not ours to write."""
    changes, partition = batch.changes, batch.partition
    statement = _Statement()
    before, after = batch.before, batch.after
    place = (after.seq, after.digest, after.log, after.passed)
    statement.add(_MOVE, partition, batch.epoch, before.seq, *place, batch.published)
    if changes.seen:
        # An identity may be accepted again, 30 days of its community later, in one and the same batch.
        statement.add(_SEEN, *_columns(list({seen[0]: seen for seen in changes.seen}.values())))
    for row, rows in changes.rows.items():
        _write_rows(statement, service.table_of[row], rows)
    _write_deadlines(statement, partition, changes)
    if batch.published > batch.kept:
        statement.add(_CLEAR, partition, batch.published - batch.kept)
    if batch.parcels:
        statement.add(_POST, partition, *_columns(batch.parcels))
    if changes.letters:
        statement.add(_LETTERS, partition, *_columns([_printable(one) for one in changes.letters]))
    try:
        await statement.run(connection)
    except asyncpg.DivisionByZeroError:
        raise Fenced(f"the cursor of partition {partition} was moved by somebody else") from None


async def cursor(connection: Connection, partition: int) -> tuple[int, int, Cursor]:
    """The epoch under which a partition's cursor may be moved, up to which position all is said, where it stands."""
    record = await connection.fetchrow(_CURSOR, partition)
    if record is None:
        raise Fenced(f"partition {partition} has no cursor: nobody claimed it")
    epoch, published, *place = record
    return epoch, published, Cursor(*place)


async def waiting(connection: Connection, partition: int) -> deque[Parcel]:
    """What was committed and may not be in the log yet, in order."""
    return deque(Parcel(*record) for record in await connection.fetch(_WAITING, partition))


async def earliest(connection: Connection, communities: Iterable[str]) -> dict[str, datetime | None]:
    """The earliest deadline of each of these communities."""
    return {record[0]: record[1] for record in await connection.fetch(_EARLIEST, list(communities))}


async def earliest_of_all(connection: Connection, partition: int) -> dict[str, datetime | None]:
    """The earliest deadline of every community of a partition that has one."""
    return {record[0]: record[1] for record in await connection.fetch(_EARLIEST_OF_ALL, partition)}


def parcels_of(service: Service, changes: Changes, first: int) -> list[Parcel]:
    """What a batch says, as messages of the log from a position on: decisions first, then dead letters."""
    parcels = []
    for position, event in enumerate(changes.said, first):
        parcels.append(decision_parcel(service, event, position))
    for position, letter in enumerate(changes.letters, first + len(parcels)):
        parcels.append(
            Parcel(
                position,
                DEAD,
                f"dead.{service.name}.{letter.community}",
                f"letter\x1f{service.name}\x1f{letter.letter}",
                _letter_body(service, _printable(letter)),
            )
        )
    return parcels


def decision_parcel(service: Service, event: AnyEvent, position: int) -> Parcel:
    """A decision on its way."""
    subject = f"{event.type}.{event.data.community}.{service.name}"
    return Parcel(position, EVENTS, subject, identity_of(event.source, event.id), event.to_json())


def identity_of(source: str, event_id: str) -> str:
    """An event's identity, as one text."""
    return f"{source}\x1f{event_id}"


def _write_rows(statement: _Statement, table: Table[Any], rows: Mapping[Any, Any]) -> None:
    saved = [(key, value) for key, value in rows.items() if value is not None]
    removed = [key for key, value in rows.items() if value is None]
    if removed:
        statement.add(table.remove, *table.key_arrays(removed))
    if saved:
        statement.add(table.save, *table.arrays(saved))


def _write_deadlines(statement: _Statement, partition: int, changes: Changes) -> None:
    armed = [deadline for deadline in changes.deadlines.values() if deadline is not None]
    gone = [name for name, deadline in changes.deadlines.items() if deadline is None]
    if changes.drops_backfill:
        # The writes of one statement do not see each other: a deadline armed anew is left to its own write.
        statement.add(_DROP_BACKFILL, list(changes.drops_backfill), *_names([deadline_name(one) for one in armed]))
    if gone:
        statement.add(_DISARM, *_names(gone))
    if armed:
        statement.add(
            _ARM,
            *_names([deadline_name(one) for one in armed]),
            partition,
            [deadline.due for deadline in armed],
            [deadline.armed_at for deadline in armed],
            [deadline.cause.source for deadline in armed],
            [deadline.cause.id for deadline in armed],
            [deadline.cause.correlation for deadline in armed],
            [deadline.backfill for deadline in armed],
        )


def deadline_name(deadline: Deadline) -> tuple[str, str, str]:
    """What names a deadline."""
    return deadline.community, deadline.kind, deadline.key


def _names(names: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    return [[name[part] for name in names] for part in range(3)]


def _columns(records: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*records, strict=True)]


def _printable(letter: Letter) -> Letter:
    """A letter whose texts Postgres takes: an input that was refused may hold what no column can."""
    texts: dict[str, Any] = {name: _text(value) for name, value in letter._asdict().items() if isinstance(value, str)}
    return letter._replace(**texts)


def _text(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _letter_body(service: Service, letter: Letter) -> bytes:
    """The letter for `DEAD`. An input larger than any event stays in the service's table."""
    document = {
        name: value
        for name, value in letter._asdict().items()
        if name not in {"body", "traceback"} and value is not None
    }
    document["service"] = service.name
    document["body_bytes"] = len(letter.body)
    if len(letter.body) <= LARGEST_EVENT_BYTES:
        document["body"] = letter.body.decode("utf-8", "replace")
    return orjson.dumps(document)
