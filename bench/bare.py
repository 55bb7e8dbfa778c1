"""What the bus alone gives: nats-py's own fetch, every message acknowledged, nothing done."""

import time

import nats

from bench.material import Material
from bench.pipeline import Run
from bench.stand import Stand
from chassis.bus import EVENTS

BATCH = 500


async def run(stand: Stand, material: Material) -> Run:
    """The facts as a backlog, fetched in batches of the services' size and acknowledged."""
    await stand.empty_log()
    await stand.say(material.messages)
    client = await nats.connect(stand.servers.nats.url)
    fetched, events = 0, len(material.entries)
    try:
        subscription = await client.jetstream().pull_subscribe(">", durable="bare", stream=EVENTS)
        before, started = stand.processor(), time.perf_counter()
        while fetched < events:
            for message in await subscription.fetch(BATCH, timeout=5):
                await message.ack()
                fetched += 1
        seconds, after = time.perf_counter() - started, stand.processor()
    finally:
        await client.close()
    return Run(events, seconds, after.since(before, events))
