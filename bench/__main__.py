"""`make bench [JSON=path] [QUICK=1]`: every measurement beside its baselines, in interleaved rounds.

A round measures everything once; a figure is the median of its rounds, a ratio the median of ratios taken within a
round. What is decided is held against a fold in process: a run that decides otherwise ends the bench.
"""

import argparse
import asyncio
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog
import uvloop

from bench import bare, growth, latency, pipeline, probes, recovery, replay, tutorial
from bench.figures import Figures, machine, show, write
from bench.material import FACTS, Material, materials, messages
from bench.replicas import running
from bench.stand import Stand
from chassis import collector
from chassis.provision import PARTITIONS
from chassis.replay import as_recorded
from chassis.service import Service
from ruche.services import chosen

PARTS = ("pipeline", "latency", "growth", "replay", "recovery")
TUTORIAL_FACTS = 400
"""The tutorial's way is measured on the first so many facts: rows are few then, which favours it."""


QUICK_FACTS = 2000
QUICK_SIZES = {"seen": (0, 100_000), "members": (1_000, 10_000)}


class Differs(Exception):  # noqa: N818 - what was found
    """A run decided otherwise than a fold in process."""


class Bench:
    """The measurements of one go."""

    def __init__(self, stand: Stand, services: Sequence[Service], given: argparse.Namespace) -> None:
        self._stand = stand
        self._services = services
        self._rounds: int = given.rounds
        self._seconds: float = given.seconds
        self._parts: Sequence[str] = given.only or PARTS
        self._materials = materials(given.facts)
        self._seen = QUICK_SIZES["seen"] if given.quick else growth.SEEN
        self._members = QUICK_SIZES["members"] if given.quick else growth.MEMBERS
        self._expected: dict[tuple[str, str, int], dict[str, list[bytes]]] = {}
        self._grown: dict[str, list[growth.Grown]] = {}
        self.figures = Figures()
        self.what = {material.name: material.what for material in self._materials}

    async def run(self) -> None:
        """Every round, then what is measured once."""
        if "growth" in self._parts:
            await self._grow()
        for number in range(1, self._rounds + 1):
            for part in self._parts:
                started = time.monotonic()
                if part in _EACH_ROUND:
                    await getattr(self, f"_{part}")()
                    print(
                        f"round {number} of {self._rounds}: {part}, {time.monotonic() - started:.0f} s", file=sys.stderr
                    )
        if "recovery" in self._parts:
            await self._recovery()

    # --- the whole pipeline

    async def _pipeline(self) -> None:
        for material in self._materials:
            for service in self._services:
                await self._three_ways(service, material)

    async def _three_ways(self, service: Service, material: Material) -> None:
        first = material.first(TUTORIAL_FACTS)
        alone = await bare.run(self._stand, material)
        ours = await pipeline.run(self._stand, service, material)
        theirs = await tutorial.run(self._stand, service, first)
        again = await bare.run(self._stand, material)
        self._check(service, material, ours)
        self._check(service, first, theirs)
        fetched = (alone.rate + again.rate) / 2
        at = f"services.{service.name}.pipeline.{material.name}"
        add = self.figures.add
        add(f"{at}.vs_tutorial", ours.rate / theirs.rate)
        add(f"{at}.vs_bare_fetch", ours.rate / fetched)
        add(f"{at}.events_per_second", ours.rate)
        add(f"{at}.tutorial_per_second", theirs.rate)
        add(f"{at}.bare_per_second", fetched)
        add(f"{at}.decisions_per_event", sum(map(len, ours.decided.values())) / ours.events)
        for way, one in (("", ours), ("tutorial_", theirs), ("bare_", alone)):
            for part, microseconds in one.processor.items():
                add(f"{at}.{way}processor_us.{part}", microseconds)

    def _check(self, service: Service, material: Material, run: pipeline.Run) -> None:
        name = (service.name, material.name, len(material.entries))
        if name not in self._expected:
            folded = as_recorded(service, material.entries).decided
            self._expected[name] = {community: [raw for _, raw in said] for community, said in folded.items()}
        if run.decided != self._expected[name]:
            raise Differs(f"{service.name} on {material.what} decided otherwise than its fold in process")

    # --- latency

    async def _latency(self) -> None:
        await self._bare_latency()
        for service in self._services:
            await self._stand.empty_log()
            async with (
                self._stand.database(service) as dsn,
                running(self._stand, service.name, dsn) as replica,
            ):
                await replica.holding(PARTITIONS)
                await replica.caught_up(await self._stand.say(messages(probes.opening(datetime.now(UTC)))))
                await self._at_each_rate(service.name, f"services.{service.name}.latency")

    async def _bare_latency(self) -> None:
        await self._stand.empty_log()
        async with self._stand.database(self._services[0]) as dsn:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.bare_pipeline", self._stand.servers.nats.url, dsn, stdout=subprocess.PIPE
            )
            try:
                if process.stdout is None or not await process.stdout.readline():
                    raise RuntimeError("the bare pipeline did not start")
                await self._at_each_rate("recognition", "bare.latency")
            finally:
                process.terminate()
                await process.wait()

    async def _at_each_rate(self, service: str, at: str) -> None:
        for rate in latency.RATES:
            found = await latency.measured(
                self._stand, probes.TRAFFIC[service], probes.answered(service), rate, self._seconds
            )
            self.figures.add(f"{at}.{rate}.lost", found.lost)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
                self.figures.add(f"{at}.{rate}.{name}_ms", found.at(share))
            if not at.startswith("bare"):
                # The bare pipeline was measured a moment ago, in this round.
                self.figures.add(
                    f"{at}.{rate}.vs_bare_p99", found.at(0.99) / self.figures.latest(f"bare.latency.{rate}.p99_ms")
                )

    # --- growth

    async def _grow(self) -> None:
        by_name = {service.name: service for service in self._services}
        if growth.SEEN_BY in by_name:
            of = by_name[growth.SEEN_BY]
            self._grown["seen_identities"] = [await growth.seen(self._stand, of, size) for size in self._seen]
        if growth.KNOWN_BY in by_name:
            of = by_name[growth.KNOWN_BY]
            self._grown["members"] = [await growth.members(self._stand, of, size) for size in self._members]

    async def _growth(self) -> None:
        for what, sizes in self._grown.items():
            least: tuple[float, float] | None = None
            for grown in sizes:
                run = await grown.run(self._stand)
                used, wall = sum(run.processor.values()), run.seconds / run.events * 1e6
                least = least or (wall, used)
                at = f"growth.{what}.{grown.size}"
                self.figures.add(f"{at}.vs_least", wall / least[0])
                self.figures.add(f"{at}.processor_vs_least", used / least[1])
                self.figures.add(f"{at}.us", wall)
                self.figures.add(f"{at}.processor_us", used)

    # --- in process

    async def _replay(self) -> None:
        for material in self._materials:
            for name, services in [*((one.name, [one]) for one in self._services), ("all", self._services)]:
                found = replay.measured(services, material)
                at = f"services.{name}.replay" if len(services) == 1 else "all.replay"
                self.figures.add(f"{at}.{material.name}.vs_bare", found.times_bare)
                self.figures.add(f"{at}.{material.name}.rate", found.rate)

    # --- once

    async def _recovery(self) -> None:
        service = next((one for one in self._services if one.name == recovery.SERVICE), None)
        if service is not None:
            self.figures.add("other.take_over_seconds", await recovery.take_over(self._stand, service))
            self.figures.add("other.catch_up_events_per_second", await recovery.after_an_hour(self._stand, service))
        found = await recovery.idle(self._stand, list(self._services), 5)
        for name, share in found.services.items():
            self.figures.add(f"other.idle_percent_{name}", share)
        self.figures.add("other.idle_percent_nats", found.nats)
        self.figures.add("other.idle_percent_postgres", found.postgres)


_EACH_ROUND = ("pipeline", "latency", "growth", "replay")


def _summed_up(figures: Figures) -> None:
    """The figures by which a service is judged: the worse of the materials, the rate that is asked for."""
    for service in list(figures.names("services")):
        at = f"services.{service}"
        for ratio in ("vs_tutorial", "vs_bare_fetch"):
            found = [figures[f"{at}.pipeline.{one}.{ratio}"] for one in figures.names(f"{at}.pipeline")]
            if found:
                figures.add(f"{at}.{ratio}", min(found))
        if f"{at}.latency.200.p99_ms" in figures:
            figures.add(f"{at}.p99_ms", figures[f"{at}.latency.200.p99_ms"])
        found = [figures[f"{at}.replay.{one}.vs_bare"] for one in figures.names(f"{at}.replay")]
        if found:
            figures.add(f"{at}.replay_vs_bare", max(found))


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Speed, beside what one would otherwise write.")
    parser.add_argument("--json", type=Path, help="write every figure there")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="of each rate of the latency")
    parser.add_argument("--facts", type=int, default=FACTS, help="of each archive")
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--service", action="append", help="only this one")
    parser.add_argument("--quick", action="store_true", help="one round over less of everything: a first look")
    parser.add_argument("--durable", action="store_true", help="servers that wait for the disk")
    given = parser.parse_args()
    if given.quick:
        given.rounds, given.seconds, given.facts = 1, 1, min(given.facts, QUICK_FACTS)
    return given


async def _measure(given: argparse.Namespace) -> Figures:
    conditions = machine(rounds=given.rounds, seconds=given.seconds, facts=given.facts, durable=given.durable)
    with tempfile.TemporaryDirectory(prefix="ruche-bench-") as folder:
        async with Stand(Path(folder), durable=given.durable).up() as stand:
            bench = Bench(stand, chosen(given.service or ()), given)
            collector.spare()
            try:
                await bench.run()
            finally:
                # What was measured before something went wrong is not lost with it.
                _summed_up(bench.figures)
                if given.json is not None:
                    write(given.json, {"machine": conditions, "materials": bench.what, **bench.figures.document()})
    return bench.figures


def main() -> int:
    """Measure, print, write; the exit code."""
    given = _given()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    try:
        figures = uvloop.run(_measure(given))
    except Differs as found:
        print(found, file=sys.stderr)
        return 1
    show(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
