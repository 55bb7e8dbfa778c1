"""The schema is made by migrations, and is what the tables say."""

import asyncio
from dataclasses import replace
from secrets import token_hex

import asyncpg
import pytest

from chassis import common
from chassis.migrate import migrate, migrated
from chassis.postgres import NotMigrated, expect_migrated, open_pool
from staged import settings_on
from toy.service import TOY

CHASSIS = ["chassis_0001", "chassis_0002", "chassis_0003", "chassis_0004"]
SQL_TYPES = {
    "text": "text",
    "bigint": "bigint",
    "boolean": "boolean",
    "timestamptz": "timestamp with time zone",
    "date": "date",
    "jsonb": "jsonb",
}


async def test_the_chassis_comes_first_and_a_second_run_does_nothing(postgres):
    assert await migrated(TOY, postgres) == [*CHASSIS, "support_0001"]
    assert await migrated(TOY, postgres) == []


def test_it_can_be_called_without_an_event_loop(postgres):
    assert migrate(TOY, postgres)[-1] == "support_0001"


async def test_two_at_once_make_one_schema(postgres):
    done = await asyncio.gather(migrated(TOY, postgres), migrated(TOY, postgres))
    assert sorted(map(len, done)) == [0, len(CHASSIS) + 1]


async def test_every_service_has_a_schema_and_versions_of_its_own(postgres):
    other = replace(TOY, name="digest")
    await migrated(TOY, postgres)
    assert "digest_0001" in await migrated(other, postgres)
    connection = await asyncpg.connect(postgres)
    found = await connection.fetch(
        "select table_schema from information_schema.tables where table_name = 'schema_version' order by 1"
    )
    await connection.close()
    assert [row[0] for row in found] == ["digest", "support"]


@pytest.mark.parametrize("table", [*common.TABLES, *TOY.tables], ids=lambda table: table.name)
async def test_columns_are_the_fields_of_the_row(postgres, table):
    await migrated(TOY, postgres)
    connection = await asyncpg.connect(postgres)
    found = await connection.fetch(
        "select column_name, data_type, is_nullable, collation_name from information_schema.columns"
        " where table_schema = 'support' and table_name = $1 order by ordinal_position",
        table.name,
    )
    key = await connection.fetch(
        "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)"
        " where i.indrelid = $1::regclass and i.indisprimary order by array_position(i.indkey, a.attnum)",
        f"support.{table.name}",
    )
    await connection.close()
    expected = [("community", "text", "NO", "C")]
    for column in table.columns:
        collation = "C" if column.sql_type == "text" else None
        expected.append((column.name, SQL_TYPES[column.sql_type], "YES" if column.nullable else "NO", collation))
    assert [tuple(row) for row in found] == expected
    assert [row[0] for row in key] == ["community", *table.key]


async def test_tables_belong_to_the_role_that_owns_the_schema_whoever_migrates(postgres):
    role = f"somebody_{token_hex(4)}"
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"create role {role}; create schema support authorization {role}")
    await migrated(TOY, postgres)
    owners = await connection.fetch("select distinct tableowner from pg_tables where schemaname = 'support'")
    await connection.execute(f"drop owned by {role}; drop role {role}")
    await connection.close()
    assert [row[0] for row in owners] == [role]


async def test_a_schema_that_is_missing_is_said_with_its_cure(postgres):
    pool = await open_pool(settings_on("nats://127.0.0.1:4222", postgres), TOY.name)
    with pytest.raises(NotMigrated, match="ruche migrate"):
        await expect_migrated(pool, ("cursor",))
    await migrated(TOY, postgres)
    await expect_migrated(pool, ("cursor", "tally"))
    await pool.close()
