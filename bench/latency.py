"""From the publish of a fact to its decision in the log, at a steady rate, as a subscriber of the log sees it."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import nats
import orjson
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from bench.stand import Stand
from chassis.bus import EVENTS
from contracts.envelope import AnyEvent
from contracts.subjects import subject_of

RATES = (50, 200, 1000)
"""Events a second."""
_LINGER_SECONDS = 10
_WARM_SECONDS = 2.0


@dataclass(frozen=True)
class Latencies:
    """Milliseconds, sorted; `lost` were not answered within ten seconds."""

    milliseconds: list[float]
    lost: int

    def at(self, share: float) -> float:
        """The latency that this share of the answers kept within."""
        every = self.milliseconds
        return every[min(len(every) - 1, int(len(every) * share))]


class Watch:
    """A subscriber of the log, and when what it waits for was sent."""

    def __init__(self) -> None:
        self.sent: dict[str, float] = {}
        self.milliseconds: list[float] = []
        self._heard = asyncio.Event()

    async def hear(self, message: Msg) -> None:
        """A message of the log; the first decision on a fact counts."""
        cause = orjson.loads(message.data).get("causationid")
        sent = self.sent.pop(cause, None) if cause is not None else None
        if sent is not None:
            self.milliseconds.append((time.perf_counter() - sent) * 1000)
            self._heard.set()

    async def everything(self, seconds: float) -> None:
        """Wait until all that was sent is answered; `TimeoutError` when it is not within so long."""
        async with asyncio.timeout(seconds):
            while self.sent:
                self._heard.clear()
                await self._heard.wait()


async def measured(
    stand: Stand,
    traffic: Callable[[int, datetime], AnyEvent],
    answered: Callable[[AnyEvent], bool],
    rate: int,
    seconds: float,
) -> Latencies:
    """Publish at a rate for so long, after two seconds to warm up; answers how long each took that is answered."""
    client = await nats.connect(stand.servers.nats.url)
    watch = Watch()
    config = ConsumerConfig(deliver_policy=DeliverPolicy.NEW, ack_policy=AckPolicy.NONE)
    await client.jetstream().subscribe(">", stream=EVENTS, cb=watch.hear, config=config, manual_ack=True)
    try:
        warm = int(rate * _WARM_SECONDS)
        started, total = time.perf_counter(), warm + int(rate * seconds)
        for number in range(total):
            wait = started + number / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            event = traffic(number, datetime.now(UTC))
            if number >= warm and answered(event):
                watch.sent[event.id] = time.perf_counter()
            await client.publish(str(subject_of(event)), event.to_json(), headers={"Nats-Msg-Id": event.id})
        with contextlib.suppress(TimeoutError):
            await watch.everything(_LINGER_SECONDS)
    finally:
        await client.close()
    return Latencies(sorted(watch.milliseconds), len(watch.sent))
