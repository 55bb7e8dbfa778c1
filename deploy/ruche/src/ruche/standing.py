"""Where every service of a database stands in the log, and what it said last, as its own schema has it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from chassis.bus import EVENTS
from chassis.cursor import Cursor
from contracts.registry import SERVICES
from ruche.exits import Problem

_SCHEMAS = (
    "select table_schema from information_schema.tables where table_name = 'cursor' and table_schema = any($1::text[])"
    " order by table_schema"
)


class Place(NamedTuple):
    """Where a service stands in one partition. `published`: up to that position all that it said is in the log."""

    epoch: int
    published: int
    cursor: Cursor


class Word(NamedTuple):
    """A decision as a service keeps it; `waits`: it is not known to be in the log yet."""

    service: str
    partition: int
    position: int
    subject: str
    identity: str
    body: bytes
    committed_at: datetime
    waits: bool


async def services_of(connection: asyncpg.Connection) -> list[str]:
    """The services that have a schema in this database; `Problem` when there is none."""
    found = [row[0] for row in await connection.fetch(_SCHEMAS, list(SERVICES))]
    if not found:
        raise Problem("no service has tables in this database: `ruche migrate` makes them")
    return found


async def places(connection: asyncpg.Connection, service: str) -> dict[int, Place]:
    """Where a service stands, by partition."""
    rows = await connection.fetch(
        f'select partition, epoch, published, seq, digest, log, passed from "{service}".cursor order by partition'
    )
    return {row[0]: Place(row[1], row[2], Cursor(*row[3:])) for row in rows}


async def said(connection: asyncpg.Connection, service: str) -> Sequence[Word]:
    """What a service said last, by partition, in order."""
    rows = await connection.fetch(
        f"select s.partition, s.position, s.subject, s.identity, s.body, s.committed_at, s.position > c.published"
        f' from "{service}".outbox_log s join "{service}".cursor c on c.partition = s.partition'
        f" where s.stream = $1 order by s.partition, s.position",
        EVENTS,
    )
    return [Word(service, *row) for row in rows]


async def behind(connection: asyncpg.Connection, partitions: Sequence[int], seq: int) -> list[str]:
    """Which services have not read some partitions up to a sequence of the log, in words; empty when all have."""
    words = []
    for service in await services_of(connection):
        stands = await places(connection, service)
        for partition in partitions:
            reached = stands[partition].cursor.reached if partition in stands else 0
            if reached < seq:
                words.append(f"{service} has read partition {partition} to {reached:,} of {seq:,}")
    return words


async def reached_by_all(connection: asyncpg.Connection, partitions: int) -> tuple[int, str]:
    """The sequence that every cursor of every service has reached, and which one keeps it from being more."""
    least: tuple[int, str] | None = None
    for service in await services_of(connection):
        stands = await places(connection, service)
        for partition in range(partitions):
            reached = stands[partition].cursor.reached if partition in stands else 0
            if least is None or reached < least[0]:
                least = (reached, f"{service}, partition {partition}")
    if least is None:
        raise Problem("the log has no partition")
    return least
