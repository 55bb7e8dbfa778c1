"""`ruche rebuild`: a service's tables, dropped and folded again from archives and log; nothing is sent."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from chassis import rebuilding
from chassis.bus import Bus
from chassis.cursor import Cursor, LogChanged, hold_against
from chassis.dead import REDRIVEN
from chassis.entry import Entry, read
from chassis.lease import Leases
from chassis.postgres import NotMigrated, Pool, expect_migrated, open_pool
from chassis.rebuilding import Held, Rebuild
from chassis.runner import tables_of
from chassis.service import Service
from chassis.settings import Settings
from ruche.connection import DATA, DataFolder, NatsAddress, PostgresAddress, connected, find, run, settings
from ruche.exits import Problem
from ruche.history import History, from_the_beginning, history
from ruche.output import note, out, progress, say_json
from ruche.services import load

BREATH_MESSAGES = 200
"""So many are folded before the leases have their turn."""


def rebuild(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="Whose tables.")],
    archive: Annotated[
        list[Path] | None,
        typer.Option(
            "--archive", metavar="FILE", help="What was trimmed from the log; may be repeated.", dir_okay=False
        ),
    ] = None,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Make a service's tables again from archives and log, up to where it had read; nothing is sent.

    Stop the service first: with a replica at work nothing is done. Where its tables stood in another log, or had
    never read one, the log is folded to its end. Old and new tables change places in one transaction.
    """
    of = settings(find(data, nats, postgres))
    done = run(_rebuilt(load(service), of, archive or ()))
    if as_json:
        say_json(done)
        return
    out().print(
        f"{service}: {done['messages']:,} messages folded, {done['rows']:,} rows written, {done['decided']:,} decisions"
        " made again, none sent"
    )
    for count, words in (
        (done["unsaid"], "decisions that the fold makes are not in the log"),
        (done["unmade"], "decisions in the log are not made by the fold"),
    ):
        if count:
            note(f"{count:,} {words}: other rules made them, or the log has lost messages")


async def _rebuilt(service: Service, of: Settings, files: Sequence[Path]) -> Mapping[str, Any]:
    async with connected(of) as bus:
        past = await history(bus, files)
        from_the_beginning(past)
        pool = await open_pool(of, service.name)
        try:
            await expect_migrated(pool, tables_of(service))
            partitions, patience = past.log.stream.partitions, of.lease_seconds + 1
            async with rebuilding.alone(pool, partitions, patience_seconds=patience) as leases:
                return await _fold(service, of, bus, pool, leases, past)
        except NotMigrated as missing:
            raise Problem(f"{service.name}: {missing}") from None
        except Held as held:
            raise Problem(f"{service.name} runs ({held}): stop it first; nothing was changed") from None
        finally:
            await pool.close()


async def _fold(
    service: Service, of: Settings, bus: Bus, pool: Pool, leases: Leases, past: History
) -> Mapping[str, Any]:
    async with pool.acquire() as connection:
        stops = await _stops(bus, await rebuilding.places(connection, leases), past.log.last)
    again = [entry async for entry in _entries(past, bus, of, kind=REDRIVEN)]
    over = rebuilding.redriven(service, again, stops)
    fold = Rebuild(service, stops, passed_over=over, secret=of.names_secret)
    count = past.log.messages + sum(one.manifest.messages for one in past.archives)
    with progress(f"folding {service.name}", count, "messages") as advance:
        async for entry in _entries(past, bus, of):
            fold.take(entry)
            advance()
            if fold.messages % BREATH_MESSAGES == 0:
                await asyncio.sleep(0)
    async with pool.acquire() as connection:
        rows = await rebuilding.write(connection, fold, leases, log=past.log.stream.created)
    return {
        "service": service.name,
        "messages": fold.messages,
        "rows": rows,
        "decided": fold.decided,
        "unsaid": len(fold.unsaid),
        "unmade": len(fold.unmade),
    }


async def _stops(bus: Bus, places: Mapping[int, Cursor], last: int) -> dict[int, int]:
    """Up to where each partition is folded: where the service stood; to the end where that cannot be said.

    What it had yet to read it reads when it runs again, and then says what it decides on it.
    """
    if all(cursor.log is None for cursor in places.values()):
        return dict.fromkeys(places, last)
    stops = {}
    for partition, cursor in places.items():
        try:
            await hold_against(bus, cursor)
        except LogChanged as changed:
            note(f"partition {partition}: {changed}; it is folded to the end of this log")
            stops[partition] = last
        else:
            stops[partition] = cursor.reached
    return stops


async def _entries(past: History, bus: Bus, of: Settings, *, kind: str | None = None) -> AsyncIterator[Entry]:
    """The messages of a history, read; of one type if it is given."""
    async for line in past.messages(bus, kind=kind):
        yield read(line.raw, seq=line.seq, stored_at=line.stored_at, subject=line.subject, publishers=of.publishers)
