"""The log read in order, and held against the cursor: what is lost is noticed, and said."""

import asyncio

import pytest

from chassis.bus import EVENTS
from chassis.cursor import Cursor, LogChanged, digest_of, hold_against
from chassis.log import Reader
from contracts.subjects import partition_of
from staged import staged, until

SUBJECT = "post.created.atelier.forum"
PARTITION = partition_of("atelier", 8)


def numbered(count, start=0, subject=SUBJECT):
    return [(subject, f"{number}".encode()) for number in range(start, start + count)]


async def opened(stage, after=0, **given):
    heard = asyncio.Event()
    reader = Reader(
        stage.bus,
        PARTITION,
        batch=given.pop("batch", 10),
        heartbeat_seconds=given.pop("heartbeat_seconds", 0.5),
        wake=heard.set,
    )
    await reader.open(after, **given)
    return reader


async def taken(reader, count, limit=7):
    """So many messages, in pieces."""
    found = []

    async def more():
        found.extend(await reader.take(limit))
        return len(found) >= count

    await until(more, f"{count} messages arrived", 10)
    return found


async def test_a_reader_gives_what_is_there_and_what_comes_in_order_and_knows_the_end(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(95))
        reader = await opened(stage)
        assert reader.pending == 95
        assert not reader.at_end
        found = await taken(reader, 95)
        assert [message.raw for message in found] == [raw for _, raw in numbered(95)]
        assert reader.at_end
        await stage.publish_raw(numbered(40, 95))
        found = await taken(reader, 40)
        assert [message.seq for message in found] == list(range(96, 136))
        assert found[0].subject == f"{PARTITION}.{SUBJECT}"
        assert reader.at_end
        await reader.close()


async def test_a_reader_starts_behind_its_cursor_and_sees_one_partition(nats, postgres):
    async with staged(nats, postgres) as stage:
        elsewhere = next(name for name in "abcdefgh" if partition_of(name, 8) != PARTITION)
        await stage.publish_raw(
            [
                pair
                for number in range(6)
                for pair in (numbered(1, number)[0], (f"post.created.{elsewhere}.forum", b"x"))
            ]
        )
        reader = await opened(stage, after=5)
        assert [message.seq for message in await taken(reader, 3)] == [7, 9, 11]
        await until(lambda: reader.examined == 12, "the reader knew that nothing of its partition is missing")
        await reader.close()


async def test_nothing_beyond_a_place_is_taken_when_told_so(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(10))
        reader = await opened(stage)
        await until(lambda: reader.waiting == 10)
        assert [message.seq for message in await reader.take(500, upto=4)] == [1, 2, 3, 4]
        assert await reader.take(500, upto=4) == []
        assert len(await reader.take(500)) == 6
        await reader.close()


async def test_messages_larger_than_a_pulls_bytes_still_flow(nats, postgres):
    async with staged(nats, postgres) as stage:
        body = b"x" * (250 * 1024)
        await stage.publish_raw([(SUBJECT, body)] * 40)
        reader = await opened(stage, batch=500)
        assert len(await taken(reader, 40, limit=500)) == 40
        assert reader.broken is None
        await reader.close()


async def test_a_server_killed_is_noticed_and_a_new_reader_goes_on_without_a_gap(own_nats, postgres):
    async with staged(own_nats.url, postgres) as stage:
        await stage.publish_raw(numbered(30))
        reader = await opened(stage)
        last = (await taken(reader, 30))[-1].seq
        await asyncio.to_thread(own_nats.kill)
        await until(lambda: reader.broken, "the reader was found broken", 10)
        await asyncio.to_thread(own_nats.start)
        await until(lambda: stage.bus.connected, "the connection was found again")
        await stage.publish_raw(numbered(5, 30))
        reader = await opened(stage, after=last)
        assert [message.seq for message in await taken(reader, 5)] == [31, 32, 33, 34, 35]
        await reader.close()


async def test_a_consumer_that_the_server_forgot_is_noticed_by_its_silence(nats, postgres):
    async with staged(nats, postgres) as stage:
        reader = await opened(stage)
        listed = await stage.bus.api(f"CONSUMER.NAMES.{EVENTS}")
        await stage.bus.api(f"CONSUMER.DELETE.{EVENTS}.{listed['consumers'][0]}")
        await until(lambda: reader.broken, "the reader was found broken", 5)


async def test_a_subject_that_is_no_text_does_not_end_the_connection(nats, postgres):
    async with staged(nats, postgres) as stage:
        reader = await opened(stage)
        socket = stage.bus.client._transport
        body = b"PUB post.created.atelier.\xff\xfe 2\r\n{}\r\n"
        socket.write(body)
        await stage.publish_raw(numbered(1))
        found = await taken(reader, 2)
        assert [message.raw for message in found] == [b"{}", b"0"]
        assert reader.broken is None
        await reader.close()


async def held(stage, seq, raw, log=None, passed=0):
    created = log or (await stage.bus.api(f"STREAM.INFO.{EVENTS}"))["created"]
    return await hold_against(stage.bus, Cursor(seq, digest_of(raw), created, passed))


async def test_a_log_as_it_was_left_is_accepted(nats, postgres):
    async with staged(nats, postgres) as stage:
        assert (await hold_against(stage.bus, Cursor(0, None, None))).last == 0
        await stage.publish_raw(numbered(10))
        assert (await held(stage, 4, b"3")).last == 10
        assert (await held(stage, 10, b"9")).last == 10


async def test_a_log_that_lost_its_tail_is_refused(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(10))
        with pytest.raises(LogChanged, match="ends at 10 and the cursor stands at 12: 2 are gone"):
            await held(stage, 12, b"11")


async def test_a_log_that_lost_its_tail_and_grew_again_is_refused(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(10))
        with pytest.raises(LogChanged, match="message 10 is not the one that was committed"):
            await held(stage, 10, b"something else")


async def test_a_log_whose_head_is_gone_is_refused_when_it_was_not_read(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(10))
        await stage.bus.api(f"STREAM.PURGE.{EVENTS}", {"seq": 6})
        assert (await held(stage, 5, b"4")).last == 10
        with pytest.raises(LogChanged, match="messages 4 to 5 were never read here"):
            await held(stage, 3, b"2")


async def test_what_a_cursor_passed_over_may_leave_the_log_and_must_not_be_missing_at_its_end(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(10))
        with pytest.raises(LogChanged, match="ends at 10 and the cursor stands at 12: 2 are gone"):
            await held(stage, 3, b"2", passed=12)
        await stage.bus.api(f"STREAM.PURGE.{EVENTS}", {"seq": 8})
        assert (await held(stage, 3, b"2", passed=7)).last == 10
        with pytest.raises(LogChanged, match="messages 7 to 7 were never read here"):
            await held(stage, 3, b"2", passed=6)


async def test_a_message_gone_from_under_the_cursor_is_refused(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(10))
        await stage.bus.api(f"STREAM.MSG.DELETE.{EVENTS}", {"seq": 5})
        with pytest.raises(LogChanged, match="message 5, on which the cursor stands, is gone"):
            await held(stage, 5, b"4")


async def test_another_log_of_the_same_name_is_refused(nats, postgres):
    async with staged(nats, postgres) as stage:
        await stage.publish_raw(numbered(10))
        with pytest.raises(LogChanged, match="created at"):
            await held(stage, 5, b"4", log="2026-01-01T00:00:00Z")
