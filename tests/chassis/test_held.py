"""What the holder of a partition keeps in memory of its communities: whole, within limits, only what is committed."""

from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from backing import Backing
from chassis.batch import Breaker
from chassis.committing import Fenced
from chassis.entry import Entry, identity_of
from chassis.held import Held, Limits
from chassis.partial import Changes
from chassis.rendering import Texts
from chassis.shelf import Deadline
from contracts.subjects import partition_of
from facts_said import posted
from staged import staged
from toy.service import TOY, Tally

START = "2026-03-02 10:00"
SMALL = Limits(table_rows=3, rows=30, communities=2, idle_batches=2, by_key=100)


def entries(*events):
    return [Entry(n, None, None, b"", event, identity=identity_of(event)) for n, event in enumerate(events, 1)]


def post(number, *, community="atelier", member=None):
    event = posted(START, member=member or f"m{number}", community=community, event_id=f"{community}-{number}")
    return event.model_copy(update={"time": event.time + number * timedelta(seconds=20)})


def counted(**tables):
    return {type(name, (), {}): rows for name, rows in tables.items()}


def test_a_community_is_loaded_once_and_no_turn_of_it_lacks_anything_then():
    backing = Backing(TOY, Texts("toy"))
    for number in range(60):
        backing.batch(entries(post(number, member=f"m{number % 7}")))

    assert backing.loads == {"held": 1}


def test_a_table_that_grew_is_given_up_and_read_by_key():
    backing = Backing(TOY, Texts("toy"), SMALL)
    backing.batch(entries(*(post(number) for number in range(6))))
    assert Tally in backing.shelf.held.communities["atelier"].rows
    backing.batch(entries(post(6)))
    assert Tally in backing.shelf.held.communities["atelier"].rows
    backing.batch(entries(post(7)))

    held = backing.shelf.held.communities["atelier"]
    assert Tally not in held.rows
    assert not held.whole


def test_what_was_read_by_key_before_a_table_was_held_is_not_believed_when_it_is_given_up():
    """m0 posts while the table is large, while it is held, and when it is large again: every post counts."""
    backing = Backing(TOY, Texts("toy"), SMALL)
    backing.batch(entries(*(post(number) for number in range(8))))
    backing.batch(entries(post(8, member="m0")))
    assert Tally not in backing.shelf.held.communities["atelier"].rows
    for number in range(1, 8):
        backing.put(Tally, ("atelier", f"m{number}"), None)
    for number in range(3):
        backing.batch(entries(post(number, community="verger"), post(number, community="fablab")))
    assert "atelier" not in backing.shelf.held.communities
    for number in range(3, 6):
        backing.batch(entries(post(number, community="verger")))
    backing.batch(entries(post(9, member="m0")))
    assert Tally in backing.shelf.held.communities["atelier"].rows
    backing.batch(entries(*(post(number) for number in range(10, 18))))
    backing.batch(entries(post(18, member="m0")))

    assert Tally not in backing.shelf.held.communities["atelier"].rows
    assert backing.rows[Tally]["atelier", "m0"].posts == 4


def test_what_is_at_work_makes_no_room_and_what_is_idle_does():
    held = Held(Limits(table_rows=10, rows=20, communities=3, idle_batches=2))
    held.begin([])
    for name in ("a", "b"):
        held.take_in(name, counted(one=6, two=3))
    assert held.rows == 18

    crowded = held.take_in("c", counted(one=6, two=2))
    assert [row.__name__ for row in crowded.rows] == ["two"]
    assert not crowded.whole
    assert held.rows == 20
    assert held.newcomers(["a", "d", "e"]) == []

    for _ in range(2):
        held.begin(["b"])
    assert held.newcomers(["a", "d", "e"]) == ["d", "e"]
    assert list(held.communities) == ["b"]


def test_what_grows_beyond_the_limit_of_all_is_given_up_the_idle_first_then_the_largest_table():
    class Row:
        pass

    held = Held(Limits(table_rows=10, rows=12, communities=3, idle_batches=5))
    held.begin(["a", "b"])
    a, b = held.take_in("a", {Row: 0, Deadline: 0}), held.take_in("b", {Row: 0})
    a.put(Row, {("a", str(n)): Row() for n in range(8)})
    b.put(Row, {("b", str(n)): Row() for n in range(7)})
    held.begin(["b"])
    assert list(held.communities) == ["b"]
    assert held.rows == 7
    b.put(Row, {("b", str(n)): Row() for n in range(13)})
    held.begin(["b"])

    assert b.rows == {}
    assert held.rows == 0


@asynccontextmanager
async def between_batches(nats, postgres):
    """A stage, the ledger of the partition of a community in which ana posted once, and her second post."""
    async with staged(nats, postgres) as stage, stage.running() as runner:
        last = await stage.publish(post(0, member="ana"))
        await stage.quiet(runner, upto=last)
        await runner.pause()
        ledger = runner._holding.workers[partition_of("atelier", 8)]._ledger
        assert list(ledger._shelf.held.communities) == ["atelier"]
        event = post(1, member="ana")
        yield stage, ledger, Entry(last + 9, None, None, event.to_json(), event, identity=identity_of(event))


async def test_after_a_commit_that_was_fenced_off_nothing_in_memory_is_believed(nats, postgres):
    async with between_batches(nats, postgres) as (stage, ledger, entry):
        await stage.execute("update cursor set epoch = epoch + 1")
        with pytest.raises(Fenced):
            await ledger.fold([entry], Breaker(failures=9, events=9))

        assert list(ledger._shelf.held.communities) == []
        assert ledger._shelf.changes == Changes()


async def test_after_a_commit_that_failed_the_same_batch_is_folded_over_what_postgres_has(nats, postgres):
    async with between_batches(nats, postgres) as (stage, ledger, entry):
        await stage.execute("alter table tally add constraint few check (posts < 2)")
        with pytest.raises(asyncpg.CheckViolationError):
            await ledger.fold([entry], Breaker(failures=9, events=9))
        await stage.execute("alter table tally drop constraint few")
        await ledger.fold([entry], Breaker(failures=9, events=9))

        assert [row[0] for row in await stage.fetch("select posts from tally")] == [2]


async def test_what_another_holder_wrote_meanwhile_is_read_again_by_whoever_comes_back(nats, postgres):
    async with between_batches(nats, postgres) as (stage, ledger, entry):
        await stage.execute("update tally set posts = 7")
        await ledger.load()
        await ledger.fold([entry], Breaker(failures=9, events=9))

        assert [row[0] for row in await stage.fetch("select posts from tally")] == [8]
