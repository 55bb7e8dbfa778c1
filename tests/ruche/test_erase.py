"""`member.erased` and `ruche log erase`: nothing of a person is left in tables, log, letters or archives, for good."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from chassis.archive import archived, checked
from chassis.bus import EVENTS
from chassis.entry import read
from chassis.forgetting import EMBEDDED_SECRET
from chassis.provision import PARTITIONS
from chassis.replay import as_recorded
from contracts.envelope import AnyEvent
from contracts.wire import decode
from facts_said import posted
from operator_at import ran, ruche, told
from recorded import fortnight, installed, operator, recent_monday
from ruche import forgetting
from ruche.connection import Addresses, find, settings
from ruche.history import history
from ruche.lines import lines
from searching import Found, Search
from staged import Stage, staged, until

COMMUNITY = "latelier"
XENIA = "xenia-7"
NAME = "X. O'Reby_7 <ici>"
ANYWHERE = Search("xenia", "reby")
"""What is left of the id and the name however a text escapes them."""
CAUSES = {"cause_id", "cause_correlation"}
"""Columns of deadlines of others: ids of facts, which this platform makes of people's ids."""
SAID = ("outbox_log", "dead_letter")
"""Tables of what was said and refused, which the command sees to."""


class Still:
    """A clock that stands before everything: time passes by facts alone, not by years at once."""

    def now(self) -> datetime:
        return datetime(2000, 1, 1, tzinfo=UTC)


def story() -> list[AnyEvent]:
    """A fortnight in which one person does, gets and is called many things, under an id and a name like no other."""
    facts = []
    for fact in fortnight(start=recent_monday())[:210]:
        text = re.sub(r"\bines\b", XENIA, json.dumps(fact, ensure_ascii=False))
        facts.append(decode(re.sub(r"\bInès\b", NAME, text).replace("Merci " + NAME, "Merci").encode()))
    return facts


def hers(event: AnyEvent) -> bool:
    return ANYWHERE.within(event.to_json()) is not None


def said(kind: str, at: datetime, **data) -> AnyEvent:
    """A platform's fact."""
    event = operator(kind, at.isoformat(), COMMUNITY, **data)
    return decode(json.dumps({**event, "source": "/platforms/simulation"}).encode())


def without_her(configured: AnyEvent, at: datetime) -> AnyEvent:
    """The playbook again, in which somebody else has her parts."""
    document = json.loads(configured.to_json().replace(XENIA.encode(), b"malik"))
    return decode(json.dumps({**document, "id": "again", "time": at.isoformat()}).encode())


def nothing(found: Sequence[Found]) -> bool:
    """Whether she was found nowhere; else the test says where."""
    assert not found, "\n".join(map(str, found))
    return True


async def last(stage: Stage) -> int:
    return (await stage.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]["last_seq"]


@asynccontextmanager
async def living(stages: Sequence[Stage]) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """All four services run; gives what publishes and waits until nobody says anything on what anybody said."""
    async with AsyncExitStack() as running:
        runners = [await running.enter_async_context(stage.running(clock=Still())) for stage in stages]

        def have_read(end: int) -> bool:
            parts = [part for runner in runners for part in runner.status()["partitions"]]
            return (
                len(parts) == PARTITIONS * len(runners)
                and all(part["reading"] and not part["lag"] and not part["outbox"] for part in parts)
                and all(max(part["cursor"] for part in one.status()["partitions"]) >= end for one in runners)
            )

        async def settled(*events: AnyEvent, raw: tuple[tuple[str, bytes], ...] = ()) -> None:
            await stages[0].publish(*events)
            await stages[0].publish_raw(raw)
            before = None
            while (end := await last(stages[0])) != before:
                before = end
                await until(partial(have_read, end), "all is read and said", every=0.05)

        yield settled


async def followed(stages: Sequence[Stage], end: int) -> bool:
    """Whether every cursor of every service has passed a place of the log, in Postgres."""
    stands = [await stage.fetch("select count(*), min(greatest(seq, passed)) from cursor") for stage in stages]
    return all(count == PARTITIONS and least >= end for ((count, least),) in stands)


@asynccontextmanager
async def house(nats: str, postgres: str) -> AsyncIterator[list[Stage]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(staged(nats, postgres, service)) for service in installed()]


async def rows(stage: Stage) -> dict[str, object]:
    """The tables that a fold fills, as its rows."""
    found = {}
    for table in stage.service.table_of.values():
        records = await stage.fetch(table.everything)
        found[table.name] = dict(table.from_record(tuple(record)) for record in records)
    found["deadline"] = [
        tuple(row)
        for row in await stage.fetch(
            "select community, due, kind, key from deadline order by community, due, kind, key"
        )
    ]
    return found


async def test_nothing_of_a_person_is_left_anywhere(nats, postgres, tmp_path):
    facts = story()
    archive = tmp_path / "log.gz"
    at = facts[-1].time
    erasure = said("member.erased", at + timedelta(minutes=1), member=XENIA)
    async with house(nats, postgres) as stages:
        first = stages[0]
        async with living(stages) as settled:
            await settled(*facts[:140])
            await ruche(first, "log", "record", archive)
            await settled(*facts[140:], raw=unreadable(facts))
            reached = partial(followed, stages, checked(archive).last)
            await until(reached, "the cursors of idle partitions followed: nothing keeps what the archive holds", 60)
        await ruche(first, "log", "trim", "--archive", archive)
        for stage in stages:
            assert len({one.where for one in await ANYWHERE.tables([stage])}) >= 5, stage.service.name
        assert len(await ANYWHERE.streams(first.bus)) > 20
        assert "nobody asked" in await refused(first, "--archive", archive)

        # The platform says so. Whoever has yet to read it keeps her; then only what was said and refused does.
        await first.publish(without_her(facts[0], at), erasure)
        assert "not yet: " in await refused(first, "--archive", archive)
        async with living(stages) as settled:
            await settled()
            assert {one.what for one in await ANYWHERE.tables(stages, leaving=SAID)} <= CAUSES
            assert await ANYWHERE.tables(stages) != []

            # That goes, with log, letters and archives. What only a rebuild can do is told.
            await true(first, archive)
            assert "messages 1 to" in await refused(first)
            done = await told(first, "log", "erase", COMMUNITY, XENIA, "--archive", archive)
            assert (done["removed"] > 20, done["copied"] > 3, done["letters"], done["rows"] > 20) == (
                True,
                True,
                8,
                True,
            )
            assert done["archives"][str(archive)] > 20
            assert set(done["left"]) == {one.where for one in await ANYWHERE.tables(stages)} == {"onboarding.deadline"}
            assert nothing(await ANYWHERE.streams(first.bus))
            assert [line for line in archived(archive) if ANYWHERE.within(line.raw)] == []
            assert checked(archive).messages > 100
            await true(first, archive)
            await settled()
        end = await last(first)
        for stage in stages:
            await ruche(stage, "rebuild", stage.service.name, "--archive", archive)
            assert await rows(stage) == await folded(stage, archive), stage.service.name
        assert nothing(await ANYWHERE.tables(stages))
        again = await told(first, "log", "erase", COMMUNITY, XENIA, "--archive", archive)
        assert again == {"removed": 0, "copied": 0, "archives": {str(archive): 0}, "letters": 0, "rows": 0, "left": {}}
        assert await last(first) == end

        # What is told late writes nobody down again; whoever comes back is somebody new.
        late = [fact for fact in facts if hers(fact) and fact.type != "community.configured"]
        other = [fact.model_copy(update={"id": f"{fact.id}/again"}) for fact in late]
        async with living(stages) as settled:
            await settled(*late, *other, erasure)
            assert nothing(await ANYWHERE.tables(stages))
            assert len(await ANYWHERE.streams(first.bus)) > len(late)
            await told(first, "log", "erase", COMMUNITY, XENIA, "--archive", archive)
            assert nothing(await ANYWHERE.streams(first.bus))
            back = at + timedelta(minutes=5)
            await settled(said("member.joined", back, member=XENIA, display_name=NAME))
        for stage in stages:
            (who,) = await stage.fetch("select member, first_seen_at, joined_at from person where member = $1", XENIA)
            assert tuple(who) == (XENIA, back, back)
            assert await rows(stage) == await folded(stage, archive), stage.service.name


def unreadable(facts: Sequence[AnyEvent]) -> tuple[tuple[str, bytes], ...]:
    """Two messages about her that every service refuses."""
    spoilt = json.loads(next(fact for fact in facts if fact.type == "post.created" and hers(fact)).to_json())
    spoilt["data"] = {**spoilt["data"], "post": 7, "title": NAME}
    subject = f"post.created.{COMMUNITY}.simulation"
    return (subject, json.dumps(spoilt).encode()), (subject, f"{{not json, {XENIA}".encode())


async def true(stage: Stage, archive: Path) -> None:
    """Log and archive hold all that services keep of what they said, to the byte."""
    verdict = await told(stage, "log", "verify", "--archive", archive)
    assert (verdict["equal"], verdict["begins"], verdict["before"]) == (True, 1, 0)
    assert sum(service["kept"] for service in verdict["services"].values()) > 100


async def refused(stage: Stage, *words: object) -> str:
    """Why she is not erased."""
    return " ".join((await ruche(stage, "log", "erase", COMMUNITY, XENIA, *words, code=1)).split())


async def folded(stage: Stage, archive) -> dict[str, object]:
    """The rows that a fold in process makes of archive and log as they are, up to where the service stands."""
    cursors = {row[0]: row[1] for row in await stage.fetch("select partition, greatest(seq, passed) from cursor")}
    log = [
        read(line.raw, seq=line.seq, stored_at=line.stored_at, subject=line.subject)
        async for line in (await history(stage.bus, [archive])).messages(stage.bus)
        if line.seq <= cursors[int((line.subject or "").partition(".")[0])]
    ]
    shelf = as_recorded(stage.service, log, secret=EMBEDDED_SECRET).shelf
    found = {table.name: shelf.rows[row] for row, table in stage.service.table_of.items()}
    return {**found, "deadline": [(one.community, *one[:3]) for one in shelf.deadlines()]}


async def test_an_erasure_that_broke_off_reads_as_done_and_is_finished_by_the_next(nats, postgres, monkeypatch):
    hers_and_others = [
        posted("2026-03-02 10:00", member=(XENIA, "bo")[number % 2], post=f"p{number}", event_id=f"e{number}")
        for number in range(12)
    ]
    erasure = said("member.erased", datetime(2026, 3, 2, 12, tzinfo=UTC), member=XENIA)
    erasure = erasure.model_copy(update={"data": erasure.data.model_copy(update={"community": "atelier"})})
    delete, places = forgetting._delete, []

    async def breaks(bus, stream, seq):
        if len(places) == 3:
            raise ConnectionError("away")
        places.append(seq)
        await delete(bus, stream, seq)

    async with staged(nats, postgres) as stage:
        await ran(stage, [*hers_and_others, erasure])
        with monkeypatch.context() as patched:
            patched.setattr(forgetting, "_delete", breaks)
            await ruche(stage, "log", "erase", "atelier", XENIA, code=1)
        assert len(await ANYWHERE.streams(stage.bus)) > 3
        reads = [line.raw async for line in lines(stage.bus, await last(stage))]
        assert len(reads) > 6
        assert [raw for raw in reads if ANYWHERE.within(raw)] == []

        await ruche(stage, "log", "erase", "atelier", XENIA)

        assert nothing(await ANYWHERE.streams(stage.bus))
        assert (await told(stage, "log", "verify"))["equal"] is True
        async with stage.running() as runner:
            await stage.quiet(runner)
            assert runner.ready() == (True, [])


def test_commands_know_those_who_were_erased_under_the_secret_of_the_services(tmp_path, monkeypatch):
    """`ruche up` makes a secret for its services and keeps it in the data folder."""
    Addresses("nats://127.0.0.1:4222", "owner", "word", "postgresql://here", embedded=True).write(tmp_path)
    assert settings(find(tmp_path)).names_secret == EMBEDDED_SECRET
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "deployment.secret").write_text("made by up for its own")
    assert settings(find(tmp_path)).names_secret == b"made by up for its own"

    monkeypatch.setenv("RUCHE_DEPLOYMENT_SECRET", "changed to another one")
    assert settings(find(tmp_path)).names_secret == b"changed to another one"
    monkeypatch.setenv("RUCHE_ERASURE_SECRET", "made by up for its own")
    assert settings(find(tmp_path)).names_secret == b"made by up for its own"
    assert settings(find(tmp_path)).secret == b"changed to another one"
