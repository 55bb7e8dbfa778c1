"""What is read of one partition and not folded yet: the standing reader, opened again when it breaks, and the hand."""

import time
from collections.abc import Callable, Sequence

from chassis.cursor import hold_against
from chassis.entry import Entry, read
from chassis.ledger import Ledger, Shop
from chassis.log import Reader
from chassis.logging import get_logger

PASSING_HEARTBEATS = 6
"""How often, in heartbeats of the log, a partition in which nothing happens writes what it passed over."""

log = get_logger(__name__)


class Reading:
    """The reader of one partition, and the entries at hand: taken from the log, not folded yet."""

    def __init__(self, shop: Shop, number: int, ledger: Ledger, wake: Callable[[], None]) -> None:
        self._shop = shop
        self._number = number
        self._ledger = ledger
        self._wake = wake
        self._reader: Reader | None = None
        self._passed_at = time.monotonic()
        self.hand: Sequence[Entry] = ()

    @property
    def stands(self) -> bool:
        """Whether a reader is open, and of use."""
        return self._reader is not None and self._reader.broken is None

    @property
    def lag(self) -> int:
        """How many messages of the partition are not folded yet, as far as is known."""
        reader = self._reader
        return len(self.hand) + (reader.waiting + reader.pending if reader is not None else 0)

    @property
    def at_end(self) -> bool:
        """Whether everything the log holds of the partition is taken."""
        return self._reader is not None and self._reader.at_end

    @property
    def examined(self) -> int:
        """The sequence of the whole log up to which nothing of the partition is left to fold."""
        reader = self._reader
        return reader.examined if reader is not None and reader.at_end and not self.hand else 0

    @property
    def ripe(self) -> bool:
        """Whether it is worth taking now."""
        return self._reader is not None and self._reader.ripe

    @property
    def waiting(self) -> int:
        """How many messages arrived and are not taken."""
        return self._reader.waiting if self._reader is not None else 0

    def reached(self, upto: int) -> bool:
        """Whether nothing of the partition up to a sequence of the log is left to fold."""
        if self._ledger.cursor.seq >= upto:
            return True
        return self.examined >= upto

    async def stand(self) -> None:
        """See to it that a reader stands. The log is held against the cursor whenever one is opened."""
        ledger, shop = self._ledger, self._shop
        if ledger.loaded and self.stands:
            return
        if self._reader is not None:
            reason = self._reader.broken or "the cursor is read again"
            log.info("reader opened again", partition=self._number, reason=reason)
        await self.close()
        if not ledger.loaded or ledger.acknowledged:
            # What was acknowledged and not read back may be gone from a log that came back: it is looked for again.
            await ledger.load()
        standing = await hold_against(shop.bus, ledger.cursor, partition=self._number)
        await ledger.sort_out()
        reader = Reader(
            shop.bus,
            self._number,
            batch=shop.settings.batch_size,
            heartbeat_seconds=shop.settings.heartbeat_seconds,
            wake=self._wake,
        )
        await reader.open(ledger.cursor.seq, last=standing.last)
        self._reader = reader
        ledger.ticks.forget_published()
        ledger.cursor = ledger.cursor._replace(log=standing.created)

    async def take(self, *, upto: int | None) -> None:
        """Take a batch in hand, of what is there."""
        if self._reader is not None:
            publishers = self._shop.settings.publishers
            self.hand = [
                read(stored.raw, seq=stored.seq, stored_at=stored.time, subject=stored.subject, publishers=publishers)
                for stored in await self._reader.take(self._shop.settings.batch_size, upto=upto)
            ]

    async def pass_over(self, *, last: bool = False) -> float:
        """Now and then, and at the last: let the cursor follow what the log holds of other partitions.

        Answers in how many seconds to look again.
        """
        every = PASSING_HEARTBEATS * self._shop.settings.heartbeat_seconds
        rested = time.monotonic() - self._passed_at
        if rested < every and not last:
            return every - rested
        self._passed_at = time.monotonic()
        self._ledger.pass_over(self.examined)
        if self._ledger.passing:
            await self._ledger.write()
        return every

    async def close(self) -> None:
        """Let the reader go, and what it brought."""
        reader, self._reader, self.hand = self._reader, None, ()
        if reader is not None:
            await reader.close()
