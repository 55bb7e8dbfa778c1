"""Who may write a partition: shared evenly, taken over from the dead, and never written by two."""

import asyncio

import pytest

from chassis import committing
from chassis.batch import Folded
from chassis.committing import Batch, Fenced
from chassis.cursor import Cursor
from chassis.lease import Leases
from chassis.migrate import migrated
from chassis.postgres import open_pool
from staged import settings_on, until
from toy.service import TOY

NATS = "nats://127.0.0.1:4222"


@pytest.fixture
async def pool(postgres):
    await migrated(TOY, postgres)
    pool = await open_pool(settings_on(NATS, postgres), TOY.name)
    yield pool
    await pool.close()


async def replica(pool, name, seconds=5.0):
    leases = Leases(pool, replica=name, partitions=8, seconds=seconds)
    await leases.know()
    return leases


@pytest.mark.parametrize(("replicas", "shares"), [(1, [8]), (2, [4, 4]), (3, [3, 3, 2]), (10, [1] * 8 + [0] * 2)])
async def test_shares_are_even_and_cover_every_partition(pool, replicas, shares):
    every = [await replica(pool, f"replica-{number}") for number in range(replicas)]
    for leases in [*every, *every]:
        await leases.renew()
    assert [leases.share for leases in every] == shares


async def test_a_renewal_is_one_statement_so_that_a_replica_that_stands_still_holds_no_lock(pool):
    leases = await replica(pool, "first")
    said = []
    async with pool.acquire() as connection:
        connection.add_query_logger(lambda record: said.append(record.query))
    await leases.renew()
    assert len(said) == 1


async def test_the_first_replica_claims_everything_from_the_beginning(pool):
    first = await replica(pool, "first")
    claims = await first.renew()
    assert [(claim.partition, claim.epoch, claim.cursor) for claim in claims] == [
        (number, 1, Cursor(0, None, None)) for number in range(8)
    ]
    assert await first.renew() == []
    assert first.valid


async def test_a_second_replica_gets_what_the_first_hands_over(pool):
    first, second = await replica(pool, "first"), await replica(pool, "second")
    await first.renew()
    assert await second.renew() == []
    await first.renew()
    surplus = first.surplus()
    assert len(surplus) == 4
    for partition in surplus:
        await first.release(partition)
    claims = await second.renew()
    assert [(claim.partition, claim.epoch) for claim in claims] == [(partition, 2) for partition in surplus]
    assert (len(first.held), len(second.held)) == (4, 4)


async def test_a_dead_replicas_partitions_are_claimed_when_its_lease_ran_out(pool):
    dead, alive = await replica(pool, "dead", seconds=0.5), await replica(pool, "alive")
    await dead.renew()
    assert await alive.renew() == []
    claims = []

    async def claimed():
        claims.extend(await alive.renew())
        return len(claims) == 8

    await until(claimed, "they were claimed", 5)
    assert {claim.epoch for claim in claims} == {2}
    assert not dead.valid
    await dead.renew()
    assert dead.held == {}


async def test_a_process_that_comes_back_under_its_old_name_is_another_holder(pool):
    before, after = await replica(pool, "same"), await replica(pool, "same")
    await before.renew()
    assert await after.renew() == []


async def test_many_who_claim_at_once_never_share_a_partition(pool):
    many = [await replica(pool, f"replica-{number}") for number in range(4)]

    async def settled():
        for leases in many:
            await leases.renew()
            for partition in leases.surplus():
                await leases.release(partition)
        return [len(leases.held) for leases in many] == [2, 2, 2, 2]

    await asyncio.gather(*(leases.renew() for leases in many))
    await until(settled, "they shared evenly", 10)
    held = [partition for leases in many for partition in leases.held]
    assert sorted(held) == list(range(8))


async def moved(pool, epoch, before, after):
    batch = Batch(3, epoch, Cursor(before, None, None), Cursor(after, b"d", "log"), Folded().changes, 0, ())
    async with pool.acquire() as connection:
        await committing.commit(connection, TOY, batch)


async def test_a_holder_moves_its_cursor_and_nobody_moves_it_from_elsewhere(pool):
    leases = await replica(pool, "first")
    await leases.renew()
    await moved(pool, 1, 0, 10)
    with pytest.raises(Fenced):
        await moved(pool, 1, 0, 12)
    await moved(pool, 1, 10, 12)


async def test_a_zombie_cannot_write(pool):
    zombie, heir = await replica(pool, "zombie", seconds=0.3), await replica(pool, "heir")
    await zombie.renew()
    await moved(pool, 1, 0, 10)
    claims = []

    async def claimed():
        claims.extend(await heir.renew())
        return claims

    await until(claimed, "the heir claimed", 5)
    assert claims[3].cursor == Cursor(10, b"d", "log")
    with pytest.raises(Fenced):
        await moved(pool, 1, 10, 20)
    await moved(pool, claims[3].epoch, 10, 20)
