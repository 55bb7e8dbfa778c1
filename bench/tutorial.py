"""The same rules in the way FastStream's tutorial shows: one message, one transaction, publish after the commit.

A subscriber of the stream gets one message after the other; its handler opens a transaction, loads by key what the
rules ask for, writes, commits, publishes each decision and lets the broker acknowledge. It is given every help that
leaves the form as it is: the bytes as they are instead of a model read by the framework, one statement for all
writes, no outbox, uvloop. What it lacks is what the form lacks: nothing is shared between two messages.
"""

import asyncio
import logging
import time

import asyncpg
from faststream.nats import JStream, NatsBroker, NatsMessage
from faststream.security import SASLPlaintext

from bench.material import Material
from bench.pipeline import Run
from bench.stand import PATIENCE_SECONDS, Stand
from chassis.batch import Breaker, fold_batch
from chassis.bus import EVENTS
from chassis.committing import Batch, commit
from chassis.cursor import Cursor, digest_of
from chassis.entry import Entry, read
from chassis.fold import Fold
from chassis.held import Limits
from chassis.partial import PartialShelf
from chassis.postgres import Pool
from chassis.rendering import Texts
from chassis.service import Service
from contracts.envelope import AnyEvent
from contracts.subjects import subject_of

_STATEMENTS = 1000
"""Every form that a write takes stays prepared: one message alone writes this table or that, and the forms are many."""
_PLACE = "insert into cursor (partition, epoch, seq) values (0, 1, 0)"


class Handler:
    """What the handler of the tutorial does, with the rules of a service in the middle."""

    def __init__(self, service: Service, pool: Pool, broker: NatsBroker, expected: int) -> None:
        self._service = service
        self._pool = pool
        self._broker = broker
        self._texts = Texts(service.package)
        self._breaker = Breaker(failures=1, events=1000)
        self._cursor = Cursor(0, None, None)
        self._expected = expected
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def handle(self, body: bytes, message: NatsMessage) -> None:
        """One message: a transaction, then what was said. What goes wrong ends the run."""
        try:
            await self._handle(body, message)
        except Exception as error:
            if not self.done.done():
                self.done.set_exception(error)
            raise

    async def _handle(self, body: bytes, message: NatsMessage) -> None:
        entry = read(body, seq=self._cursor.seq + 1, subject=message.raw_message.subject)
        if entry.event is not None and entry.event.source != self._service.source:
            said = await self._write(entry)
            for event in said:
                await self._broker.publish(
                    event.to_json(), str(subject_of(event)), stream=EVENTS, headers={"Nats-Msg-Id": event.id}
                )
            self._expected += len(said)
        self._expected -= 1
        if self._expected == 0:
            self.done.set_result(None)

    async def _write(self, entry: Entry) -> list[AnyEvent]:
        # Every row by its key: to hold whole tables is what one message alone cannot afford.
        shelf = PartialShelf(self._service, Limits(communities=0))
        async with self._pool.acquire() as connection, connection.transaction():
            fold = Fold(self._service, shelf, self._texts)
            changes = (await fold_batch(fold, shelf, connection, [entry], self._breaker)).changes
            after = Cursor(entry.seq, digest_of(entry.raw), None)
            await commit(connection, self._service, Batch(0, 1, self._cursor, after, changes, 0, ()))
        self._cursor = after
        return changes.said


async def run(stand: Stand, service: Service, material: Material) -> Run:
    """The facts as a backlog, from the first one delivered to the last decision acknowledged and read back."""
    await stand.empty_log()
    last = await stand.say(material.messages)
    nats = stand.servers.nats
    broker = NatsBroker(
        nats.address,
        security=SASLPlaintext(nats.user, nats.password),
        logger=logging.getLogger("bench.tutorial"),
        log_level=logging.DEBUG,
    )
    async with stand.database(service) as dsn:
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=1,
            statement_cache_size=_STATEMENTS,
            server_settings={"search_path": service.name, "jit": "off", "plan_cache_mode": "force_generic_plan"},
        )
        await pool.execute(_PLACE)
        handler = Handler(service, pool, broker, len(material.entries))
        broker.subscriber(">", stream=JStream(EVENTS, declare=False), decoder=_as_it_is)(handler.handle)
        before, started = stand.processor(), time.perf_counter()
        await broker.start()
        await asyncio.wait_for(handler.done, PATIENCE_SECONDS)
        seconds, after = time.perf_counter() - started, stand.processor()
        decided = await stand.heard(last, service.name)
        await broker.stop()
        await pool.close()
    events = len(material.entries)
    return Run(events, seconds, after.since(before, events), decided)


async def _as_it_is(message: NatsMessage) -> bytes:
    return bytes(message.body)
