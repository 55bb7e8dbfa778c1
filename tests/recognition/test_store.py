"""The tables are what the migration makes, and every statement finds in Postgres what its selection finds in memory."""

import pytest

from facts import (
    MONDAY,
    accepted,
    asked,
    chose,
    days,
    decided,
    fact,
    hours,
    joined,
    kudos,
    minutes,
    posted,
    reacted,
    replied,
)
from recognised import conversation, people, told
from recognition import store
from recognition.rules.half_life import empty, entered
from recognition.service import RECOGNITION
from stored import columns_are_fields, rows_come_back, schema_of, statements_find_the_same
from stories import Story, passing

CROWD = [f"m{n}" for n in range(32)]
TEAM = {"manager": "eve", "core_team": [{"member": "eve", "name": "Ève"}]}


def busy() -> Story:
    """A community in which every table has rows, and every selection finds some."""
    perks = [{"perk": "cle", "name": "la clé", "stock": 3}]
    story = told(
        *people("ana", "ben", "Zoé", "été", *CROWD, skills=["couture"]),
        playbook={
            "people": {**TEAM, "relays": ["Zoé"], "founding_relays": ["été"]},
            "recognition": {"perks": perks},
        },
    )
    story.when(*[posted(name, MONDAY - days(1)) for name in (*CROWD, "Zoé")])
    story.when(joined("new", MONDAY), posted("new", MONDAY, post="hello"))
    story.when(replied("ana", "hello", MONDAY + minutes(1), body="Bienvenue !"))
    story.when(replied("ben", "missing", MONDAY + minutes(1), post="early"))
    story.when(*conversation("ana", "été", MONDAY, post="q1"), accepted("q1-a", "q1", "ana", MONDAY + hours(2)))
    story.when(replied("ana", "q1", MONDAY + hours(3), body="merci !", url="https://forum.example/p/1"))
    story.when(*[fact("meetup.hosted", MONDAY + hours(n), meetup=f"h{n}", member="Zoé") for n in range(3)])
    story.when(fact("meetup.attended", MONDAY + hours(4), meetup="h0", member="ben"))
    story.when(kudos("ana", "ben", at=MONDAY + hours(4)))
    story.when(fact("nomination.made", MONDAY + hours(5), member="ana", by="ben"))
    story.when(fact("feedback.submitted", MONDAY + hours(5), feedback="f", member="ana", title="x"))
    story.when(fact("identity.linked", MONDAY + hours(5), member="ben", other="ben2", proof="x"))
    story.when(reacted("ana", "later", MONDAY + hours(5)))
    story.when(decided("onboarding", "relay.paired", MONDAY + hours(5), newcomer="ben", member="Zoé", attempt=1))
    story.when(fact("stratum.locked", MONDAY + hours(5), member="m1", by="eve", value="holding_up"))
    story.when(fact("task.opened", MONDAY + hours(6), task="t", title="x", by="eve", skills=["couture"]))
    for n in range(12):
        at = MONDAY + hours(7 + n)
        story.when(posted("ana", at, post=f"a{n}"), posted("ben", at, post=f"s{n}"))
        story.when(reacted("ben", f"a{n}", at + minutes(1)), reacted("ana", f"s{n}", at + minutes(1)))
    story.when(fact("thanks.edited", MONDAY + days(1), thanks="2026-W10", by="eve", member="ana", value="Merci !"))
    story.when(asked("ben", MONDAY + days(2), post="q9"), chose("m3", MONDAY + days(2), thanks="private"))
    story.when(passing(MONDAY + days(2) + hours(5)))
    return story.when(replied("ben", "missing too", MONDAY + days(2) + hours(6)))


@pytest.fixture
async def database(postgres):
    async with schema_of(RECOGNITION, postgres) as connection:
        yield connection


async def test_columns_are_the_fields_of_the_rows(database):
    await columns_are_fields(database, RECOGNITION, store.TABLES)


async def test_every_row_comes_back_from_postgres_as_it_was(database):
    await rows_come_back(database, busy().turns.shelves["recognition"], store.TABLES)


async def test_an_account_of_many_years_comes_back_too(database):
    account = empty("ana", 90)
    for day in range(0, 20_000, 7):
        account = entered(account, 5000, 700_000 + day)
    rows = [(("atelier", "ana"), account)]
    await database.execute(store.ACCOUNT.save, *store.ACCOUNT.arrays(rows))

    found = await database.fetch(store.ACCOUNT.everything)

    assert [store.ACCOUNT.from_record(record) for record in found] == rows
    assert max(total for _, total in account.phases) > 2**64


async def test_every_statement_finds_what_its_selection_finds_in_the_same_order(database):
    shelf = busy().turns.shelves["recognition"]

    await statements_find_the_same(database, RECOGNITION, shelf, store.TABLES, store.STATEMENTS)
