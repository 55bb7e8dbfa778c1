"""The tables are what the migration makes, and every statement finds in Postgres what its selection finds in memory."""

import asyncpg
import pytest

from chassis.migrate import migrated
from facts import MONDAY, asked, days, decided, fact, hours, joined, minutes, posted, replied
from staged import staged
from stories import Story, given, passing
from support import store
from support.service import SUPPORT

SQL_TYPES = {"timestamptz": "timestamp with time zone"}
GRUMBLE = "C'est inadmissible, encore une panne."


def busy() -> Story:
    """A community in which every table has rows, and every selection finds some."""
    before = MONDAY - days(6)
    story = given(
        *[joined(name, before, skills=["Vélo", "Cuir"]) for name in ("rea", "rod", "Zoé", "été")],
        *[posted(name, before + hours(1)) for name in ("rea", "rod", "Zoé", "été")],
        fact("channel.described", before, channel="aide", visibility="public", purpose="help"),
        service=SUPPORT,
        playbook={"people": {"relays": ["rea"], "core_team": [{"member": "eve", "name": "Eve"}]}},
    )
    for n, relay in enumerate(("rea", "rod")):
        story.when(decided("onboarding", "relay.paired", before, newcomer=f"n{n}", member=relay, attempt=1))
    for n in range(3):
        at = MONDAY + hours(n)
        story.when(
            asked(f"n{n}", at, post=f"s{n}", tags=["Vélo"], title=f"Question de vélo numéro {n} ?"),
            replied("Zoé", f"s{n}", at + minutes(5), post=f"a{n}"),
            fact("answer.accepted", at + minutes(9), member=f"n{n}", post=f"a{n}", thread=f"s{n}"),
        )
    story.when(asked("été", MONDAY + hours(4), post="open", tags=["Cuir"]), passing(MONDAY + hours(5)))
    story.when(asked("n1", MONDAY + hours(5), post="more", tags=["Vélo"], title="Question de vélo ?"))
    story.when(replied("rod", "more", MONDAY + hours(6), post="b"))
    for n in range(6):
        story.when(posted(f"n{n % 3}", MONDAY + hours(7) + minutes(n), body=GRUMBLE, tags=["panne"]))
    return story


@pytest.fixture
async def database(postgres):
    await migrated(SUPPORT, postgres)
    connection = await asyncpg.connect(postgres)
    await connection.execute("set search_path to support")
    yield connection
    await connection.close()


async def test_columns_are_the_fields_of_the_rows(database):
    for table in store.TABLES:
        found = await database.fetch(
            "select column_name, data_type, is_nullable, collation_name from information_schema.columns"
            " where table_schema = 'support' and table_name = $1 order by ordinal_position",
            table.name,
        )
        assert [row["column_name"] for row in found] == table.names.split(", "), table.name
        for row, column in zip(found[1:], table.columns, strict=True):
            wanted = SQL_TYPES.get(column.sql_type, column.sql_type)
            nullable = "YES" if column.nullable else "NO"
            assert (row["data_type"], row["is_nullable"]) == (wanted, nullable), f"{table.name}.{column.name}"
            assert (row["collation_name"] == "C") == (wanted == "text"), f"{table.name}.{column.name}"


async def test_every_row_comes_back_from_postgres_as_it_was(database):
    shelf = busy().turns.shelves["support"]

    for table in store.TABLES:
        rows = sorted(shelf.rows[table.row].items())
        assert rows, f"the story leaves {table.name} empty"
        await database.execute(table.save, *table.arrays(rows))
        found = await database.fetch(table.everything)
        assert [table.from_record(record) for record in found] == rows, table.name


async def test_every_statement_finds_what_its_selection_finds_in_the_same_order(database):
    shelf = busy().turns.shelves["support"]
    for table in store.TABLES:
        await database.execute(table.save, *table.arrays(sorted(shelf.rows[table.row].items())))

    for statement in store.STATEMENTS:
        selection = statement.selection
        table = SUPPORT.table_of[selection.row]
        keys = shelf.groups(selection)
        assert keys, f"the story leaves {selection.name} empty"
        for key in keys:
            in_memory = sorted((row for _, row in shelf.select(selection, key)), key=selection.order)
            found = await database.fetch(statement.sql, *key)
            assert [table.from_record(record)[1] for record in found] == in_memory, (selection.name, key)


async def test_on_the_bus_and_over_postgres_it_decides_the_same_to_the_byte(nats, postgres):
    story = busy()
    async with staged(nats, postgres, SUPPORT) as stage:
        facts = [event for event in story.log if event.source != SUPPORT.source]
        last = await stage.publish(*facts)
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()
