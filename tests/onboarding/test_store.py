"""The tables are what the migration makes, and every statement finds in Postgres what its selection finds in memory."""

import pytest

from chassis import common
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
from stored import columns_are_fields, rows_come_back, schema_of, statements_find_the_same
from stories import Story, given, passing

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
    async with schema_of(ONBOARDING, postgres) as connection:
        yield connection


async def test_columns_are_the_fields_of_the_rows(database):
    await columns_are_fields(database, ONBOARDING, store.TABLES)


async def test_every_row_comes_back_from_postgres_as_it_was(database):
    await rows_come_back(database, busy().turns.shelves["onboarding"], store.TABLES)


async def test_every_statement_finds_what_its_selection_finds_in_the_same_order(database):
    shelf = busy().turns.shelves["onboarding"]

    await statements_find_the_same(database, ONBOARDING, shelf, store.TABLES, store.STATEMENTS)


async def test_the_common_statements_do_so_too(database):
    edited = {"post": "late", "thread": "late", "member": "été", "title": "Un titre"}
    story = busy().when(
        joined("invited", MONDAY + days(6), invited_by="été"), fact("post.updated", MONDAY + days(6), **edited)
    )
    shelf = story.turns.shelves["onboarding"]

    await statements_find_the_same(database, ONBOARDING, shelf, common.TABLES, common.STATEMENTS)
