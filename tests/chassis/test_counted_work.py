"""What a batch costs, counted instead of timed: statements, acknowledgements of the log, bytes that Postgres keeps."""

import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from backing import Backing
from chassis.publish import CHUNK, FEW
from chassis.rendering import Texts
from chassis.settings import Settings
from facts_said import posted
from recorded import Run, fortnight, installed
from staged import Still, staged
from toy.service import TOY

BATCH = 250
MEMBERS = 25
WAL_BYTES = 2000
"""An event of the toy: measured 1,374; an identity that was seen, half a decision, a tally and a deadline of each."""


def posts(first, count):
    events = (
        posted("2026-03-02 10:00", member=f"m{n % MEMBERS}", event_id=f"e{n}") for n in range(first, first + count)
    )
    return [event.model_copy(update={"time": event.time + n * timedelta(seconds=1)}) for n, event in enumerate(events)]


class Counted:
    """What was asked of the servers."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.statements = []
        self.said = []
        self.acknowledgements = 0

    def asked(self, record):
        if record.query != "select 1":
            self.statements.append(record.query)
        if "insert into outbox_log" in record.query:
            self.said.append(_said_by(record.args))

    async def answered(self, message):
        answer = json.loads(message.data) if message.data.startswith(b"{") else {}
        if ".log." not in message.subject and "seq" in answer and "type" not in answer:
            self.acknowledgements += 1


def _said_by(arguments):
    """How many decisions a commit posts: its columns stand among the arguments, one of them their identities."""
    columns = [values for values in arguments if isinstance(values, list) and values]
    return next(len(values) for values in columns if str(values[0]).startswith(f"{TOY.source}\x1f"))


@asynccontextmanager
async def at_work(nats, postgres):
    """A stage, a replica that is watched, and what they ask of the servers."""
    counted = Counted()
    async with (
        staged(nats, postgres) as stage,
        stage.running(clock=Still(), postgres_pool_size=2, batch_size=BATCH) as runner,
    ):
        async with runner._pool.acquire() as one, runner._pool.acquire() as other:
            for connection in (one, other):
                connection.add_query_logger(counted.asked)
        await stage.bus.client.subscribe(f"{Settings.inbox_prefix(stage.settings, TOY.name)}.>", cb=counted.answered)
        yield stage, runner, counted


async def backlog(stage, runner, counted, events):
    """Events that wait together until they are read; what is counted begins with the reading."""
    await runner.pause()
    last = await stage.publish(*events)
    counted.begin()
    await runner.resume()
    await stage.quiet(runner, upto=last)


async def test_a_batch_is_one_read_and_one_write_whatever_its_size(nats, postgres):
    async with at_work(nats, postgres) as (stage, runner, counted):
        await backlog(stage, runner, counted, posts(0, BATCH))
        await backlog(stage, runner, counted, posts(BATCH, 4 * BATCH))

        seen = [sql for sql in counted.statements if "from seen where key = any" in sql]
        commits = [sql for sql in counted.statements if "insert into seen" in sql]
        rest = [sql for sql in counted.statements if sql not in {*seen, *commits}]
        assert len(seen) == len(commits)
        assert 4 <= len(commits) <= 8
        # Beside the batches, now and then: cursors that follow where nothing happens, an outbox that is clear.
        assert [sql for sql in rest if not sql.startswith("with moved as (update cursor")] == []


async def test_what_a_batch_says_is_acknowledged_at_once(nats, postgres):
    async with at_work(nats, postgres) as (stage, runner, counted):
        await backlog(stage, runner, counted, posts(0, 4 * BATCH))
        said = len(await stage.log()) - 4 * BATCH

        assert said == sum(counted.said) == 4 * BATCH // 2
        assert max(counted.said) <= CHUNK
        assert counted.acknowledgements == sum(1 if together > FEW else together for together in counted.said)


async def test_an_event_leaves_few_bytes_of_log_in_postgres(nats, postgres):
    async def written():
        return (await stage.fetch("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))[0][0]

    async with at_work(nats, postgres) as (stage, runner, counted):
        await backlog(stage, runner, counted, posts(0, 4 * BATCH))
        before = await written()
        await backlog(stage, runner, counted, posts(4 * BATCH, 4 * BATCH))

        assert (await written() - before) / (4 * BATCH) < WAL_BYTES


@pytest.mark.parametrize("service", installed(), ids=lambda service: service.name)
def test_no_rule_of_a_service_asks_for_more_than_was_loaded_when_its_community_first_came_up(service):
    log = Run(fortnight()).log
    backing = Backing(service, Texts(service.package))
    for start in range(0, len(log), 50):
        backing.batch(log[start : start + 50])

    assert backing.loads == {"held": 1}
