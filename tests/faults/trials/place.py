"""Where one trial happens: its servers, its empty log, its migrated database, a stage for each of its services."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from chassis.bus import DEAD, EVENTS, ApiRefused, Bus, Unavailable
from chassis.migrate import migrated
from chassis.provision import DUPLICATE_WINDOW_SECONDS, events_config, provision
from ruche.servers import NatsServer, PostgresServer
from ruche.servers.child import LOOPBACK
from ruche.services import load
from staged import Stage, until
from toy.service import TOY
from trials.ground import Cluster, Lane, LimitedNats, SmallDisk
from trials.plan import REAL, Plan
from trials.plan import TOY as TOY_NAME
from trials.proxy import Proxy

SHORT_WINDOW_SECONDS = 1
_NANOSECONDS = 1_000_000_000
_migrating = asyncio.Lock()


@dataclass(slots=True)
class Place:
    """What a trial has.

    Attributes:
        nats, postgres: the servers that may be killed or frozen; `nats` is any one of a cluster.
        nats_urls, dsn: where the trial itself connects.
        given: what its services are told instead, where that differs.
        window_seconds: how long the log knows a message id.
    """

    folder: Path
    nats: NatsServer
    postgres: PostgresServer
    nats_urls: list[str]
    dsn: str
    given: dict[str, str] = field(default_factory=dict)
    cluster: Cluster | None = None
    disk: SmallDisk | None = None
    nats_proxy: Proxy | None = None
    postgres_proxy: Proxy | None = None
    window_seconds: float = DUPLICATE_WINDOW_SECONDS
    stages: dict[str, Stage] = field(default_factory=dict)

    @property
    def bus(self) -> Bus:
        """The trial's own connection to the log."""
        return next(iter(self.stages.values())).bus


@asynccontextmanager
async def placed(plan: Plan, lane: Lane, folder: Path) -> AsyncIterator[Place]:
    """A place as the plan's setting wants it; afterwards the lane is as before."""
    await lane.start()
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(_database(lane, plan))
        place = Place(folder, lane.nats, lane.postgres, [lane.nats.url], dsn)
        await _set(place, plan, stack)
        for name in plan.services:
            stage = Stage(TOY if name == TOY_NAME else load(name), ",".join(place.nats_urls), place.dsn)
            stage.logs = folder
            place.stages[name] = stage
            stack.push_async_callback(stage.close)
            stage.bus.start()
        for stage in place.stages.values():
            assert await stage.bus.connected_within(30)
        stack.push_async_callback(_clean, place)
        await _provisioned(place)
        yield place


async def _set(place: Place, plan: Plan, stack: AsyncExitStack) -> None:
    match plan.setting:
        case "plain":
            return
        case "short-window":
            place.window_seconds = SHORT_WINDOW_SECONDS
        case "cut":
            await _behind_proxies(place, stack)
        case "cluster":
            place.cluster = Cluster(place.folder)
            for node in place.cluster.nodes:
                stack.push_async_callback(asyncio.to_thread, node.stop)
            await place.cluster.start()
            place.nats, place.nats_urls = place.cluster.nodes[0], place.cluster.urls
        case "full-disk" | "lost-tail":
            folder = place.folder / "nats"
            if plan.setting == "full-disk":
                place.disk = SmallDisk(folder)
                stack.callback(place.disk.close)
            place.nats = LimitedNats(folder, durable=False)
            stack.push_async_callback(asyncio.to_thread, place.nats.stop)
            await asyncio.to_thread(place.nats.start)
            place.nats_urls = [place.nats.url]


async def _behind_proxies(place: Place, stack: AsyncExitStack) -> None:
    nats = place.nats
    place.nats_proxy = Proxy((LOOPBACK, nats.port))
    port = await place.nats_proxy.listen()
    sockets = place.folder / "pg"
    sockets.mkdir()
    place.postgres_proxy = Proxy(place.postgres.sockets / ".s.PGSQL.5432")
    await place.postgres_proxy.listen(sockets / ".s.PGSQL.5432")
    for proxy in (place.nats_proxy, place.postgres_proxy):
        stack.push_async_callback(proxy.close)
    parts = urlsplit(place.dsn)
    place.given = {
        "nats_url": f"nats://{nats.user}:{nats.password}@{LOOPBACK}:{port}",
        "postgres_dsn": parts._replace(query=f"host={quote(str(sockets), safe='/')}").geturl(),
    }


async def _provisioned(place: Place) -> None:
    replicas = len(place.cluster.nodes) if place.cluster else 1

    async def provisioned() -> bool:
        try:
            await provision(place.bus, replicas=replicas)
        except (ApiRefused, Unavailable):
            # A cluster that has just come up has no leader yet.
            if place.cluster is None:
                raise
            return False
        return True

    await until(provisioned, "the log was provisioned", 30)
    if place.window_seconds != DUPLICATE_WINDOW_SECONDS:
        short = int(place.window_seconds * _NANOSECONDS)
        await place.bus.api(f"STREAM.UPDATE.{EVENTS}", {**events_config(), "duplicate_window": short})


async def _clean(place: Place) -> None:
    if place.cluster is None and place.disk is None and isinstance(place.nats, LimitedNats) is False:
        for stream in (EVENTS, DEAD):
            try:
                await place.bus.api(f"STREAM.DELETE.{stream}")
            except ApiRefused as refused:
                if refused.status != 404:
                    raise


@asynccontextmanager
async def _database(lane: Lane, plan: Plan) -> AsyncIterator[str]:
    """A migrated database of this trial's own, copied from one that was migrated once."""
    kind = "toy" if plan.services == (TOY_NAME,) else "real"
    template, name = f"template_{kind}", f"trial_{plan.seed}"
    if kind not in lane.templates:
        await _execute(lane, f"create database {template}")
        # Alembic has one environment a process.
        async with _migrating:
            for service in [TOY] if kind == "toy" else [load(each) for each in REAL]:
                await migrated(service, lane.postgres.dsn_of(template))
        lane.templates.add(kind)
    await _execute(lane, f"drop database if exists {name} with (force)")
    await _execute(lane, f"create database {name} template {template}")
    try:
        yield lane.postgres.dsn_of(name)
    finally:
        await lane.start()
        await _execute(lane, f"drop database if exists {name} with (force)")


async def _execute(lane: Lane, statement: str) -> None:
    connection = await asyncpg.connect(lane.postgres.dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
