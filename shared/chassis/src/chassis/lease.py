"""Who may write a partition: leases in Postgres, by its clock, shared evenly among the replicas that are alive.

A lease has an epoch that grows with every claim. The cursor carries the epoch, and every commit compares it: a
replica that lost its lease without noticing cannot write, however late it wakes up.
"""

import secrets
import time
from dataclasses import dataclass

from chassis.cursor import Cursor
from chassis.postgres import Pool

_KNOW = "insert into lease (partition) select generate_series(0, $1::int - 1) on conflict do nothing"
_EXPIRY = "clock_timestamp() + $2::float8 * interval '1 second'"
_RENEW = (
    # Whatever is locked is let go by the server itself, at the end of the statement: in a transaction of several, a
    # replica that stood still between two of them kept every lease from being claimed by anybody.
    f"with beat as (insert into replica (replica, expires_at) values ($1, {_EXPIRY})"
    " on conflict (replica) do update set expires_at = excluded.expires_at),"
    " buried as (delete from replica where replica in (select replica from replica"
    " where expires_at < clock_timestamp() - interval '1 hour' and replica <> $1 for update skip locked)),"
    " alive as (select replica from replica where expires_at > clock_timestamp() and replica <> $1"
    " union all select $1::text),"
    # As even as can be; the first by name hold the odd ones.
    " fair as (select $3::int / count(*) + (count(*) filter (where replica < $1) < $3::int % count(*))::int as share"
    " from alive),"
    f" kept as (update lease set expires_at = {_EXPIRY} where holder = $1 returning partition, epoch),"
    f" claimed as (update lease set holder = $1, epoch = epoch + 1, expires_at = {_EXPIRY}"
    " where partition in (select partition from lease"
    " where holder is null or (expires_at < clock_timestamp() and holder <> $1) order by partition"
    " limit (select greatest(share - (select count(*) from kept), 0) from fair) for update skip locked)"
    " returning partition, epoch),"
    # The epoch moves into the cursor at once: from here on the former holder's commits fail.
    " taken as (insert into cursor (partition, epoch, seq) select partition, epoch, 0 from claimed"
    " on conflict (partition) do update set epoch = excluded.epoch where cursor.epoch < excluded.epoch"
    " returning partition, seq, digest, log, passed)"
    " select share, partition, epoch, came, seq, digest, log, passed from fair"
    " left join (select *, false as came from kept union all select *, true from claimed) as held on true"
    " left join taken using (partition) order by partition"
)
_RELEASE = "update lease set holder = null, expires_at = null where partition = $1 and holder = $2 and epoch = $3"
_LEAVE = "delete from replica where replica = $1"


@dataclass(frozen=True, slots=True)
class Claim:
    """A partition that came to this replica: under which epoch, and where its cursor stands."""

    partition: int
    epoch: int
    cursor: Cursor


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
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_RENEW, self.name, self._seconds, self._partitions)
        self.share = rows[0]["share"]
        self.held = {row["partition"]: row["epoch"] for row in rows if row["partition"] is not None}
        self._valid_until = started + self._seconds
        claims = []
        for row in rows:
            if row["came"]:
                if row["seq"] is None:
                    raise RuntimeError(f"the cursor of partition {row['partition']} has a later epoch than its lease")
                cursor = Cursor(row["seq"], row["digest"], row["log"], row["passed"])
                claims.append(Claim(row["partition"], row["epoch"], cursor))
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
