"""`ruche log verify|repair|trim|erase`: the log held against what services said, mended, cut, made to forget."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from chassis.bus import Bus
from ruche import forgetting, trimming, verifying
from ruche.connection import (
    DATA,
    DataFolder,
    NatsAddress,
    PostgresAddress,
    connected,
    database,
    find,
    run,
    settings,
    slug,
)
from ruche.exits import Code, Problem
from ruche.output import one_line, out, say_json
from ruche.verifying import Verdict

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Archives = Annotated[
    list[Path] | None,
    typer.Option("--archive", metavar="FILE", help="What was trimmed; may be repeated.", dir_okay=False),
]
SHOWN = 10


@asynccontextmanager
async def both(data: Path, nats: str | None, postgres: str | None) -> AsyncIterator[tuple[Bus, asyncpg.Connection]]:
    """The log and the database."""
    of = settings(find(data, nats, postgres))
    async with connected(of) as bus, database(of) as connection:
        yield bus, connection


def verify(
    archive: Archives = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    as_json: AsJson = False,
) -> None:
    """Hold the log against what each service keeps of what it said last (RUCHE_SAID_KEPT), and against its cursors.

    Exit code 4 when a decision is missing, stands there with other bytes, or was never said; `ruche log repair` puts
    back what is missing. What was said before a trimmed log begins is compared with the archives given.
    """

    async def work() -> Verdict:
        async with both(data, nats, postgres) as (bus, connection):
            return await verifying.verify(bus, connection, archive or ())

    verdict = run(work())
    if as_json:
        say_json(verdict.document())
    else:
        _show(verdict)
    if not verdict.equal:
        raise Problem("the log is not what the services said", Code.DIFFERS)


def repair(
    archive: Archives = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    as_json: AsJson = False,
) -> None:
    """Put back at the end of the log what services said and it lacks: the same ids, the same bytes.

    What was trimmed stays where it is. What was said before a trimmed log begins is put back only when archives given
    show that they lack it.
    What platforms said and the log lost is not in Postgres: they send it again.
    """

    async def work() -> tuple[int, Verdict]:
        async with both(data, nats, postgres) as (bus, connection):
            before = await verifying.verify(bus, connection, archive or ())
            count = await verifying.repair(bus, before.missing)
            return count, await verifying.verify(bus, connection, archive or ()) if count else before

    count, verdict = run(work())
    if as_json:
        say_json({"put_back": count, **verdict.document()})
    else:
        out().print(f"{count:,} decisions were put back")
        _show(verdict)
    if not verdict.equal:
        raise Problem("the log is still not what the services said", Code.DIFFERS)


def trim(
    archive: Annotated[
        Path, typer.Option("--archive", metavar="FILE", help="The archive that holds what is let go.", dir_okay=False)
    ],
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    as_json: AsJson = False,
) -> None:
    """Drop the head of the log: what every service and platform has passed, and an archive holds to the byte.

    The archive, taken by `ruche log record`, is held against its manifest and against the log, message by message.
    """

    async def work() -> trimming.Trimmed:
        async with both(data, nats, postgres) as (bus, connection):
            return await trimming.trim(bus, connection, archive)

    done = run(work())
    if as_json:
        say_json({"first": done.first, "last": done.last, "messages": done.messages, "kept_by": done.kept_by})
        return
    out().print(f"{done.messages:,} messages were dropped: {done.first:,} to {done.last:,}; up to {done.kept_by}")


def erase(
    community: Annotated[str, typer.Argument(metavar="COMMUNITY", help="Where.", callback=slug)],
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="Who, by the platform's id.")],
    archive: Archives = None,
    without_archives: Annotated[
        bool, typer.Option("--without-archives", help="Leave the archives of what was trimmed to yourself.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="TEXT", help="What else texts call them; may be repeated."),
    ] = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    as_json: AsJson = False,
) -> None:
    """Forget a member, once every service has read `member.erased`: what they did and what was said to them goes.

    From the log, the archives given, dead letters and what services keep of what they said. What names them among
    others is replaced by a copy that does not. Other people's own words stay. It can be run again if it breaks off.
    """

    async def work() -> forgetting.Done:
        of = settings(find(data, nats, postgres))
        async with connected(of) as bus, database(of) as connection:
            who = (community, member)
            return await forgetting.erase(
                bus,
                connection,
                who,
                archive or (),
                secret=of.names_secret,
                alone=without_archives,
                names=name or (),
            )

    done = run(work())
    if as_json:
        say_json(asdict(done))
        return
    console = out()
    console.print(f"{done.removed:,} messages are gone from the log, {done.copied:,} stand there without {member}")
    for file, count in done.archives.items():
        console.print(f"{file}: {count:,} messages are gone, or without {member}")
    console.print(f"{done.letters:,} dead letters and {done.rows:,} rows of what was said are gone")
    for table, count in done.left.items():
        console.print(
            f"{table}: {count:,} rows still hold {member}, in ids that the platform made of it:"
            f" `ruche rebuild {table.partition('.')[0]}` makes them anew without"
        )


def _show(verdict: Verdict) -> None:
    console = out()
    for service in sorted(verdict.kept):
        waiting = f", {verdict.waiting[service]:,} wait to be published" if verdict.waiting[service] else ""
        console.print(f"{service}: {verdict.kept[service]:,} decisions are kept{waiting}")
    found = [
        *((f"missing: {word.identity}") for word in verdict.missing),
        *((f"other bytes at {seq:,}: {word.identity}") for word, seq in verdict.altered),
        *((f"never said, at {seq:,}: {identity}") for seq, identity in verdict.unknown),
        *verdict.torn,
    ]
    for line in found[:SHOWN]:
        console.print(one_line(line.replace("\x1f", " "), 200), style="red")
    if len(found) > SHOWN:
        console.print(f"… and {len(found) - SHOWN:,} more; --json lists them all", style="red")
    if verdict.before:
        console.print(
            f"{verdict.before:,} may have been trimmed with what came before message {verdict.begins:,}:"
            " --archive FILE compares them too"
        )
    if verdict.equal:
        those = "all of the others" if verdict.before else "all of them"
        console.print(f"{those} are in the {'archives and the log' if verdict.archived else 'log'}, to the byte")
