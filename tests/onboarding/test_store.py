"""The tables are what the migration makes, and every statement finds in Postgres what its selection finds in memory."""

import asyncpg
import pytest

from chassis import common
from chassis.migrate import migrated
from facts import (
    MONDAY,
    asked,
    chose,
    days,
    fact,
    hours,
    joined,
    minutes,
    motivated,
    posted,
    reacted,
    replied,
    said_yes,
    seconds,
)
from onboarding import store
from onboarding.service import ONBOARDING
from stories import Story, given, passing

SQL_TYPES = {"timestamptz": "timestamp with time zone"}
SPONSOR = {"member": "max", "name": "Max", "promises": [{"promise": "p1", "what": "x", "due": "2026-12-01"}]}


def busy() -> Story:
    """A community in which every table has rows, and every selection finds some."""
    waves = [{"wave": "later", "name": {"fr": "plus tard", "en": "later"}, "populations": ["x"], "opens": "2026-12-01"}]
    waves.insert(0, {"wave": "now", "name": {"fr": "là", "en": "now"}, "populations": ["y"], "opens": "2026-03-02"})
    story = given(
        *[joined(name, MONDAY - days(20), skills=["Vélo", "Cuir"]) for name in ("rea", "rod", "Zoé", "été")],
        playbook={
            "people": {"relays": ["rea", "rod"], "sponsors": [SPONSOR]},
            "launch": {"start": "2026-03-02", "waves": waves},
        },
    )
    names = [f"n{n}" for n in range(9)]
    story.when(*[joined(name, MONDAY, skills=["vélo"], population="y") for name in names[:4]])
    story.when(joined("w1", MONDAY + minutes(1), population="x"), passing(MONDAY + minutes(12)))
    story.when(motivated(names[3], MONDAY + minutes(30)))
    for n, name in enumerate(names[:3]):
        at = MONDAY + hours(1 + n)
        story.when(asked(name, at, post=f"q{n}", tags=["Vélo"], title=f"Question {n} ?"), motivated(name, at))
        story.when(chose(name, at + minutes(5), introduce=True), said_yes("rea", name, at + minutes(6)))
    story.when(replied("été", "q0", MONDAY + hours(6), post="a0"), replied("Zoé", "q1", MONDAY + hours(6), post="a1"))
    accepted = {"member": "n0", "post": "a0", "thread": "q0", "answer_author": "été"}
    story.when(fact("answer.accepted", MONDAY + hours(7), **accepted))
    story.when(fact("surge.announced", MONDAY + hours(7), from_=MONDAY, until=MONDAY + days(9), why="x"))
    story.when(fact("promise.made", MONDAY + hours(7), promise="p2", by="été", what="y", due=MONDAY + days(90)))
    story.when(*[reacted("n0", "p", MONDAY + days(1) + hours(n)) for n in range(3)], posted("n1", MONDAY + days(2)))
    story.when(passing(MONDAY + days(5) + hours(3)))
    story.when(*[joined(f"raid{n}", MONDAY + days(5) + hours(4) + seconds(n)) for n in range(7)])
    return story.when(chose("raid0", MONDAY + days(5) + hours(4), introduce=True))


@pytest.fixture
async def database(postgres):
    await migrated(ONBOARDING, postgres)
    connection = await asyncpg.connect(postgres)
    await connection.execute("set search_path to onboarding")
    yield connection
    await connection.close()


async def test_columns_are_the_fields_of_the_rows(database):
    for table in store.TABLES:
        found = await database.fetch(
            "select column_name, data_type, is_nullable, collation_name from information_schema.columns"
            " where table_schema = 'onboarding' and table_name = $1 order by ordinal_position",
            table.name,
        )
        assert [row["column_name"] for row in found] == table.names.split(", "), table.name
        for row, column in zip(found[1:], table.columns, strict=True):
            wanted = SQL_TYPES.get(column.sql_type, column.sql_type)
            nullable = "YES" if column.nullable else "NO"
            assert (row["data_type"], row["is_nullable"]) == (wanted, nullable), f"{table.name}.{column.name}"
            assert (row["collation_name"] == "C") == (wanted == "text"), f"{table.name}.{column.name}"


async def test_every_row_comes_back_from_postgres_as_it_was(database):
    shelf = busy().turns.shelves["onboarding"]

    for table in store.TABLES:
        rows = sorted(shelf.rows[table.row].items())
        assert rows, f"the story leaves {table.name} empty"
        await database.execute(table.save, *table.arrays(rows))
        found = await database.fetch(table.everything)
        assert [table.from_record(record) for record in found] == rows, table.name


async def test_every_statement_finds_what_its_selection_finds_in_the_same_order(database):
    shelf = busy().turns.shelves["onboarding"]
    for table in store.TABLES:
        await database.execute(table.save, *table.arrays(sorted(shelf.rows[table.row].items())))

    for statement in store.STATEMENTS:
        selection = statement.selection
        table = ONBOARDING.table_of[selection.row]
        keys = shelf.groups(selection)
        assert keys, f"the story leaves {selection.name} empty"
        for key in keys:
            in_memory = sorted((row for _, row in shelf.select(selection, key)), key=selection.order)
            found = await database.fetch(statement.sql, *key)
            assert [table.from_record(record)[1] for record in found] == in_memory, (selection.name, key)


async def test_the_common_statements_do_so_too(database):
    story = busy().when(joined("invited", MONDAY + days(6), invited_by="été"))
    shelf = story.turns.shelves["onboarding"]
    for table in common.TABLES:
        await database.execute(table.save, *table.arrays(sorted(shelf.rows[table.row].items())))

    for statement in common.STATEMENTS:
        selection = statement.selection
        keys = shelf.groups(selection)
        assert keys, f"the story leaves {selection.name} empty"
        for key in keys:
            in_memory = sorted((row for _, row in shelf.select(selection, key)), key=selection.order)
            found = await database.fetch(statement.sql, *key)
            table = ONBOARDING.table_of[selection.row]
            assert [table.from_record(record)[1] for record in found] == in_memory, (selection.name, key)
