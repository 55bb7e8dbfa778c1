"""Who may write a partition: leases in Postgres, by its clock, shared evenly among the replicas that are alive.

A lease has an epoch that grows with every claim. The cursor carries the epoch, and every commit compares it: a
replica that lost its lease without noticing cannot write, however late it wakes up.
"""

import secrets
import time
from dataclasses import dataclass

from chassis.cursor import Cursor
from chassis.postgres import Connection, Pool

_BEAT = (
    "insert into replica (replica, expires_at) values ($1, clock_timestamp() + $2::float8 * interval '1 second')"
    " on conflict (replica) do update set expires_at = excluded.expires_at"
)
_ALIVE = "select replica from replica where expires_at > clock_timestamp() order by replica"
_BURY = "delete from replica where expires_at < clock_timestamp() - interval '1 hour'"
_KNOW = "insert into lease (partition) select generate_series(0, $1::int - 1) on conflict do nothing"
_RENEW = (
    "update lease set expires_at = clock_timestamp() + $2::float8 * interval '1 second'"
    " where holder = $1 returning partition, epoch"
)
_CLAIM = (
    "update lease set holder = $1, epoch = epoch + 1, expires_at = clock_timestamp() + $2::float8 * interval '1 second'"
    " where partition in (select partition from lease where holder is null or expires_at < clock_timestamp()"
    " order by partition limit $3 for update skip locked) returning partition, epoch"
)
_TAKE_CURSOR = (
    "insert into cursor (partition, epoch, seq) values ($1, $2, 0) on conflict (partition) do update"
    " set epoch = excluded.epoch where cursor.epoch < excluded.epoch returning seq, digest, log, passed"
)
_RELEASE = "update lease set holder = null, expires_at = null where partition = $1 and holder = $2 and epoch = $3"
_LEAVE = "delete from replica where replica = $1"


@dataclass(frozen=True, slots=True)
class Claim:
    """A partition that came to this replica: under which epoch, and where its cursor stands."""

    partition: int
    epoch: int
    cursor: Cursor


def fair_share(replicas: list[str], replica: str, partitions: int) -> int:
    """How many partitions a replica should hold: as even as can be, the first by name hold the odd ones."""
    ordered = sorted({*replicas, replica})
    each, odd = divmod(partitions, len(ordered))
    return each + (1 if ordered.index(replica) < odd else 0)


class Leases:
    """The leases of one replica. `held` maps its partitions to their epochs, as of the last renewal."""

    def __init__(self, pool: Pool, *, replica: str, partitions: int, seconds: float) -> None:
        # A process that comes back under its old name is another holder: its predecessor's epoch is not its own.
        self.name = f"{replica}/{secrets.token_hex(4)}"
        self._pool = pool
        self._partitions = partitions
        self._seconds = seconds
        self._valid_until = 0.0
        self.held: dict[int, int] = {}
        self.share = 0

    @property
    def valid(self) -> bool:
        """Whether nobody else can have claimed what this replica holds, by its own clock since the last renewal."""
        return time.monotonic() < self._valid_until

    async def renew(self) -> list[Claim]:
        """Say that this replica lives, keep what it holds, claim what is free up to its share; answers what came."""
        started = time.monotonic()
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_BEAT, self.name, self._seconds)
            await connection.execute(_BURY)
            alive = [row[0] for row in await connection.fetch(_ALIVE)]
            held = {row[0]: row[1] for row in await connection.fetch(_RENEW, self.name, self._seconds)}
            self.share = fair_share(alive, self.name, self._partitions)
            claims = []
            if len(held) < self.share:
                claims = await self._claim(connection, self.share - len(held))
        self.held = held | {claim.partition: claim.epoch for claim in claims}
        self._valid_until = started + self._seconds
        return claims

    async def know(self) -> None:
        """See to it that every partition has a lease to hold."""
        async with self._pool.acquire() as connection:
            await connection.execute(_KNOW, self._partitions)

    def surplus(self) -> list[int]:
        """Partitions to hand over, so that every replica has its share."""
        return sorted(self.held)[self.share :]

    async def release(self, partition: int) -> None:
        """Hand a partition over: whoever has less than its share claims it at its next renewal."""
        epoch = self.held.pop(partition, None)
        if epoch is not None:
            async with self._pool.acquire() as connection:
                await connection.execute(_RELEASE, partition, self.name, epoch)

    async def leave(self) -> None:
        """No more a replica: the others share what it had."""
        async with self._pool.acquire() as connection:
            await connection.execute(_LEAVE, self.name)

    async def _claim(self, connection: Connection, count: int) -> list[Claim]:
        claims = []
        for partition, epoch in await connection.fetch(_CLAIM, self.name, self._seconds, count):
            # The epoch moves into the cursor at once: from here on the former holder's commits fail.
            row = await connection.fetchrow(_TAKE_CURSOR, partition, epoch)
            if row is None:
                raise RuntimeError(f"the cursor of partition {partition} has an epoch later than its lease's {epoch}")
            claims.append(Claim(partition, epoch, Cursor(*row)))
        return sorted(claims, key=lambda claim: claim.partition)
