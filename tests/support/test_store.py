"""The tables are what the migration makes, and every statement finds in Postgres what its selection finds in memory."""

import pytest

from facts import MONDAY, asked, days, decided, fact, hours, joined, minutes, posted, replied
from staged import staged
from stored import columns_are_fields, rows_come_back, schema_of, statements_find_the_same
from stories import Story, given, passing
from support import store
from support.service import SUPPORT

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
    async with schema_of(SUPPORT, postgres) as connection:
        yield connection


async def test_columns_are_the_fields_of_the_rows(database):
    await columns_are_fields(database, SUPPORT, store.TABLES)


async def test_every_row_comes_back_from_postgres_as_it_was(database):
    await rows_come_back(database, busy().turns.shelves["support"], store.TABLES)


async def test_every_statement_finds_what_its_selection_finds_in_the_same_order(database):
    shelf = busy().turns.shelves["support"]

    await statements_find_the_same(database, SUPPORT, shelf, store.TABLES, store.STATEMENTS)


async def test_on_the_bus_and_over_postgres_it_decides_the_same_to_the_byte(nats, postgres):
    story = busy()
    async with staged(nats, postgres, SUPPORT) as stage:
        facts = [event for event in story.log if event.source != SUPPORT.source]
        last = await stage.publish(*facts)
        async with stage.running() as runner:
            await stage.quiet(runner, upto=last)
        await stage.holds_as_recorded()
