"""A service at work: its connections, its leases, one worker per partition held, and what an operator may ask."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from chassis import common
from chassis.bus import Bus
from chassis.clock import Clock, ReplayClock, WallClock
from chassis.holding import Holding
from chassis.lease import Leases
from chassis.ledger import Shop
from chassis.letters import DeadLetters
from chassis.logging import get_logger
from chassis.metrics import Metrics
from chassis.operations import Refusal
from chassis.pages import Reader
from chassis.partition import Partition
from chassis.postgres import Pool, expect_migrated, open_pool, passes, snapshot
from chassis.publish import Publisher
from chassis.rendering import Texts
from chassis.service import Service
from chassis.settings import Settings
from chassis.showing import PostgresReader
from chassis.starting import partitions_found, patiently
from chassis.telling import Audience, Teller, Unknown

RENEWALS_PER_LEASE = 3
CLEAN_SECONDS = 3600.0
_OWN_TABLES = ("cursor", "lease", "replica", "seen", "deadline", "outbox_log", "outbox", "dead_letter")
_CLEAN_ROWS = 20_000
_FORGET_SEEN = (
    "delete from seen where key = any(array(select s.key from seen s join community c on s.community = c.community"
    " where s.accepted_at <= c.now - interval '30 days'"
    " and s.accepted_at <= (select max(now) from community) - interval '30 days' limit $1))"
)

log = get_logger(__name__)


def clock_of(settings: Settings) -> Clock:
    """The wall's, unless a replay gives another."""
    return WallClock() if settings.replay_clock is None else ReplayClock.told(settings.replay_clock)


def tables_of(service: Service) -> tuple[str, ...]:
    """The tables and views that a service's schema must have."""
    return (*_OWN_TABLES, *(table.name for table in (*common.TABLES, *service.tables)))


class Runner:
    """Runs one service on NATS and Postgres.

    `start` returns when this replica has its share of the partitions, and raises what no waiting will mend (no
    stream, no schema, a text that is missing); a server that is away is waited for.
    """

    def __init__(
        self, service: Service, settings: Settings, metrics: Metrics | None = None, *, clock: Clock | None = None
    ) -> None:
        self.service = service
        self.settings = settings
        self.metrics = metrics if metrics is not None else Metrics(service.name)
        self._clock = clock if clock is not None else clock_of(settings)
        self._bus = Bus(settings, service.name)
        self._bus.on_change(self._bus_changed)
        self._pool: Pool | None = None
        self._lease_pool: Pool | None = None
        self._shop: Shop | None = None
        self._letters: DeadLetters | None = None
        self._holding: Holding | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._paused = False
        self._stopping = asyncio.Event()
        self._trouble: str | None = "starting"
        self._cleaned_at = 0.0

    async def start(self) -> None:
        """Connect, claim, begin to read."""
        texts = Texts(self.service.package)
        self._bus.start()
        self._pool = await open_pool(self.settings, self.service.name)
        pool = self._pool
        await patiently(lambda: expect_migrated(pool, tables_of(self.service)), self._tell)
        partitions = await partitions_found(self._bus, self._tell)
        # A connection of their own: the others are busy for as long as a batch is folded.
        self._lease_pool = await open_pool(self.settings, self.service.name, size=1)
        leases = Leases(
            self._lease_pool, replica=self.settings.replica, partitions=partitions, seconds=self.settings.lease_seconds
        )
        publisher = Publisher(self._bus, secret=self.settings.secret, timeout_seconds=self.settings.publish_seconds)
        self._letters = DeadLetters(self.service.name, self._pool)
        self._shop = Shop(
            self.service,
            self.settings,
            texts,
            self._bus,
            self._pool,
            publisher,
            leases,
            self._clock,
            self.metrics,
        )
        self._holding = Holding(self._shop, paused=self._paused)
        await patiently(leases.know, self._tell)
        await patiently(self._renew, self._tell)
        await self._holding.settle()
        self._keeper = asyncio.create_task(self._keep(), name="leases")

    async def stop(self) -> None:
        """Finish the batches at work, hand the leases over, close."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._holding is not None:
            await self._holding.close()
        if self._shop is not None:
            with contextlib.suppress(Exception):
                await self._shop.leases.leave()
        await self._bus.close()
        for pool in (self._lease_pool, self._pool):
            if pool is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(pool.close(), 5)
                pool.terminate()

    # --- what an operator may ask

    def ready(self) -> tuple[bool, list[str]]:
        """Whether the service does its work, and if not, why."""
        reasons = []
        if self._trouble is not None:
            reasons.append(self._trouble)
        if not self._bus.connected:
            reasons.append("NATS is not connected")
        if self._shop is not None and not self._shop.leases.valid:
            reasons.append("the leases could not be renewed: Postgres does not answer")
        if self._paused:
            reasons.append("paused by an operator")
        for _, worker in sorted(self._workers.items()):
            reasons += worker.reasons()
        self._measure()
        return not reasons, reasons

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """The service's rows, as of one moment."""
        if self._pool is None:
            raise ConnectionError("not connected to Postgres yet")
        async with snapshot(self._pool) as connection:
            yield PostgresReader(self.service, connection)

    async def member(self, community: str, member: str, audience: Audience = "manager") -> Mapping[str, Any]:
        """What the service knows of a member."""
        shop = self._shop
        if shop is None:
            raise Refusal("the service is starting")
        try:
            async with snapshot(shop.pool) as connection:
                return await Teller(self.service, shop.texts).from_postgres(connection, community, member, audience)
        except Unknown as unknown:
            raise Refusal(str(unknown)) from None

    def status(self) -> Mapping[str, Any]:
        """How the service stands."""
        ready, reasons = self.ready()
        shop = self._shop
        return {
            "ready": ready,
            "reasons": reasons,
            "paused": self._paused,
            "conducted": self.settings.conducted,
            "http": f"http://{self.settings.http_host}:{self.settings.http_port}",
            "nats": {"connected": self._bus.connected, "errors": dict(self._bus.errors)},
            "share": shop.leases.share if shop is not None else 0,
            "published": dict(shop.publisher.counts) if shop is not None else {},
            "partitions": [worker.status() for _, worker in sorted(self._workers.items())],
        }

    async def pause(self) -> None:
        """Finish the batches at work and read no more until resumed."""
        self._paused = True
        if self._holding is not None:
            self._holding.paused = True
        self.metrics.paused(is_paused=True)
        await asyncio.gather(*(worker.pause() for worker in self._workers.values()))

    async def resume(self) -> None:
        """Read on; partitions that stopped begin again."""
        self._paused = False
        if self._holding is not None:
            self._holding.paused = False
        self.metrics.paused(is_paused=False)
        for worker in self._workers.values():
            worker.resume()

    async def turn(self, partition: int, upto: int) -> Mapping[str, Any]:
        """One turn of lock step: fold a partition up to a place of the log, publish what is said on it."""
        if not self.settings.conducted:
            raise Refusal("this service runs on live time: start it with RUCHE_CONDUCTED=true to give it turns")
        worker = self._workers.get(partition)
        if worker is None:
            raise Refusal(f"partition {partition} is not held by this replica")
        if worker.stopped is not None:
            raise Refusal(f"partition {partition} stopped: {worker.stopped}")
        try:
            return await worker.turn(upto)
        except asyncio.CancelledError:
            if self._stopping.is_set() or self._workers.get(partition) is not worker:
                raise Refusal(f"partition {partition} was given up during its turn") from None
            raise

    async def dead(
        self,
        action: str,
        *,
        letter: str | None = None,
        community: str | None = None,
        cause: str | None = None,
        limit: int = 100,
    ) -> Mapping[str, Any]:
        """See to dead letters."""
        if self._letters is None:
            raise Refusal("the service is starting")
        if action == "list":
            return await self._letters.listed(community, cause, limit)
        if letter is None:
            raise Refusal(f"`{action}` needs the id of a letter")
        match action:
            case "show":
                return await self._letters.shown(letter)
            case "redrive":
                return await self._letters.redriven(letter)
            case "settle":
                return await self._letters.settled(letter, "redriven")
            case "drop":
                return await self._letters.settled(letter, "dropped")
            case _:
                raise Refusal(f"unknown action {action!r}: list, show, redrive, settle or drop")

    # --- leases and workers

    async def _keep(self) -> None:
        """Renew, claim what is free, hand over what is too much; for as long as the service runs."""
        pause = self.settings.lease_seconds / RENEWALS_PER_LEASE
        while not self._stopping.is_set():
            await asyncio.sleep(pause)
            try:
                await self._renew()
                await self._clean()
                self._trouble = None
            except Exception as error:
                # Whatever it is: without renewals this replica would lose everything it holds.
                words = f"the leases could not be renewed: {type(error).__name__}"
                if self._trouble != words:
                    log.warning("leases not renewed", exc_info=None if passes(error) else error, reason=words)
                self._trouble = words

    async def _renew(self) -> None:
        await self._open_holding().renew()
        self._trouble = None

    async def _clean(self) -> None:
        """Once in a while: forget identities that left the window. It changes nothing that a fold can see."""
        if time.monotonic() - self._cleaned_at < CLEAN_SECONDS or self._pool is None:
            return
        self._cleaned_at = time.monotonic()
        while await self._pool.execute(_FORGET_SEEN, _CLEAN_ROWS) == f"DELETE {_CLEAN_ROWS}":
            continue

    def _tell(self, trouble: str) -> None:
        self._trouble = trouble

    def _open_holding(self) -> Holding:
        if self._holding is None:
            raise Refusal("the service is starting")
        return self._holding

    @property
    def _workers(self) -> Mapping[int, Partition]:
        return self._holding.workers if self._holding is not None else {}

    def _bus_changed(self) -> None:
        if self._bus.connected and self._bus.reconnects:
            self.metrics.reconnected("nats")
        for worker in self._workers.values():
            worker.nudge()

    def _measure(self) -> None:
        rows = [worker.outbox for worker in self._workers.values()]
        self.metrics.outbox(sum(count for count, _ in rows), max((age for _, age in rows), default=0.0))
