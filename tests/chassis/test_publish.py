"""What is said reaches the log in order, once, and nobody can take its place there."""

from base64 import b64decode
from collections import deque

import pytest

from chassis.bus import DEAD, EVENTS, Message
from chassis.publish import CHUNK, FEW, Parcel, Publisher, message_id
from staged import staged, until

SUBJECT = "question.opened.atelier.support"
SECRET = b"a deployment's secret"


def parcels(count, start=0):
    return deque(
        Parcel(number, EVENTS, SUBJECT, f"/services/support\x1f{number}", f'{{"n":{number}}}'.encode())
        for number in range(start, start + count)
    )


def publisher(stage):
    return Publisher(stage.bus, secret=SECRET, timeout_seconds=5)


async def bodies(stage, stream=EVENTS):
    last = (await stage.bus.api(f"STREAM.INFO.{stream}"))["state"]["last_seq"]
    return [await stage.fetch_body(stream, seq) for seq in range(1, last + 1)]


async def test_many_go_in_order_in_atomic_batches(nats, postgres):
    async with staged(nats, postgres) as stage:
        count = CHUNK + 20
        queue = parcels(count)
        expected = [parcel.body for parcel in queue]
        mine = publisher(stage)
        assert await mine.publish(queue) == count
        assert not queue
        assert await bodies(stage) == expected
        assert mine.counts == {"published": count}


async def test_what_an_earlier_try_put_there_is_not_put_there_again(nats, postgres):
    async with staged(nats, postgres) as stage:
        mine = publisher(stage)
        await mine.publish(parcels(3))
        assert await mine.publish(parcels(FEW + 4)) == FEW + 4
        assert await bodies(stage) == [parcel.body for parcel in parcels(FEW + 4)]
        assert mine.counts == {"published": FEW + 4, "duplicate": 3, "single": 1}


async def test_few_go_one_by_one_in_order(nats, postgres):
    async with staged(nats, postgres) as stage:
        mine = publisher(stage)
        await mine.publish(parcels(3))
        assert await mine.publish(parcels(6)) == 6
        assert await bodies(stage) == [parcel.body for parcel in parcels(6)]
        assert mine.counts == {"published": 6, "duplicate": 3}


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "by a library without those methods"])
async def test_many_are_written_as_the_library_writes_each(nats, postgres, monkeypatch, at_once):
    """Byte by byte: the headers, the empty payload, what is not ASCII."""
    monkeypatch.setattr("chassis.bus._WRITES_BLOCKS", at_once)
    messages = [Message(SUBJECT, {"Nats-Msg-Id": f"i{n}", "X": "é"}, "né".encode() * n) for n in range(3)]
    async with staged(nats, postgres) as stage:
        await stage.bus.send_many(messages)
        for message in messages:
            headers = {**message.headers, "Nats-Msg-Id": f"{message.headers['Nats-Msg-Id']} alone"}
            await stage.bus.send(message.subject, message.payload, headers=headers)
        await until(lambda: _count(stage, 6), "all six are there")
        stored = [(await stage.bus.api(f"STREAM.MSG.GET.{EVENTS}", {"seq": seq}))["message"] for seq in range(1, 7)]

    for one, other in zip(stored[:3], stored[3:], strict=True):
        assert one.get("data") == other.get("data")
        assert b64decode(one["hdrs"]) == b64decode(other["hdrs"]).replace(b" alone", b"")


async def _count(stage, count):
    return (await stage.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]["messages"] == count


async def test_an_id_that_somebody_else_occupies_is_left_to_them_and_the_message_still_arrives(nats, postgres):
    async with staged(nats, postgres) as stage:
        queue = parcels(2)
        identity = queue[0].identity
        await stage.bus.client.request(
            "post.created.atelier.forum", b"not ours", headers={"Nats-Msg-Id": message_id(SECRET, identity)}
        )
        mine = publisher(stage)
        assert await mine.publish(queue) == 3
        assert await bodies(stage) == [b"not ours", *(parcel.body for parcel in parcels(2))]
        assert mine.counts["occupied"] == 1


async def test_ids_cannot_be_guessed_without_the_secret():
    identity = "/services/support\x1f1"
    assert message_id(SECRET, identity) != message_id(b"another", identity)
    assert message_id(SECRET, identity) == message_id(SECRET, identity)
    assert message_id(SECRET, identity, 1) != message_id(SECRET, identity)


async def test_letters_go_to_their_own_stream_behind_the_decisions(nats, postgres):
    async with staged(nats, postgres) as stage:
        queue = parcels(2)
        queue.append(Parcel(3, DEAD, "dead.support.atelier", "letter\x1f1", b"a letter"))
        assert await publisher(stage).publish(queue) == 2
        assert len(await bodies(stage)) == 2
        assert await bodies(stage, DEAD) == [b"a letter"]


async def test_a_letter_that_an_earlier_try_put_there_is_taken_for_sent_without_looking(nats, postgres):
    async with staged(nats, postgres) as stage:
        mine = publisher(stage)
        for _ in range(2):
            await mine.publish(deque([Parcel(1, DEAD, "dead.support.atelier", "letter\x1f1", b"a letter")]))
        assert mine.counts == {"published": 1, "duplicate": 1}
