"""A service at work on real servers: batches, crashes, replicas, failures; each time held against the log it left."""

import asyncio
import shutil
import time
from datetime import UTC, datetime, timedelta

import pytest

from chassis.bus import EVENTS
from chassis.operations import Refusal
from contracts.subjects import partition_of
from facts_said import posted
from staged import says, staged, until

LONG_AGO = "2026-03-02 10:00"
FIVE = ("atelier", "verger", "fablab", "jardin", "chorale")


def posts(count, *, communities=FIVE, members=7, every=timedelta(seconds=20), body="Bonjour"):
    """Posts of several communities, interleaved, long enough for silences to fall due among them."""
    first = posted(LONG_AGO).time
    events = []
    for number in range(count):
        event = posted(
            LONG_AGO,
            member=f"m{number % members}",
            community=communities[number % len(communities)],
            thread=f"t{number % 3}",
            post=f"p{number}",
            event_id=f"e{number}",
            body=body,
        )
        events.append(event.model_copy(update={"time": first + number * every}))
    return events


@pytest.mark.parametrize("batch_size", [1, 7, 500])
async def test_a_run_in_batches_of_any_size_leaves_what_a_fold_of_its_log_gives(nats, postgres, batch_size):
    async with staged(nats, postgres) as stage:
        events = posts(150)
        await stage.publish(*events[:100])
        async with stage.running(batch_size=batch_size) as runner:
            last = await stage.publish(*events[100:])
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()


async def test_every_fact_published_twice_is_folded_once(nats, postgres):
    async with staged(nats, postgres) as stage:
        events = posts(120)
        async with stage.running() as runner:
            await stage.publish(*(event for event in events for _ in range(2)), again="/again")
            last = await stage.publish(*events)
            await stage.quiet(runner, upto=last)
        assert (await stage.fetch("select sum(posts)::int from tally"))[0][0] == 120
        await stage.holds_as_recorded()


async def test_an_identity_sent_again_under_another_time_is_judged_as_a_fold_in_process_judges_it(nats, postgres):
    async with staged(nats, postgres) as stage:
        event = posts(1)[0]
        later = event.model_copy(update={"time": event.time + timedelta(seconds=5)})
        last = await stage.publish(event, later, event, later)
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()


@pytest.mark.parametrize("step", ["after-read", "before-commit", "after-commit", "mid-publish", "before-clear"])
async def test_a_process_killed_at_any_step_of_a_batch_loses_nothing_and_says_nothing_twice(nats, postgres, step):
    async with staged(nats, postgres) as stage:
        last = await stage.publish(*posts(200))
        process = await stage.process(crash_at=f"{step}:3", batch_size=16)
        assert await process.wait(60) == -9
        async with stage.running(batch_size=16) as runner:
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()


async def test_after_a_take_over_what_is_in_the_log_already_is_cleared_and_the_rest_is_published(nats, postgres):
    """As left by a holder that died while publishing, longer ago than the duplicate window."""
    async with staged(nats, postgres) as stage:
        events = posts(40)
        await stage.publish(*events)
        process = await stage.process(crash_at="after-commit:2")
        assert await process.wait(30) == -9
        said = {entry.raw for entry in await stage.log()}
        waiting = await stage.fetch("select subject, body from outbox order by partition, position")
        unsaid = [record for record in waiting if record["body"] not in said]
        assert unsaid
        await stage.publish_raw([(unsaid[0]["subject"], unsaid[0]["body"])])
        async with stage.running() as runner:
            await stage.quiet(runner, upto=len(events))
        await stage.holds_as_recorded()


async def test_the_cursor_of_an_idle_partition_follows_what_the_log_holds_of_others(nats, postgres):
    async def cursors():
        return {row[0]: row[1] for row in await stage.fetch("select partition, greatest(seq, passed) from cursor")}

    async with staged(nats, postgres) as stage:
        async with stage.running() as runner:
            last = await stage.publish(*posts(30, communities=("atelier",)))
            await stage.quiet(runner, upto=last)
            last = len(await stage.log())

            async def followed():
                return set((await cursors()).values()) == {last}

            await until(followed, "every cursor came to the end of the log", 20)
            later = await stage.publish(*posts(3, communities=("verger",)))
            await stage.quiet(runner, upto=later)
            last = len(await stage.log())
            await until(followed, "every cursor came to the end of the log again", 20)
        assert set((await cursors()).values()) == {last}
        # What was passed over is gone; a reader that starts on what is left misses nothing.
        await stage.bus.api(f"STREAM.PURGE.{EVENTS}", {"seq": last + 1})
        async with stage.running() as runner:
            event = posts(2, communities=("fablab",))[1]
            await stage.quiet(runner, upto=await stage.publish(event, event))
        assert [row[0] for row in await stage.fetch("select posts from tally where community = 'fablab'")] == [1]


async def test_what_was_said_last_stays_in_postgres_and_the_rest_leaves(nats, postgres):
    async with staged(nats, postgres) as stage:
        async with stage.running(said_kept=5, batch_size=7) as runner:
            last = await stage.publish(*posts(60, communities=("atelier",)))
            await stage.quiet(runner, upto=last)
        said = [entry.raw for entry in await stage.log() if entry.event.source == "/services/support"]
        kept = await stage.fetch("select body from outbox_log order by position")

        assert [row[0] for row in kept] == said[-5:]
        assert await stage.fetch("select 1 from outbox") == []
        async with stage.running(said_kept=5) as runner:
            later = [
                event.model_copy(update={"id": f"later-{event.id}"}) for event in posts(4, communities=("atelier",))
            ]
            await stage.quiet(runner, upto=await stage.publish(*later))
        await stage.holds_as_recorded()


async def test_servers_that_are_away_at_the_start_are_waited_for(own_nats, own_postgres):
    async with staged(own_nats.url, own_postgres.dsn) as stage:
        last = await stage.publish(*posts(10))
        await asyncio.to_thread(own_postgres.stop)
        await asyncio.to_thread(own_nats.stop)
        runner = stage.runner()
        starting = asyncio.create_task(runner.start())
        await until(lambda: says(runner, "waiting for Postgres"), "it noticed that Postgres is away")
        await asyncio.to_thread(own_postgres.start)
        await until(lambda: says(runner, "waiting for NATS"), "it noticed that NATS is away")
        assert not starting.done()
        await asyncio.to_thread(own_nats.start)
        await asyncio.wait_for(starting, 20)
        await stage.quiet(runner, upto=last)
        await runner.stop()


async def test_identities_that_left_the_window_are_cleaned_away(nats, postgres):
    async with staged(nats, postgres) as stage:
        last = await stage.publish(*posts(4, communities=("atelier",), every=timedelta(days=20)))
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
            runner._cleaned_at = -1e9
            await runner._clean()
        # Days 0, 20, 40 and 60; the community's now is later than day 60, so day 20 has left its 30 days.
        assert len(await stage.fetch("select 1 from seen")) <= 2
        await stage.holds_as_recorded()


async def test_two_replicas_share_evenly_and_a_dead_ones_partitions_move_within_ten_seconds(nats, postgres):
    async with staged(nats, postgres) as stage:
        events = posts(400)
        other = await stage.process(lease_seconds=3)
        await until(lambda: _held(stage, 8), "the first replica held everything")
        async with stage.running(lease_seconds=3) as runner:
            await stage.publish(*events[:200])
            await until(lambda: len(runner.status()["partitions"]) == 4, "the partitions were shared")
            await stage.publish(*events[200:300])
            await other.kill()
            died = time.monotonic()
            await until(lambda: len(runner.status()["partitions"]) == 8, "the dead replica's partitions moved", 10)
            assert time.monotonic() - died < 10
            last = await stage.publish(*events[300:])
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()


async def test_a_replica_that_stops_hands_its_partitions_over_at_once(nats, postgres):
    async with staged(nats, postgres) as stage:
        first, second = stage.runner(lease_seconds=6), stage.runner(lease_seconds=6)
        await first.start()
        await second.start()
        await until(lambda: len(second.status()["partitions"]) == 4, "the partitions were shared")
        await first.stop()
        await until(lambda: len(second.status()["partitions"]) == 8, "they were handed over", 4)
        await second.stop()
        assert not await _held(stage, 1)


async def _held(stage, count):
    return (await stage.fetch("select count(*) from lease where holder is not null"))[0][0] >= count


BUSY_SHARE = 0.1
"""Of a core: what a process that waits for a server may use, the test's own part included."""
ABSENCES = (
    (3, "kill"),
    pytest.param(20, "kill", marks=pytest.mark.proof),
    pytest.param(20, "stop", marks=pytest.mark.proof),
)


async def _away(server, runner, *, seconds, how, record_property):
    """A server ends as `how` says, stays away for so long, and comes back; how the runner took it is recorded."""
    await asyncio.to_thread(getattr(server, how))
    await until(lambda: not runner.ready()[0], "readiness said no", 10)
    before, began = time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    share = (time.process_time() - before) / (time.monotonic() - began)
    assert not runner.ready()[0]
    await asyncio.to_thread(server.start)
    began = time.monotonic()
    await until(lambda: runner.ready()[0], "it was ready again")
    record_property("share_of_a_core_while_waiting", f"{share:.4f}")
    record_property("seconds_until_ready", f"{time.monotonic() - began:.2f}")
    assert share < BUSY_SHARE


async def _flow(stage, events):
    """Events one after the other, fifty a second, each until the log has it; answers the last sequence."""
    last = 0
    for event in events:
        last = await stage.publish(event)
        await asyncio.sleep(0.02)
    return last


@pytest.mark.parametrize(("seconds", "how"), ABSENCES)
async def test_nats_away_while_events_flow_loses_nothing_and_is_ready_again_by_itself(
    own_nats, postgres, seconds, how, record_property
):
    async with staged(own_nats.url, postgres) as stage:
        events = posts(300)
        async with stage.running() as runner:
            await stage.publish(*events[:100])
            flow = asyncio.create_task(_flow(stage, events[100:]))
            await until(lambda: stage.published > 150, "events flowed")
            await _away(own_nats, runner, seconds=seconds, how=how, record_property=record_property)
            await stage.quiet(runner, upto=await flow)
        assert (await stage.fetch("select sum(posts)::int from tally"))[0][0] == 300
        await stage.holds_as_recorded()


@pytest.mark.parametrize(("seconds", "how"), ABSENCES)
async def test_postgres_away_while_events_flow_loses_nothing_and_is_ready_again_by_itself(
    nats, own_postgres, seconds, how, record_property
):
    async with staged(nats, own_postgres.dsn) as stage:
        events = posts(300)
        async with stage.running() as runner:
            await stage.publish(*events[:100])
            flow = asyncio.create_task(_flow(stage, events[100:]))
            await until(lambda: stage.published > 150, "events flowed")
            await _away(own_postgres, runner, seconds=seconds, how=how, record_property=record_property)
            await stage.quiet(runner, upto=await flow)
        assert (await stage.fetch("select sum(posts)::int from tally"))[0][0] == 300
        await stage.holds_as_recorded()


async def test_a_silence_falls_due_by_the_wall_when_nothing_else_happens(nats, postgres):
    async with staged(nats, postgres) as stage:
        soon = datetime.now(UTC).replace(microsecond=500_000) + timedelta(seconds=1)
        event = posted(LONG_AGO, member="ana", event_id="only").model_copy(
            update={"time": soon - timedelta(minutes=10)}
        )
        async with stage.running() as runner:
            last = await stage.publish(event)
            await stage.quiet(runner, upto=last)
            assert not await _said(stage, "clock.ticked")
            await until(lambda: _said(stage, "question.cancelled"), "the silence was noticed", 10)
            assert datetime.now(UTC) > soon
            await stage.quiet(runner)
        assert [entry.event.time for entry in await _said(stage, "clock.ticked")] == [
            soon.replace(microsecond=0) + timedelta(seconds=1)
        ]
        await stage.holds_as_recorded()


async def _said(stage, event_type):
    return [entry for entry in await stage.log() if entry.event is not None and entry.event.type == event_type]


async def test_after_an_absence_one_tick_at_the_walls_second_makes_up_for_all(nats, postgres):
    async with staged(nats, postgres) as stage:
        last = await stage.publish(*posts(20, communities=("atelier",), every=timedelta(minutes=1)))
        async with stage.running() as runner:
            await until(lambda: _said(stage, "clock.ticked"), "the tick came")
            await stage.quiet(runner, upto=last)
        ticks = await _said(stage, "clock.ticked")
        assert len(ticks) == 1
        assert datetime.now(UTC) - ticks[0].event.time < timedelta(minutes=1)
        await stage.holds_as_recorded()


async def test_a_conducted_service_reads_only_in_its_turns_and_publishes_no_tick(nats, postgres):
    async with staged(nats, postgres) as stage:
        partition = partition_of("atelier", 8)
        events = posts(4, communities=("atelier",), members=1)
        async with stage.running(conducted=True) as runner:
            first = await stage.publish(events[0])
            last = await stage.publish(*events[1:3])
            turn = await runner.turn(partition, first)
            assert (turn["read_to"], turn["published_to"]) == (first, 0)
            turn = await runner.turn(partition, last)
            assert (turn["read_to"], turn["published_to"]) == (last, last + 1)
            assert set(turn["due"]) == {"atelier"}
            assert (await runner.turn(partition, last + 1))["published_to"] == 0
            elsewhere = (partition + 1) % 8
            assert (await runner.turn(elsewhere, last + 1))["read_to"] == last + 1
        assert not await _said(stage, "clock.ticked")
        await stage.holds_as_recorded()


async def test_a_service_on_live_time_grants_no_turn(nats, postgres):
    async with staged(nats, postgres) as stage, stage.running() as runner:
        with pytest.raises(Refusal, match="live time"):
            await runner.turn(0, 1)


async def test_a_paused_service_reads_nothing_until_resumed(nats, postgres):
    async with staged(nats, postgres) as stage, stage.running() as runner:
        await runner.pause()
        last = await stage.publish(*posts(10))
        await until(lambda: _at_hand(runner) == 10, "all of them lay ready to be read")
        assert not await stage.fetch("select 1 from tally")
        assert runner.ready() == (False, ["paused by an operator"])
        await runner.resume()
        await stage.quiet(runner, upto=last)
        assert runner.ready()[0]


def _at_hand(runner):
    return sum(partition["lag"] for partition in runner.status()["partitions"])


async def test_what_was_said_and_not_read_back_is_said_again_to_a_log_that_lost_it(own_nats, postgres, tmp_path):
    async with staged(own_nats.url, postgres) as stage:
        events = posts(3, communities=("atelier",), members=1)
        last = await stage.publish(*events)
        await asyncio.to_thread(own_nats.stop)
        shutil.copytree(own_nats.folder / "jetstream", tmp_path / "copy")
        await asyncio.to_thread(own_nats.start)
        await until(stage.hears_the_log, "the log answered again")
        # The second post is answered by a decision, which reaches the log; the third moves the cursor on.
        process = await stage.process(crash_at="after-commit:3", batch_size=1)
        assert await process.wait() == -9
        assert len(await stage.log()) == last + 1
        await asyncio.to_thread(own_nats.kill)
        shutil.rmtree(own_nats.folder / "jetstream")
        shutil.copytree(tmp_path / "copy", own_nats.folder / "jetstream")
        await asyncio.to_thread(own_nats.start)
        await until(stage.hears_the_log, "the log answered again")
        stage.forget_log()
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
        assert [entry.event.type for entry in await stage.log()].count("helper.credited") == 1
        await stage.holds_as_recorded()
