"""A service's whole pipeline on a backlog: read, decide, commit, publish, until nothing is left."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime

from bench.material import Material
from bench.stand import PATIENCE_SECONDS, Stand
from chassis.runner import Runner
from chassis.service import Service
from contracts.identity import EPOCH

_LOOK_SECONDS = 0.02


class StillClock:
    """A wall that never reaches a due: nothing ticks while a backlog of long ago is measured."""

    def now(self) -> datetime:
        """Always the same moment."""
        return EPOCH


@dataclass
class Run:
    """One run: events, seconds, processor microseconds an event by part, and what was decided, by community."""

    events: int
    seconds: float
    processor: dict[str, float]
    decided: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


async def run(stand: Stand, service: Service, material: Material, template: str | None = None) -> Run:
    """The facts as a backlog, from the first one read to the last decision acknowledged and read back."""
    async with stand.database(service, template) as dsn:
        return await run_on(stand, service, material, dsn)


async def run_on(stand: Stand, service: Service, material: Material, dsn: str) -> Run:
    """The same in a database that is there."""
    await stand.empty_log()
    runner = Runner(service, stand.settings(dsn), clock=StillClock())
    await runner.start()
    await runner.pause()
    last = await stand.say(material.messages)
    before, started = stand.processor(), time.perf_counter()
    await runner.resume()
    await _done(runner, last)
    seconds, after = time.perf_counter() - started, stand.processor()
    decided = await stand.heard(last, service.name)
    await runner.stop()
    events = len(material.entries)
    return Run(events, seconds, after.since(before, events), decided)


async def _done(runner: Runner, last: int) -> None:
    started = time.monotonic()
    while True:
        partitions = runner.status()["partitions"]
        stopped = [one["stopped"] for one in partitions if one["stopped"]]
        if stopped:
            raise RuntimeError(f"{runner.service.name} stopped: {stopped[0]}")
        if (
            max(one["cursor"] for one in partitions) >= last
            and all(one["reading"] for one in partitions)
            and not any(one["lag"] or one["outbox"] for one in partitions)
        ):
            return
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise RuntimeError(f"{runner.service.name} did not come to the end of the log")
        await asyncio.sleep(_LOOK_SECONDS)
