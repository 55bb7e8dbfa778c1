"""A service's tables, made again from its log: folded in memory, written in one transaction, nothing sent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager

import asyncpg

from chassis import committing
from chassis.committing import Batch, Fenced
from chassis.cursor import Cursor, digest_of
from chassis.dead import brought_back
from chassis.entry import Entry
from chassis.fold import Fold
from chassis.lease import Leases
from chassis.memory import CompleteShelf
from chassis.partial import Changes
from chassis.postgres import Connection, Pool
from chassis.rendering import Texts
from chassis.service import Service
from contracts.subjects import partition_of

LEASE_SECONDS = 30.0
ROWS_A_STATEMENT = 2000
_HOLDERS = (
    "select replica from replica where expires_at > clock_timestamp() union"
    " select holder from lease where holder is not null and expires_at > clock_timestamp()"
)
_GONE = "delete from dead_letter where settled is null and not letter = any($1::text[])"


class Held(Exception):  # noqa: N818 - what was found, not a fault of the program
    """A service runs, or runs again: its tables are written by its own replicas alone. Its text says who they are."""


class Rebuild:
    """One service's fold of a log, up to where it should stand in each partition.

    Attributes:
        stops: per partition, the last sequence that is folded.
        decided: how many decisions the fold made.
        unsaid: ids of decisions it made that the log lacks; unmade: ids of those in the log that it did not make.
    """

    def __init__(
        self, service: Service, stops: Mapping[int, int], *, secret: bytes, passed_over: frozenset[str] = frozenset()
    ) -> None:
        self.service = service
        self.stops = stops
        self.shelf = CompleteShelf(service)
        self._fold = Fold(service, self.shelf, Texts(service.package), passed_over=passed_over, secret=secret)
        self._last: dict[int, tuple[int, bytes]] = {}
        self._recorded: set[str] = set()
        self.messages = 0
        self.decided = 0
        self.unsaid: dict[str, None] = {}
        self.unmade: dict[str, None] = {}

    def take(self, entry: Entry) -> None:
        """The next message of the log."""
        partition = partition_in(entry)
        if entry.seq > self.stops.get(partition, 0):
            self._record(entry)
            return
        self.messages += 1
        for decision in self._fold.take(entry):
            self.decided += 1
            self.unsaid[decision.id] = None
        self._last[partition] = (entry.seq, digest_of(entry.raw))
        self._record(entry)

    def _record(self, entry: Entry) -> None:
        event = entry.event
        if event is None or event.source != self.service.source or event.id in self._recorded:
            return
        self._recorded.add(event.id)
        if event.id in self.unsaid:
            del self.unsaid[event.id]
        elif entry.seq <= self.stops.get(partition_in(entry), 0):
            self.unmade[event.id] = None

    def cursor(self, partition: int, log: str) -> Cursor:
        """Where the service stands after the fold."""
        seq, digest = self._last.get(partition, (0, None))
        return Cursor(seq, digest, log, self.stops.get(partition, 0))


def partition_in(entry: Entry) -> int:
    """The partition of a message, as its subject in the log begins."""
    return int((entry.subject or "0").partition(".")[0])


def redriven(service: Service, entries: Iterable[Entry], stops: Mapping[int, int]) -> frozenset[str]:
    """What a fold of the whole log passes over at its old place: what a service had tried again, up to its stops."""
    told = (entry for entry in entries if entry.seq <= stops.get(partition_in(entry), 0))
    return brought_back(service, told)


@asynccontextmanager
async def alone(pool: Pool, partitions: int, *, patience_seconds: float) -> AsyncIterator[Leases]:
    """Every partition of a service, held by nobody else while the context lasts. `Held` when that cannot be.

    `patience_seconds`: how long a replica that died a moment ago may count as alive.
    """
    waited = 0.0
    # To join would make a running replica share; so it is looked at from outside first.
    while (holders := await pool.fetch(_HOLDERS)) and waited < patience_seconds:
        await asyncio.sleep(0.2)
        waited += 0.2
    if holders:
        raise Held(", ".join(row[0] for row in holders))
    leases = Leases(pool, replica="rebuild", partitions=partitions, seconds=LEASE_SECONDS)
    await leases.know()
    keeping = asyncio.create_task(_kept(leases), name="leases")
    try:
        await leases.renew()
        if len(leases.held) < partitions:
            raise Held("a replica started meanwhile")
        yield leases
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        for partition in list(leases.held):
            with contextlib.suppress(asyncpg.PostgresError, OSError):
                await leases.release(partition)
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            await leases.leave()


async def _kept(leases: Leases) -> None:
    while True:
        await asyncio.sleep(LEASE_SECONDS / 5)
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            await leases.renew()


async def places(connection: Connection, leases: Leases) -> dict[int, Cursor]:
    """Where the tables say that the service stands, by partition. `Held` when a partition is somebody else's."""
    found = {}
    for partition, epoch in leases.held.items():
        now, _, found[partition] = await committing.cursor(connection, partition)
        if now != epoch:
            raise Held(f"partition {partition} was taken by a replica meanwhile")
    return found


async def write(connection: Connection, rebuild: Rebuild, leases: Leases, *, log: str) -> int:
    """Put a fold in the place of a service's tables, whole or not at all; answers how many rows. `Held` if too late.

    What waits to be published and what was said stays, so do letters that were settled.
    """
    service, shelf = rebuild.service, rebuild.shelf
    tables = ", ".join(("deadline", "seen", *(table.name for table in service.table_of.values())))
    async with connection.transaction():
        before = await places(connection, leases)
        await connection.execute(f"truncate {tables}")
        await connection.execute(_GONE, [letter.letter for letter in shelf.letters])
        for partition, changes in _changes(shelf, len(leases.held)):
            after = rebuild.cursor(partition, log)
            batch = Batch(partition, leases.held[partition], before[partition], after, changes, 0, ())
            try:
                await committing.commit(connection, service, batch)
            except Fenced as fenced:
                raise Held(str(fenced)) from None
            before[partition] = after
    return sum(map(len, shelf.rows.values()))


def _changes(shelf: CompleteShelf, partitions: int) -> Iterator[tuple[int, Changes]]:
    """All that a shelf holds as changes, by partition, so many at a time; at least one of each partition."""
    parts = [[Changes()] for _ in range(partitions)]
    sizes = [0] * partitions

    def room(community: str) -> Changes:
        partition = partition_of(community, partitions)
        sizes[partition] += 1
        if sizes[partition] % ROWS_A_STATEMENT == 0:
            parts[partition].append(Changes())
        return parts[partition][-1]

    for row, rows in shelf.rows.items():
        for key, value in rows.items():
            room(key[0]).rows.setdefault(row, {})[key] = value
    for deadline in shelf.deadlines():
        room(deadline.community).deadlines[committing.deadline_name(deadline)] = deadline
    for identity, community, accepted_at in shelf.seen():
        room(community).seen.append((identity, community, accepted_at))
    for letter in shelf.letters:
        # One that names no community lies where its message was read.
        token = (letter.subject or "").partition(".")[0]
        parts[int(token) if token.isdigit() else partition_of(letter.community, partitions)][-1].letters.append(letter)
    for partition, some in enumerate(parts):
        for changes in some:
            yield partition, changes
