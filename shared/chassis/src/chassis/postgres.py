"""Postgres, as every service uses it: the pool, and which of its failures pass by themselves."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import asyncpg

from chassis.settings import Settings

COMMAND_SECONDS = 30.0
_PASSING_CLASSES = ("08", "40", "53", "57", "58")
"""SQLSTATE classes: connection, rollback, resources, operator's intervention, the system around the server."""
_READ_ONLY = "25006"
"""A fail-over left this connection on what is a standby now."""

Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"


class NotMigrated(Exception):  # noqa: N818 - what was found, not a fault of the program
    """The service's schema is missing or older than the program."""


def passes(error: BaseException) -> bool:
    """Whether a failure of the database is one that passes: the same thing may be tried again."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state[:2] in _PASSING_CLASSES or state == _READ_ONLY
    if isinstance(error, (asyncpg.InterfaceError, asyncpg.InternalClientError)):
        # What the driver says of a connection that broke in the middle of something.
        return True
    return isinstance(error, (OSError, TimeoutError))


async def open_pool(settings: Settings, schema: str, *, size: int | None = None) -> Pool:
    """A pool on a service's schema. It connects when it is first used, so that the database may be away now."""
    return await asyncpg.create_pool(
        settings.postgres_dsn.get_secret_value(),
        min_size=0,
        max_size=size or settings.postgres_pool_size,
        command_timeout=COMMAND_SECONDS,
        timeout=10,
        # Nothing here changes a session, so there is nothing to put back: one round trip less a batch.
        reset=_nothing,
        server_settings={
            "search_path": f'"{schema}"',
            "application_name": f"ruche {schema}",
            "jit": "off",
            # Every statement finds rows by key: planning one anew for the length of its arrays costs more than it runs.
            "plan_cache_mode": "force_generic_plan",
        },
    )


async def _nothing(_connection: Any) -> None:
    return


async def expect_migrated(pool: Pool, tables: tuple[str, ...]) -> None:
    """`NotMigrated` unless every table of a service is there."""
    missing: list[Any] = await pool.fetch(
        "select name from unnest($1::text[]) as wanted(name) where to_regclass(quote_ident(name)) is null", list(tables)
    )
    if missing:
        names = ", ".join(row[0] for row in missing)
        raise NotMigrated(f"tables are missing ({names}): run `ruche migrate`")


@contextlib.asynccontextmanager
async def snapshot(pool: Pool) -> AsyncIterator[Connection]:
    """A connection that only reads, and sees everything as of one moment."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield connection
