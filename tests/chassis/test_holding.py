"""Partitions that come and go: what is on its way out delays nothing, what nobody works on is found."""

import asyncio
from contextlib import asynccontextmanager

import asyncpg

from contracts.subjects import partition_of
from facts_said import posted
from staged import staged, until

LEASE_SECONDS = 2.0
AT = "2026-03-02 10:00"


async def held(stage, runner):
    holder = f"{runner.settings.replica}/%"
    rows = await stage.fetch("select partition from lease where holder like $1 order by partition", holder)
    return [row[0] for row in rows]


def at_work(runner):
    return sorted(part["partition"] for part in runner.status()["partitions"])


@asynccontextmanager
async def a_commit_that_waits(stage, partition):
    """While the context lasts, whoever commits a batch of the partition waits for it."""
    connection = await asyncpg.connect(stage.postgres, server_settings={"search_path": stage.service.name})
    try:
        async with connection.transaction():
            await connection.execute("select from cursor where partition = $1 for update", partition)
            yield
    finally:
        await connection.close()


async def test_a_long_batch_on_its_way_out_costs_a_replica_nothing_else_that_it_holds(nats, postgres):
    """Were leases renewed after it, all of them would run out."""
    community = next(name for name in ("jardin", "verger", "atelier", "fablab") if partition_of(name, 8) > 3)
    busy = partition_of(community, 8)
    async with staged(nats, postgres) as stage, stage.running(replica="first", lease_seconds=LEASE_SECONDS) as first:
        async with a_commit_that_waits(stage, busy):
            await stage.publish(posted(AT, community=community))
            await until(lambda: first.status()["partitions"][busy]["lag"] == 1, "the batch was at work")
            async with stage.running(replica="second", lease_seconds=LEASE_SECONDS) as second:
                await until(lambda: len(at_work(second)) == 3, "what is not busy moved")
                # Several leases long: whatever is not renewed meanwhile runs out.
                await asyncio.sleep(2 * LEASE_SECONDS)
                assert first.ready() == (True, [])
                assert await held(stage, first) == [0, 1, 2, 3, busy]
        await until(lambda: at_work(first) == list(range(8)), "the other one left")
        await stage.quiet(first, upto=1)
        await stage.holds_as_recorded()


async def test_a_lease_that_nobody_works_on_is_handed_over(nats, postgres):
    """As left by a claim whose answer from Postgres was lost."""
    async with (
        staged(nats, postgres) as stage,
        stage.running(replica="first", lease_seconds=LEASE_SECONDS) as first,
        stage.running(replica="second", lease_seconds=LEASE_SECONDS) as second,
    ):
        await until(lambda: at_work(second) == [4, 5, 6, 7], "they shared")
        await stage.execute(
            "update lease set epoch = epoch + 1,"
            " holder = (select holder from lease where partition = 7) where partition = 0"
        )
        await until(lambda: _shared(stage, first, second), "every partition was worked on by its holder")


async def _shared(stage, *runners):
    if await stage.fetch("select 1 from lease where partition = 0 and epoch < 3"):
        return False
    parts = [await held(stage, runner) for runner in runners]
    return [len(part) for part in parts] == [4, 4] and parts == [at_work(runner) for runner in runners]
