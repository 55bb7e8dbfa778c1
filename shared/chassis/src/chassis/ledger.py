"""What a holder keeps of its partition between batches, and what it does with it: load, fold, publish, write.

A batch is committed before it is published, and published before the next is committed: so whatever of the outbox
stands in the log stands behind the committed cursor.
"""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from chassis import committing, fault
from chassis.batch import Breaker, Folded, concerns, fold_batch, passed_over
from chassis.bus import Bus, Unavailable
from chassis.clock import Clock, Ticks
from chassis.committing import Batch
from chassis.cursor import Cursor, digest_of
from chassis.entry import Entry
from chassis.fold import Fold
from chassis.lease import Leases
from chassis.metrics import Metrics
from chassis.partial import Changes, PartialShelf
from chassis.postgres import Connection, Pool
from chassis.publish import Parcel, Publisher
from chassis.recovery import already_said
from chassis.rendering import Texts
from chassis.service import Service
from chassis.settings import Settings


@dataclass(frozen=True, slots=True)
class Shop:
    """What the partitions of a service share."""

    service: Service
    settings: Settings
    texts: Texts
    bus: Bus
    pool: Pool
    publisher: Publisher
    leases: Leases
    clock: Clock
    metrics: Metrics


class Lost(Exception):  # noqa: N818 - what was found, not a fault of the program
    """The partition is held by another replica."""


class Ledger:
    """One partition's cursor, outbox and dues, under one lease.

    Attributes:
        cursor: what is folded; `committed` may lie behind it, where what followed changed nothing.
        parcels: what was said and is not known to be in the log.
        acknowledged: what is: up to which position, and where in the log the last of it stands. It counts as published
            once the cursor has passed that place: from then on a log that lost it cannot be taken for the log.
        ticks: the earliest deadline of each community.
    """

    def __init__(self, shop: Shop, number: int, epoch: int) -> None:
        self._shop = shop
        self._number = number
        self._epoch = epoch
        self._forget_rows()
        self._touched: set[str] = set()
        self._position = 0
        self._waiting_since = 0.0
        self.loaded = False
        self.cursor = Cursor(0, None, None)
        self.committed = self.cursor
        self.parcels: deque[Parcel] = deque()
        self.acknowledged: list[tuple[int, int]] = []
        self.ticks = Ticks()

    @property
    def unwritten(self) -> bool:
        """Whether a write was put off: a cursor that only passed over something, an outbox that is published."""
        return self._published(self.cursor) > 0 or self.cursor.seq > self.committed.seq

    @property
    def passing(self) -> bool:
        """Whether the cursor passed over what is not written yet."""
        return self.cursor.reached > self.committed.reached

    @property
    def outbox(self) -> tuple[int, float]:
        """How many messages wait to be published, and for how many seconds the oldest does."""
        return len(self.parcels), time.monotonic() - self._waiting_since if self.parcels else 0.0

    async def load(self) -> None:
        """What Postgres knows of the partition. `Lost` when another holder has it."""
        async with self._shop.pool.acquire() as connection:
            epoch, published, self.cursor = await committing.cursor(connection, self._number)
            if epoch != self._epoch:
                raise Lost
            self.parcels = await committing.waiting(connection, self._number)
            self.ticks = Ticks()
            self.ticks.replace(await committing.earliest_of_all(connection, self._number))
        self.committed = self.cursor
        self._forget_rows()
        self._touched = set()
        self._waiting_since = time.monotonic()
        self._position = self.parcels[-1].position if self.parcels else published
        self.acknowledged = []
        self.loaded = True

    async def sort_out(self) -> None:
        """What an earlier try, or an earlier holder, put on the log is not put there again."""
        shop = self._shop
        if not self.parcels:
            return
        said = await already_said(
            shop.bus,
            self._number,
            self.committed.seq,
            self.parcels,
            publisher=shop.service.name,
            settings=shop.settings,
        )
        self.acknowledged = list(said.items())
        self.parcels = deque(parcel for parcel in self.parcels if parcel.position not in said)

    def pass_over(self, seq: int) -> None:
        """Nothing of the partition up to a sequence of the log is left to fold."""
        if seq > self.cursor.reached:
            self.cursor = self.cursor._replace(passed=seq)

    async def fold(self, hand: Sequence[Entry], breaker: Breaker) -> Folded:
        """Fold entries and commit what they change; `taken` says how many it were."""
        fault.point("after-read")
        if not any(concerns(self._shop.service, entry) for entry in hand):
            folded = passed_over(hand, breaker)
            self.cursor = self._after(hand[-1])
            return folded
        try:
            async with self._shop.pool.acquire() as connection:
                folded = await fold_batch(self._fold, self._shelf, connection, hand, breaker)
                after = self._after(hand[folded.taken - 1])
                if folded.changed:
                    await self._commit(connection, after, folded.changes)
        except BaseException:
            self._forget_rows()
            raise
        self.cursor = after
        self._touched.update(name[0] for name in folded.changes.deadlines)
        self._touched.update(folded.changes.drops_backfill)
        self._shop.metrics.held(self._number, self._shelf.held.rows)
        return folded

    def _after(self, last: Entry) -> Cursor:
        return Cursor(last.seq, digest_of(last.raw), self.cursor.log, self.cursor.passed)

    async def _commit(self, connection: Connection, after: Cursor, changes: Changes) -> None:
        service = self._shop.service
        parcels = committing.parcels_of(service, changes, self._position + 1)
        fault.point("before-commit")
        await committing.commit(connection, service, self._batch(after, changes, parcels))
        fault.point("after-commit")
        self._written(after)
        self.parcels.extend(parcels)
        self._position += len(parcels)
        self._waiting_since = time.monotonic()

    def _forget_rows(self) -> None:
        """From here on nothing is at hand: what is in memory may be ahead of Postgres, behind it, or another's."""
        shop = self._shop
        self._shelf = PartialShelf(shop.service)
        self._fold = Fold(shop.service, self._shelf, shop.texts, secret=shop.settings.names_secret)

    async def publish(self) -> int:
        """Publish what was said, in order; answers the last sequence it took in the log."""
        shop = self._shop
        if not shop.leases.valid:
            raise Unavailable("the lease ran out while Postgres was away: another replica may publish now")
        before = len(self.parcels)
        try:
            last = await shop.publisher.publish(self.parcels, self.acknowledged)
        finally:
            shop.metrics.published(before - len(self.parcels))
        fault.point("before-clear")
        return last

    async def write(self) -> None:
        """Write what was put off."""
        async with self._shop.pool.acquire() as connection:
            await committing.commit(connection, self._shop.service, self._batch(self.cursor, Changes(), ()))
        self._written(self.cursor)

    async def look_at_dues(self) -> None:
        """Bring `ticks` up to date with what was committed."""
        unknown = []
        for community in sorted(self._touched):
            held = self._shelf.held.communities.get(community)
            if held is None or held.deadlines is None:
                unknown.append(community)
            else:
                first = held.deadlines.first(None)
                self.ticks.replace({community: None if first is None else first.due})
        if unknown:
            async with self._shop.pool.acquire() as connection:
                self.ticks.replace(await committing.earliest(connection, unknown))
        self._touched.clear()

    def _batch(self, after: Cursor, changes: Changes, parcels: Sequence[Parcel]) -> Batch:
        kept = self._shop.settings.said_kept
        return Batch(self._number, self._epoch, self.committed, after, changes, self._published(after), parcels, kept)

    def _published(self, cursor: Cursor) -> int:
        """Up to which position everything stands in the log before a cursor; 0 when nothing more does."""
        passed = 0
        for position, seq in sorted(self.acknowledged):
            if seq > cursor.seq:
                break
            passed = position
        return passed

    def _written(self, cursor: Cursor) -> None:
        passed = self._published(cursor)
        self.committed = cursor
        self.acknowledged = [place for place in self.acknowledged if place[0] > passed]
