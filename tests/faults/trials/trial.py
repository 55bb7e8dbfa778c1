"""One trial: services at work while platforms publish and things befall them; then the checks."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random

import asyncpg

from chassis.bus import EVENTS, ApiRefused, Unavailable
from chassis.provision import PARTITIONS
from contracts.subjects import partition_of
from replicas import Replica
from staged import Stage, until
from trials import acts, checker
from trials.history import History
from trials.load import Parcel, parcels
from trials.place import Place
from trials.plan import Act, Plan
from trials.platforms import Platforms

ACT_SECONDS = 1.5
"""Over how long the platforms spread what they publish during one act; an act may take longer."""
_LEASE_SECONDS = 1.0
_WATCH_SECONDS = 0.2
_SETTLINGS = 5


class Trial:
    """A trial at work: what acts act upon.

    Attributes:
        chance: every draw of an act, from the seed.
        flow: what the platforms publish during the act at work.
    """

    def __init__(self, plan: Plan, place: Place) -> None:
        self.plan = plan
        self.place = place
        self.history = History()
        self.chance = Random(f"acts {plan.seed}")  # noqa: S311 - an act is no secret
        self.platforms = Platforms(place.nats_urls, self.history)
        self.flow: asyncio.Task[None] = asyncio.create_task(asyncio.sleep(0))

    async def run(self) -> None:
        """Everything, and then the checks. AssertionError says what was found."""
        watching = asyncio.create_task(self._watch())
        try:
            await self.platforms.connect()
            for stage in self.place.stages.values():
                for _ in range(self.plan.replicas):
                    await self.another(stage)
            for act, helping in zip(self.plan.acts, self._helpings(), strict=True):
                await self._play(act, helping)
            await self.settle()
        finally:
            watching.cancel()
            self.flow.cancel()
            await asyncio.gather(watching, self.flow, return_exceptions=True)
            await self.platforms.close()
        await checker.check(self.place, self.history)

    async def _play(self, act: Act, helping: dict[str, Sequence[Parcel]]) -> None:
        """One act, while the platforms publish."""

        async def publish() -> None:
            await asyncio.gather(
                *(self.platforms.publish(client, given, within=ACT_SECONDS) for client, given in helping.items())
            )

        self.flow = asyncio.create_task(publish())
        began = time.monotonic()
        await acts.ACTS[act.name](self, act)
        acted = time.monotonic()
        await self.flow
        self.say(f"{act}: {acted - began:.1f} s, and {time.monotonic() - acted:.1f} s until all was published")

    def _helpings(self) -> Iterator[dict[str, Sequence[Parcel]]]:
        whole, parts = parcels(self.plan), len(self.plan.acts)
        for part in range(parts):
            yield {
                client: given[len(given) * part // parts : len(given) * (part + 1) // parts]
                for client, given in whole.items()
            }

    def say(self, words: str) -> None:
        """Write down when something was done, beside the logs of the services."""
        with (self.place.folder / "trial.log").open("a") as file:
            file.write(f"{datetime.now(UTC):%H:%M:%S.%f} {words}\n")

    # --- what acts need

    def some_stage(self) -> Stage:
        """One of the services."""
        return self.chance.choice(list(self.place.stages.values()))

    async def another(self, stage: Stage, **given: str) -> Replica:
        """One more replica of a service."""
        return await stage.process(
            batch_size=self.plan.batch_size, lease_seconds=_LEASE_SECONDS, **self.place.given, **given
        )

    @staticmethod
    def alive(stage: Stage) -> list[Replica]:
        """The replicas of a service that neither ended nor stand still."""
        return [replica for replica in stage.replicas if replica.returncode is None and not replica.frozen]

    @staticmethod
    async def held(stage: Stage, replica: Replica | None = None) -> int:
        """How many partitions a replica holds; how many anybody does, without one."""
        holder = f"{replica.name}/%" if replica else "%"
        return (await stage.fetch("select count(*) from lease where holder like $1", holder))[0][0]

    async def all_held(self, stage: Stage) -> bool:
        """Whether replicas that are alive hold every partition."""
        return sum([await self.held(stage, replica) for replica in self.alive(stage)]) == PARTITIONS

    async def wait(self, condition: Callable[[], object], what: str, seconds: float = 120) -> None:
        """For a condition, with a bound. Looking costs those who are looked at: not too often."""
        await until(condition, what, seconds, every=0.1)

    async def quiet(self, stage: Stage) -> bool:
        """Whether a service has folded and said everything."""
        try:
            last = (await self.place.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]["last_seq"]
            return await stage.at_rest(last)
        except (Unavailable, ApiRefused):
            # A cluster that votes.
            return False

    @staticmethod
    def partitions(communities: Iterable[str]) -> set[int]:
        """Where communities are."""
        return {partition_of(community, PARTITIONS) for community in communities}

    async def settle(self) -> None:
        """Servers well, a replica of each service; until everything is folded and said, and nobody writes any more.

        What falls due by the wall meanwhile is folded too.
        """
        stages = list(self.place.stages.values())
        for _ in range(_SETTLINGS):
            for stage in stages:
                if not self.alive(stage):
                    await self.another(stage)
            for stage in stages:
                await self.wait(lambda stage=stage: self.quiet(stage), f"{stage.service.name} came to rest")
            for stage in stages:
                for replica in self.alive(stage):
                    # One that was forked a moment ago does not hear yet that it should stop.
                    await self.wait(replica.is_ready, f"{replica.name} was ready")
                    assert await replica.stop() == 0, f"{replica.name} was asked to stop"
            if all([await self.quiet(stage) for stage in stages]):
                return
        raise AssertionError("the services did not come to rest together")

    async def _watch(self) -> None:
        """Write down where the cursors stand, over and over."""
        while True:
            with contextlib.suppress(OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresError):
                connection = await asyncpg.connect(self.place.dsn, timeout=5)
                try:
                    while True:
                        for name, stage in self.place.stages.items():
                            rows = await connection.fetch(
                                f"select partition, epoch, seq from {stage.service.name}.cursor", timeout=5
                            )
                            self.history.cursors += [(name, *row) for row in rows]
                        await asyncio.sleep(_WATCH_SECONDS)
                finally:
                    connection.terminate()
            await asyncio.sleep(_WATCH_SECONDS)


async def run(plan: Plan, place: Place) -> History:
    """A trial from its first to its last moment; answers its history. AssertionError says what was found."""
    trial = Trial(plan, place)
    began = time.monotonic()
    await trial.run()
    trial.history.notes.append(f"{time.monotonic() - began:.1f} s")
    return trial.history
