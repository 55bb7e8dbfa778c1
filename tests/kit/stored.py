"""A service's tables and statements on a real Postgres, held against its rows and selections in memory."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from chassis.memory import CompleteShelf
from chassis.migrate import migrated
from chassis.service import Service
from chassis.tables import Statement, Table

_SQL_TYPES = {"timestamptz": "timestamp with time zone"}
_COLUMNS = (
    "select column_name, data_type, is_nullable, collation_name from information_schema.columns"
    " where table_schema = $1 and table_name = $2 order by ordinal_position"
)


@asynccontextmanager
async def schema_of(service: Service, dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the service's own schema, migrated and empty."""
    await migrated(service, dsn)
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"set search_path to {service.name}")
    try:
        yield connection
    finally:
        await connection.close()


async def columns_are_fields(connection: asyncpg.Connection, service: Service, tables: Iterable[Table[Any]]) -> None:
    """The migration made every table with the columns that its row declares."""
    for table in tables:
        found = await connection.fetch(_COLUMNS, service.name, table.name)
        assert [row["column_name"] for row in found] == table.names.split(", "), table.name
        for row, column in zip(found[1:], table.columns, strict=True):
            wanted = _SQL_TYPES.get(column.sql_type, column.sql_type)
            nullable = "YES" if column.nullable else "NO"
            assert (row["data_type"], row["is_nullable"]) == (wanted, nullable), f"{table.name}.{column.name}"
            assert (row["collation_name"] == "C") == (wanted == "text"), f"{table.name}.{column.name}"


async def rows_come_back(connection: asyncpg.Connection, shelf: CompleteShelf, tables: Iterable[Table[Any]]) -> None:
    """Every table has rows, and they come back from Postgres as they were."""
    for table in tables:
        rows = sorted(shelf.rows[table.row].items())
        assert rows, f"the story leaves {table.name} empty"
        await connection.execute(table.save, *table.arrays(rows))
        found = await connection.fetch(table.everything)
        assert [table.from_record(record) for record in found] == rows, table.name


async def statements_find_the_same(
    connection: asyncpg.Connection,
    service: Service,
    shelf: CompleteShelf,
    tables: Iterable[Table[Any]],
    statements: Iterable[Statement],
) -> None:
    """Every statement finds in Postgres what its selection finds in memory, in the same order; and finds something."""
    for table in tables:
        await connection.execute(table.save, *table.arrays(sorted(shelf.rows[table.row].items())))
    for statement in statements:
        selection = statement.selection
        table = service.table_of[selection.row]
        keys = shelf.groups(selection)
        assert keys, f"the story leaves {selection.name} empty"
        for key in keys:
            in_memory = sorted((row for _, row in shelf.select(selection, key)), key=selection.order)
            found = await connection.fetch(statement.sql, *key)
            assert [table.from_record(record)[1] for record in found] == in_memory, (selection.name, key)
