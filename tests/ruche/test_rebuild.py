"""`ruche rebuild`: the tables are what they were, nothing is sent, nothing is done where it could not be right."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.bus import EVENTS
from contracts.wire import decode
from facts_said import posted
from operator_at import posts, ran, ruche, told
from recorded import fortnight, installed
from ruche.commands import rebuild as command
from ruche.exits import Problem
from staged import Stage, staged, until

FLEETING = ("lease", "replica", "seen", "alembic_version", "schema_version")
"""Tables that say nothing of the log, or keep a part of it for as long as it is of use."""


async def tables(stage: Stage) -> dict[str, list[str]]:
    """Every row of every table of a service, as text; when it was written left out."""
    names = await stage.fetch(
        "select table_name from information_schema.tables where table_schema = $1 and table_type = 'BASE TABLE'",
        stage.service.name,
    )
    found = {}
    for name in sorted(row[0] for row in names):
        if name not in FLEETING and "version" not in name:
            passed = "|| jsonb_build_object('passed', greatest(seq, passed))" if name == "cursor" else ""
            rows = await stage.fetch(f"select to_jsonb(t) - 'committed_at' - 'epoch' {passed} from {name} t")
            found[name] = sorted(row[0] for row in rows)
    return found


class Still:
    """A clock that stands before everything: time passes by facts alone, not by years at once."""

    def now(self) -> datetime:
        return datetime(2000, 1, 1, tzinfo=UTC)


async def last(stage: Stage) -> int:
    return (await stage.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]["last_seq"]


async def test_tables_are_what_they_were_after_letters_a_crash_and_a_trim(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(30))
        await ruche(stage, "log", "record", tmp_path / "one.gz")
        await ruche(stage, "log", "trim", "--archive", tmp_path / "one.gz")
        async with stage.running() as runner:
            boom = [posted("2026-03-02 11:00", post=f"b{n}", event_id=f"boom-{n}", body="boom") for n in range(3)]
            await stage.publish(*boom)
            await stage.publish_raw([("post.created.atelier.forum", b"{not json")])
            await until(lambda: stage.fetch("select 1 from dead_letter having count(*) = 4"), "the letters")
            first, second, *_ = await stage.fetch("select letter from dead_letter where event_id is not null")
            redriving = await runner.dead("redrive", letter=first["letter"])
            await stage.publish(decode(redriving["event"].encode()))
            await runner.dead("settle", letter=first["letter"])
            await runner.dead("drop", letter=second["letter"])
            await until(lambda: stage.fetch("select 1 from dead_letter having count(*) = 5"), "redriven in vain")
        process = await stage.process(crash_at="after-commit:1")
        await stage.publish(*posts(30, start=30))
        await asyncio.wait_for(process.wait(), 30)
        before, end = await tables(stage), await last(stage)
        waiting = await stage.fetch("select identity from outbox order by partition, position")
        assert waiting

        with pytest.raises(Problem, match=r"messages 1 to .* are missing"):
            await rebuilt(stage)
        done = await rebuilt(stage, tmp_path / "one.gz")

        assert await tables(stage) == before
        assert await last(stage) == end
        assert (done["unmade"], done["unsaid"]) == (0, len(waiting))
        async with stage.running() as runner:
            await stage.quiet(runner)
        assert await stage.fetch("select 1 from outbox") == []


async def rebuilt(stage: Stage, *archives: Path) -> Mapping[str, Any]:
    """A rebuild by the stage's own service, which no entry point names."""
    return await command._rebuilt(stage.service, stage.settings, archives)


async def test_a_service_that_runs_is_left_alone(nats, postgres):
    async with staged(nats, postgres) as stage, stage.running() as runner:
        await stage.quiet(runner, upto=await stage.publish(*posts(6)))
        before = (await tables(stage))["tally"]

        with pytest.raises(Problem, match="support runs"):
            await rebuilt(stage)

        assert runner.ready() == (True, [])
        assert len(runner.status()["partitions"]) == 8
        assert (await tables(stage))["tally"] == before


async def test_tables_that_were_lost_come_back_from_the_log_alone(nats, postgres):
    async with staged(nats, postgres) as stage:
        await ran(stage, posts(30))
        before, end = await tables(stage), await last(stage)
        await stage.execute("truncate tally, community, person, pulse, deadline, seen, cursor, outbox_log")

        done = await rebuilt(stage)

        after = await tables(stage)
        assert {name: rows for name, rows in after.items() if name not in {"outbox_log", "cursor"}} == {
            name: rows for name, rows in before.items() if name not in {"outbox_log", "cursor"}
        }
        assert (done["unmade"], done["unsaid"]) == (0, 0)
        async with stage.running() as runner:
            await stage.quiet(runner, upto=await stage.publish(*posts(1, start=30)))
        assert await last(stage) > end
        await stage.holds_as_recorded()


@pytest.mark.proof
async def test_every_service_has_the_same_rows_to_the_byte_after_a_real_run_and_a_trim(nats, postgres, tmp_path):
    facts = [decode(json.dumps(fact, ensure_ascii=False).encode()) for fact in fortnight()[:260]]
    async with AsyncExitStack() as stack:
        stages = [await stack.enter_async_context(staged(nats, postgres, service)) for service in installed()]
        publisher = stages[0]
        async with AsyncExitStack() as running:
            runners = [await running.enter_async_context(stage.running(clock=Still())) for stage in stages]
            await publisher.publish(*facts[:200])
            await settled(stages, runners)
        await ruche(publisher, "log", "record", tmp_path / "one.gz")
        await ruche(publisher, "log", "trim", "--archive", tmp_path / "one.gz")
        async with AsyncExitStack() as running:
            runners = [await running.enter_async_context(stage.running(clock=Still())) for stage in stages]
            await publisher.publish(*facts[200:])
            await settled(stages, runners)
        end = await last(publisher)
        for stage in stages:
            before = await tables(stage)
            assert len(before["person"]) > 10
            done = await told(stage, "rebuild", stage.service.name, "--archive", tmp_path / "one.gz")
            assert (done["unmade"], done["unsaid"]) == (0, 0)
            assert await tables(stage) == before, stage.service.name
        assert await last(publisher) == end


async def settled(stages, runners) -> None:
    """Until nobody says anything on what anybody said."""
    before = None
    while (end := await last(stages[0])) != before:
        before = end
        for stage, runner in zip(stages, runners, strict=True):
            await stage.quiet(runner, upto=end)
