"""One archive in turns, twenty times: facts that come again, batches cut anywhere, services restarted inside turns.

One sha256. Most seeds are played in process, where nothing outlives a batch but rows; some on the bus, where services
are processes that kill themselves at a step of a batch and are started again.
"""

import asyncio
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from archives import archive
from chassis.bus import EVENTS
from chassis.conductor import Conductor, OutOfStep, Said
from chassis.provision import PARTITIONS
from chassis.rendering import Texts
from chassis.replay import in_turns
from interrupted import InterruptedTurns, repeated
from recorded import entries, fortnight, installed
from ruche.connection import bus_settings, connected, parse_nats, settings
from ruche.deployment import prepared, processes

STEPS = ("after-read", "before-commit", "after-commit", "mid-publish", "before-clear")
SEEDS = range(20)
ON_THE_BUS = range(0, 20, 5)


@cache
def texts(package):
    return Texts(package)


def interrupted(facts, seed):
    """The facts, played by services that a seed interrupts."""
    chance = Random(seed)  # noqa: S311 - a seed is wanted
    turns = InterruptedTurns(installed(), lambda service: texts(service.package), chance)
    again = repeated(facts, chance)
    turns.play(again)
    assert len(again) > len(facts)
    assert turns.interruptions > 0
    assert [letter for backing in turns.backings for letter in backing.letters] == []
    return turns


@cache
def opening():
    """The opening of a simulated community, and what is decided on it without any interruption."""
    facts = tuple(entries(fortnight(members=14)[:100]))
    return facts, in_turns(installed(), facts)


@pytest.mark.parametrize("seed", [1])
def test_an_opening_interrupted_in_process_is_decided_the_same(seed):
    facts, plain = opening()

    turns = interrupted(facts, seed)

    assert turns.sha256() == plain.sha256()
    for backing in turns.backings:
        assert backing.rows == plain.shelves[backing.service.name].rows
        assert sorted(backing.deadlines.values()) == sorted(plain.shelves[backing.service.name].deadlines())


@cache
def thousand():
    facts = tuple(archive("qc-stackexchange", 1000))
    return facts, in_turns(installed(), facts).sha256()


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed not in ON_THE_BUS])
def test_a_thousand_facts_of_an_archive_interrupted_in_process(seed):
    facts, expected = thousand()

    assert interrupted(facts, seed).sha256() == expected


class Restarting(Conductor):
    """A conductor whose services die inside their turns: it starts them again, and gives the turn once more.

    Attributes:
        killed: how often.
    """

    def __init__(self, client, running, chance: Random, kills: int) -> None:
        super().__init__(client, [process.name for process in running.each], PARTITIONS)
        self._running = {process.name: process for process in running.each}
        self._chance = chance
        self._left = kills
        self.killed = 0

    def doom(self, name: str) -> None:
        """The next start of a service ends at a step of a batch; after so many kills it lives."""
        environment = self._running[name]._environment
        environment.pop("RUCHE_CRASH_AT", None)
        if self._left:
            self._left -= 1
            environment["RUCHE_CRASH_AT"] = f"{self._chance.choice(STEPS)}:{self._chance.randint(1, 12)}"

    async def _turn(self, service: str, partition: int) -> list[Said]:
        process = self._running[service]
        asked = asyncio.ensure_future(super()._turn(service, partition))
        while not asked.done():
            await asyncio.wait([asked], timeout=0.05)
            if not asked.done() and process.exit_code is not None:
                asked.cancel()
        if not asked.cancelled() and asked.exception() is None:
            return [*asked.result(), *await self._late(service)]
        if process.exit_code is not None:
            assert process.exit_code == -9, process.last_words()
            self.killed += 1
            self.doom(service)
            process.start()
        else:
            # A machine that is busy can lose a short lease: it is taken again.
            assert isinstance(asked.exception(), OutOfStep), asked
        await self._ready(service)
        return [*await self._late(service), *await self._turn(service, partition)]

    async def _late(self, service: str) -> list[Said]:
        """What it published before it died, which no answer told of."""
        last = (await self._log.stream_info(EVENTS)).state.last_seq
        return await self._read(service, last) if last > self._end else []


async def restarted(facts, seed, nats, postgres, folder):
    """The facts on the bus, some twice, through services that kill themselves a dozen times; the sha256."""
    chance = Random(seed)  # noqa: S311 - a seed is wanted
    services = installed()
    addresses = parse_nats(nats)
    addresses = replace(addresses, postgres=postgres, embedded=True)
    more = {
        "RUCHE_CONDUCTED": "true",
        "RUCHE_LOG_LEVEL": "warning",
        "RUCHE_LEASE_SECONDS": "2",
        "RUCHE_BATCH_SIZE": str(chance.choice((1, 2, 3, 7, 500))),
    }
    async with connected(bus_settings(addresses)) as bus:
        await prepared(bus, services, settings(addresses))
        running = processes(services, addresses, logs=folder, more=more)
        conductor = Restarting(bus.client, running, chance, kills=12)
        for service in services:
            conductor.doom(service.name)
        with running:
            await running.ready(bus)
            await conductor.begin()
            async for _ in conductor.play(repeated(facts, chance)):
                pass
    assert conductor.killed > 0
    return conductor.sha256()


@pytest.fixture
def patience(monkeypatch):
    """Thirteen starts, each of which may meet a machine that has other work."""
    monkeypatch.setattr("ruche.processes.START_SECONDS", 180)
    monkeypatch.setattr("chassis.conductor._READY_SECONDS", 180)


@pytest.mark.proof
@pytest.mark.usefixtures("patience")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", ON_THE_BUS)
async def test_a_thousand_facts_of_an_archive_on_the_bus_with_services_killed(nats, postgres, tmp_path, seed):
    facts, expected = thousand()

    assert await restarted(facts, seed, nats, postgres, tmp_path) == expected
