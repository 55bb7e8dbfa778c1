"""One partition, held: read, fold, commit, publish; a tick when nothing is left to read; after a failure, again."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Any

from chassis import committing
from chassis.batch import Breaker
from chassis.bus import EVENTS, ApiRefused, Unavailable
from chassis.committing import Fenced
from chassis.cursor import LogChanged
from chassis.ledger import Ledger, Lost, Shop
from chassis.logging import get_logger
from chassis.postgres import passes
from chassis.publish import Parcel
from chassis.reading import Reading
from chassis.replay import tick

FIRST_BACKOFF_SECONDS = 0.1
LONGEST_BACKOFF_SECONDS = 5.0
LAZY_SECONDS = 1.0
"""A write that was put off is made with the next batch, or when nothing happened for so long."""
_RIPENING_SECONDS = 1.0
_DOUBT_SECONDS = 0.5
"""A turn that waits longer for its place in the log looks again how the log stands."""

log = get_logger(__name__)


@dataclass(slots=True)
class _Turn:
    """A turn that a conductor gave: over when everything up to a place is folded and everything said is published."""

    upto: int
    done: asyncio.Future[dict[str, Any]]
    published_to: int = 0


class Partition:
    """One partition under one lease. `run` returns when it was asked to end, or lost the partition (`lost`)."""

    def __init__(self, shop: Shop, number: int, epoch: int, *, paused: bool) -> None:
        self.number = number
        self.epoch = epoch
        self.lost = False
        self.stopped: str | None = None
        self.trouble: str | None = "not opened yet"
        self.breaker = Breaker(failures=shop.settings.breaker_failures, events=shop.settings.breaker_events)
        self._shop = shop
        self._ledger = Ledger(shop, number, epoch)
        self._unripe = False
        self._turn: _Turn | None = None
        self._paused = paused
        self._ending = False
        self._wake = asyncio.Event()
        self._urgent = asyncio.Event()
        self._resting = asyncio.Event()
        self._reading = Reading(shop, number, self._ledger, self._wake.set)
        self._advanced_at = time.monotonic()

    def nudge(self) -> None:
        """Something outside changed: look again, now."""
        self._wake.set()
        self._urgent.set()

    def end(self) -> None:
        """Finish the batch at work, then return from `run`."""
        self._ending = True
        self.nudge()

    async def pause(self) -> None:
        """Read no more until resumed; returns when the batch at work is finished."""
        self._paused = True
        self.nudge()
        await self._resting.wait()

    def resume(self) -> None:
        """Read on; a partition that stopped begins again."""
        self._paused = False
        if self.stopped is not None:
            self.stopped = None
            self._ledger.loaded = False
            self.breaker.close()
            self._shop.metrics.breaker(self.number, is_open=False)
        self.nudge()

    async def turn(self, upto: int) -> dict[str, Any]:
        """Fold everything up to a sequence of the log, and publish what is said on it."""
        turn = _Turn(upto, asyncio.get_running_loop().create_future())
        if self._turn is not None:
            # Whoever gave it has given up waiting, or there are two conductors: the later one counts.
            self._turn.done.cancel()
        self._turn = turn
        self._wake.set()
        return await turn.done

    def status(self) -> dict[str, Any]:
        """How this partition stands."""
        return {
            "partition": self.number,
            "epoch": self.epoch,
            "cursor": self._ledger.cursor.seq,
            "passed": self._ledger.cursor.reached,
            "lag": self._reading.lag,
            "reading": self._reading.stands,
            "outbox": len(self._ledger.parcels),
            "stopped": self.stopped,
            "trouble": self.trouble,
            "breaker_open": self.breaker.is_open,
        }

    @property
    def outbox(self) -> tuple[int, float]:
        """How many messages wait to be published, and for how many seconds the oldest does."""
        return self._ledger.outbox

    def reasons(self) -> list[str]:
        """Why this partition is not ready; nothing when it is."""
        settings = self._shop.settings
        if self.stopped is not None:
            return [f"partition {self.number} stopped: {self.stopped}"]
        if self.trouble is not None:
            return [f"partition {self.number}: {self.trouble}"]
        reasons = []
        still = time.monotonic() - self._advanced_at
        lag = self._reading.lag
        if lag and still > settings.stall_seconds and not self._paused and not settings.conducted:
            reasons.append(f"partition {self.number} has {lag} events to read and stands still for {still:.0f} s")
        count, age = self.outbox
        if age > settings.outbox_age_seconds:
            reasons.append(f"partition {self.number} has {count} decisions waiting for the log for {age:.0f} s")
        return reasons

    async def run(self) -> None:
        """Work until asked to end, or until the partition is somebody else's."""
        backoff = FIRST_BACKOFF_SECONDS
        try:
            while not self._ending:
                try:
                    await self._step()
                    backoff = FIRST_BACKOFF_SECONDS
                except Fenced:
                    # Perhaps by ourselves: a commit whose answer was lost. The cursor in Postgres knows.
                    self._ledger.loaded = False
                except Lost:
                    self.lost = True
                    log.warning("partition lost", partition=self.number, epoch=self.epoch)
                    return
                except LogChanged as changed:
                    self._stop_for(str(changed))
                except Exception as error:  # noqa: BLE001 - whatever it is, this partition alone stands still
                    if not isinstance(error, (Unavailable, ApiRefused)) and not passes(error):
                        self._stop_for(f"a fault of the program: {type(error).__name__}: {error}", error)
                        continue
                    self._troubled(error)
                    await self._rest(backoff)
                    backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
            await self._leave_tidy()
        finally:
            self._resting.set()
            if self._turn is not None and not self._turn.done.done():
                self._turn.done.cancel()
            await self._reading.close()

    async def _step(self) -> None:
        """One thing: open, publish, fold a batch, tick, or wait for any of these to be needed."""
        self._wake.clear()
        unripe, self._unripe = self._unripe, False
        ledger, reading = self._ledger, self._reading
        if self.stopped is not None or (self._paused and ledger.loaded):
            self.trouble = None
            self._resting.set()
            await self._wake.wait()
            return
        self._resting.clear()
        if not (ledger.loaded and reading.stands):
            await reading.stand()
            self._advanced_at = time.monotonic()
        if ledger.parcels:
            await self._publish()
        turn, conducted = self._turn, self._shop.settings.conducted
        if not reading.hand and (turn is not None or (not conducted and (reading.ripe or unripe))):
            await reading.take(upto=turn.upto if turn is not None else None)
        if reading.hand:
            await self._fold()
            self.trouble = None
            return
        self.trouble = None
        if turn is not None:
            await self._finish(turn)
        else:
            if reading.at_end and not conducted:
                await self._tick()
            await self._idle()

    async def _fold(self) -> None:
        """Fold what is at hand, commit, publish."""
        started, hand = time.monotonic(), self._reading.hand
        folded = await self._ledger.fold(hand, self.breaker)
        self._reading.hand = hand[folded.taken :]
        self._advanced_at = time.monotonic()
        metrics = self._shop.metrics
        folded.measure(metrics, self.number, hand, self._advanced_at - started)
        metrics.cursor(self.number, self._ledger.cursor.seq)
        metrics.lag(self.number, self._reading.lag)
        if self._ledger.parcels:
            await self._publish()
        if self.breaker.is_open:
            metrics.breaker(self.number, is_open=True)
            self._stop_for(self.breaker.reason)

    async def _publish(self) -> None:
        last = await self._ledger.publish()
        if self._turn is not None:
            self._turn.published_to = max(self._turn.published_to, last)

    async def _finish(self, turn: _Turn) -> None:
        """Answer a turn, when all up to its place is folded."""
        ledger = self._ledger
        if not self._reading.reached(turn.upto):
            if not await self._woken(_DOUBT_SECONDS):
                await self._reading.close()
            return
        await ledger.look_at_dues()
        self._turn = None
        if not turn.done.done():
            turn.done.set_result(
                {
                    "partition": self.number,
                    "read_to": max(ledger.cursor.seq, turn.upto),
                    "published_to": turn.published_to,
                    "due": {
                        community: None if due is None else due.isoformat()
                        for community, due in ledger.ticks.reported().items()
                    },
                }
            )

    async def _tick(self) -> None:
        """Publish the ticks that the wall has reached: this reader has read everything before them."""
        shop, ticks = self._shop, self._ledger.ticks
        await self._ledger.look_at_dues()
        for community, second in ticks.ready(shop.clock.now()):
            if not shop.leases.valid:
                return
            event = tick(community, second)
            subject = f"{event.type}.{community}.clock"
            identity = committing.identity_of(event.source, event.id)
            await shop.publisher.one(Parcel(0, EVENTS, subject, identity, event.to_json()))
            ticks.published(community, second)
            shop.metrics.ticked()

    async def _idle(self) -> None:
        """Nothing to do: write what was put off, then wait for a message, a due, or a word from outside."""
        ledger, conducted = self._ledger, self._shop.settings.conducted
        if self._reading.waiting and not conducted:
            # More is on its way, and a batch is worth waiting for; but not for long.
            self._unripe = not await self._woken(_RIPENING_SECONDS)
            return
        waits = []
        if ledger.unwritten:
            rested = time.monotonic() - self._advanced_at
            if rested >= LAZY_SECONDS:
                await ledger.write()
            else:
                waits.append(LAZY_SECONDS - rested)
        waits.append(await self._reading.pass_over())
        until_due = None if conducted else ledger.ticks.wait_seconds(self._shop.clock.now())
        if until_due is not None and self._reading.at_end:
            waits.append(max(until_due, 0.001))
        await self._woken(min(waits))

    async def _leave_tidy(self) -> None:
        """What a graceful end writes; whoever comes next manages without."""
        with contextlib.suppress(Exception):
            if self._ledger.loaded:
                await self._reading.pass_over(last=True)
                if self._ledger.unwritten:
                    await self._ledger.write()

    async def _woken(self, seconds: float | None) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
            return True
        return False

    async def _rest(self, seconds: float) -> None:
        self._urgent.clear()
        if not self._ending:
            self._resting.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._urgent.wait(), seconds)

    def _troubled(self, error: Exception) -> None:
        words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        if self.trouble is None:
            log.warning("waiting", partition=self.number, reason=words)
        self.trouble = words

    def _stop_for(self, reason: str, error: Exception | None = None) -> None:
        self.stopped = reason
        log.error("partition stopped", partition=self.number, reason=reason, exc_info=error)
