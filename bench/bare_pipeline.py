"""A bare pipeline as a process of its own: heard, remembered in one transaction, answered. No rule, no state.

`python -m bench.bare_pipeline NATS_URL POSTGRES_DSN`, until SIGTERM: what the latency of a service is held against.
"""

import asyncio
import signal
import sys

import asyncpg
import nats
import orjson
import uvloop
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chassis.bus import EVENTS

PUBLISHER = "bare"
READY = b"ready\n"
_BATCH = 500
_TABLE = "create table if not exists heard (id text primary key)"
_REMEMBER = "insert into heard select unnest($1::text[]) on conflict do nothing"


async def _work(client: Client, connection: asyncpg.Connection, arrived: asyncio.Queue[Msg]) -> None:
    log = client.jetstream()
    while True:
        messages = [await arrived.get()]
        while not arrived.empty() and len(messages) < _BATCH:
            messages.append(arrived.get_nowait())
        ids = [orjson.loads(message.data)["id"] for message in messages]
        await connection.execute(_REMEMBER, ids)
        answers = (
            log.publish(
                f"points.awarded.{message.subject.split('.')[3]}.{PUBLISHER}",
                orjson.dumps({"causationid": id_}),
                headers={"Nats-Msg-Id": f"{PUBLISHER}/{id_}"},
            )
            for message, id_ in zip(messages, ids, strict=True)
        )
        await asyncio.gather(*answers)
        for message in messages:
            await message.ack()


async def main(url: str, dsn: str) -> None:
    """Hear until told to stop."""
    client, connection = await nats.connect(url), await asyncpg.connect(dsn)
    await connection.execute(_TABLE)
    arrived: asyncio.Queue[Msg] = asyncio.Queue()

    async def hear(message: Msg) -> None:
        if message.subject.endswith(f".{PUBLISHER}"):
            await message.ack()
        else:
            await arrived.put(message)

    config = ConsumerConfig(deliver_policy=DeliverPolicy.NEW, ack_policy=AckPolicy.EXPLICIT, max_ack_pending=10_000)
    await client.jetstream().subscribe(">", stream=EVENTS, cb=hear, config=config, manual_ack=True)
    working = asyncio.create_task(_work(client, connection, arrived))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    await asyncio.wait([working])
    await client.close()
    await connection.close()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:3]))
