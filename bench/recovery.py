"""How long a dead owner's partitions stand still, how fast a backlog is made up for, what idling costs."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import nats
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from bench import probes
from bench.latency import Watch
from bench.material import messages
from bench.replicas import Replica, running
from bench.stand import PATIENCE_SECONDS, Processor, Stand
from chassis.bus import EVENTS
from chassis.provision import PARTITIONS
from chassis.service import Service
from contracts.subjects import subject_of

SERVICE = "recognition"
"""It answers every post at once."""
BACKLOG = 36_000
"""An hour of ten events a second."""


async def take_over(stand: Stand, service: Service) -> float:
    """Seconds from kill -9 of one of two replicas to the first decision in the last of the eight partitions."""
    await stand.empty_log()
    async with stand.database(service) as dsn, running(stand, service.name, dsn, name="survivor") as survivor:
        await survivor.holding(PARTITIONS)
        await survivor.caught_up(await stand.say(messages(probes.opening(datetime.now(UTC)))))
        async with running(stand, service.name, dsn, name="victim") as victim:
            await victim.holding(PARTITIONS // 2)
            killed = time.perf_counter()
            await asyncio.to_thread(victim.kill)
            await _answered_everywhere(stand)
            return time.perf_counter() - killed


async def _answered_everywhere(stand: Stand) -> None:
    """Post in every community, and wait until each post has its answer."""
    client = await nats.connect(stand.servers.nats.url)
    watch = Watch()
    config = ConsumerConfig(deliver_policy=DeliverPolicy.NEW, ack_policy=AckPolicy.NONE)
    await client.jetstream().subscribe(">", stream=EVENTS, cb=watch.hear, config=config, manual_ack=True)
    try:
        for number in range(PARTITIONS):
            event = probes.posted(number, datetime.now(UTC))
            watch.sent[event.id] = time.perf_counter()
            await client.publish(str(subject_of(event)), event.to_json(), headers={"Nats-Msg-Id": event.id})
        await watch.everything(PATIENCE_SECONDS)
    finally:
        await client.close()


async def after_an_hour(stand: Stand, service: Service) -> float:
    """Events a second of a service that comes back after an hour of ten a second, its own start counted in."""
    await stand.empty_log()
    async with stand.database(service) as dsn:
        began = datetime.now(UTC) - timedelta(hours=1)
        step = timedelta(hours=1) / BACKLOG
        events = [*probes.opening(began), *(probes.posted(number, began + number * step) for number in range(BACKLOG))]
        last = await stand.say(messages(events))
        started = time.perf_counter()
        async with running(stand, service.name, dsn) as replica:
            await replica.caught_up(last)
            return BACKLOG / (time.perf_counter() - started)


@dataclass(frozen=True)
class Idle:
    """Per cent of one processor."""

    services: dict[str, float]
    nats: float
    postgres: float


async def idle(stand: Stand, services: list[Service], seconds: float) -> Idle:
    """All services at rest side by side, eight communities configured and nothing happening."""
    await stand.empty_log()
    async with AsyncExitStack() as stack:
        replicas: list[Replica] = []
        for service in services:
            dsn = await stack.enter_async_context(stand.database(service))
            replicas.append(await stack.enter_async_context(running(stand, service.name, dsn)))
        last = await stand.say(messages(probes.opening(datetime.now(UTC))))
        for replica in replicas:
            await replica.holding(PARTITIONS)
            await replica.caught_up(last)
        await asyncio.sleep(1)
        before, each = stand.processor(), [replica.processor for replica in replicas]
        started = time.perf_counter()
        await asyncio.sleep(seconds)
        share = 100 / (time.perf_counter() - started)
        after: Processor = stand.processor()
        used = {
            replica.service: round((replica.processor - was) * share, 1)
            for replica, was in zip(replicas, each, strict=True)
        }
    return Idle(
        used, round((after.nats - before.nats) * share, 1), round((after.postgres - before.postgres) * share, 1)
    )
