"""Migrations: SQL files, run in order by Alembic; the chassis' own first, then the service's, in its own schema.

Needs the extra `migrate`. A file is `<number>_<words>.sql`; its revision is `<chassis or service>_<number>`. Each of
the two chains grows at its end; both stand in one version table, in the service's schema.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.service import Service

VERSION_TABLE = "schema_version"
_FOLDER = "migrations"
_OWNER = text("select quote_ident(pg_get_userbyid(nspowner)) from pg_namespace where nspname = :name")


class _SqlScripts(ScriptDirectory):
    """Two chains of SQL files, as Alembic revisions that run on one connection."""

    def __init__(self, connection: Connection, chains: dict[str, list[Traversable]]) -> None:
        super().__init__(str(Path(__file__).parent))
        self._connection = connection
        self._chains = chains

    def _load_revisions(self) -> Iterator[Script]:
        for chain, files in self._chains.items():
            earlier: str | None = None
            for file in files:
                number = file.name.partition("_")[0]
                module = ModuleType(f"{chain}_{number}", file.name)
                module.__dict__.update(
                    revision=f"{chain}_{number}",
                    down_revision=earlier,
                    branch_labels=(chain,) if earlier is None else None,
                    upgrade=self._runs(file),
                )
                earlier = module.__name__
                yield Script(module, module.__name__, file.name)

    def _runs(self, file: Traversable) -> Any:
        def upgrade() -> None:
            # The driver's own `execute` takes a file of many statements; SQLAlchemy's prepares one.
            raw: Any = self._connection.connection.dbapi_connection
            raw.run_async(lambda driver: driver.execute(file.read_text(encoding="utf-8")))

        return upgrade


def _files(package: str) -> list[Traversable]:
    folder = resources.files(package) / _FOLDER
    if not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)


def _url(dsn: str) -> str:
    return "postgresql+asyncpg://" + dsn.partition("://")[2]


def _upgrade(connection: Connection, service: Service) -> list[str]:
    schema = service.name
    # Two at once would both find nothing there; the second waits for the first, and then finds everything.
    lock = int.from_bytes(hashlib.blake2b(f"migrate {schema}".encode(), digest_size=7).digest(), "big")
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": lock})
    owner = connection.execute(_OWNER, {"name": schema}).scalar()
    if owner is None:
        connection.execute(text(f'create schema "{schema}"'))
    else:
        # Whoever migrates, the tables belong to the role that owns the schema: the service's own.
        connection.execute(text(f"set local role {owner}"))
    connection.execute(text(f'set local search_path to "{schema}"'))
    chains = {"chassis": _files("chassis"), service.name: _files(service.package)}
    scripts = _SqlScripts(connection, {chain: files for chain, files in chains.items() if files})
    done: list[str] = []

    def to_the_heads(revision: Any, _context: Any) -> Any:
        held = tuple(revision) if isinstance(revision, (tuple, list)) else (revision,) if revision else ()
        steps: list[Any] = []
        for chain, files in chains.items():
            if files:
                own = tuple(name for name in held if name.startswith(f"{chain}_"))
                steps += scripts._upgrade_revs(f"{chain}@head", own)  # type: ignore[arg-type]  # noqa: SLF001
        done.extend(step.revision.revision for step in steps)
        return steps

    with EnvironmentContext(Config(), scripts, fn=to_the_heads) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE, version_table_schema=schema)
        with environment.begin_transaction():
            environment.run_migrations()
    return done


async def migrated(service: Service, dsn: str) -> list[str]:
    """Bring a service's schema up to date, in one transaction; answers the revisions that were run."""
    engine = create_async_engine(_url(dsn), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_upgrade, service)
    finally:
        await engine.dispose()


def migrate(service: Service, dsn: str) -> list[str]:
    """The same for callers without an event loop."""
    return asyncio.run(migrated(service, dsn))
