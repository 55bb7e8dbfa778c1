"""`ruche migrate`: the tables of services, brought up to date."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlsplit

import asyncpg
import typer
from sqlalchemy.exc import SQLAlchemyError

from chassis.migrate import migrated
from chassis.service import Service
from ruche.connection import DATA, DataFolder, PostgresAddress, postgres_dsn, run
from ruche.exits import Code, Problem
from ruche.output import out, say_json
from ruche.services import chosen


def migrate(
    service: Annotated[list[str] | None, typer.Argument(metavar="[SERVICE...]", help="Only these.")] = None,
    data: DataFolder = DATA,
    postgres: PostgresAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was run as JSON.")] = False,
) -> None:
    """Bring the schema of every installed service up to date; run it before a new version starts."""
    services = chosen(service or ())
    done = run(everything(services, postgres_dsn(data, postgres)))
    if as_json:
        say_json(done)
        return
    for name, revisions in done.items():
        out().print(f"{name}: {', '.join(revisions) or 'up to date'}")


async def everything(services: Sequence[Service], dsn: str) -> dict[str, list[str]]:
    """Migrate services one after the other; answers the revisions run for each."""
    done = {}
    for one in services:
        try:
            done[one.name] = await migrated(one, dsn)
        except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            where = urlsplit(dsn).hostname or "its socket"
            unreachable = isinstance(error, OSError | TimeoutError)
            raise Problem(
                f"{one.name} could not be migrated on Postgres at {where}: {error}",
                Code.UNREACHABLE if unreachable else Code.REFUSED,
            ) from error
    return done
