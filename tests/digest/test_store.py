"""The tables are what the migration makes, and every statement finds in Postgres what its selection finds in memory."""

import pytest

from backing import Backing
from chassis.entry import Entry
from chassis.rendering import Texts
from digest import state, store
from digest.service import DIGEST
from editorial import DIGEST as ALONE
from facts import (
    MONDAY,
    asked,
    chose,
    configured,
    days,
    decided,
    described,
    fact,
    hours,
    joined,
    minutes,
    posted,
    replied,
    unmuted,
)
from stored import columns_are_fields, rows_come_back, schema_of, statements_find_the_same
from stories import Story, given, passing

START = MONDAY - days(20)
PLAYBOOK = {
    "people": {
        "manager": "camille",
        "core_team": [{"member": "camille", "name": "Camille"}],
        "sponsors": [
            {"member": "max", "name": "Max", "promises": [{"promise": "p", "what": "Une salle", "due": "2026-03-20"}]}
        ],
    },
    "places": {"general": {"channel": "general", "name": "Général"}},
}


def happenings():
    """A community in which every table has rows, and every selection finds some."""
    at = MONDAY - days(4) - hours(5)
    deed = {"kind": "answer", "thread": None, "title": None}
    facts = [
        described(START, "meetup.scheduled"),
        *[
            posted(f"m{n % 3}", START + hours(5 * n), post=f"b{n}", title=f"Sujet {n}", tags=["Vélo"])
            for n in range(70)
        ],
        joined("rea", START, skills=["Vélo"]),
        chose("rea", START + hours(1), digest=True),
        fact("thread.followed", at - hours(9), member="rea", thread="b60"),
        joined("neo", at),
        chose("neo", at, introduce=True),
        asked("été", at, post="q1", tags=["Vélo"], title="Et ça ?"),
        asked("Zoé", at, post="q2", tags=["Vélo", "Bois"], title="Ou ça ?"),
        *[replied(f"r{n}", "b65", at + minutes(n)) for n in range(4)],
        replied("r1", "q9", at),
        asked("Zoé", at + minutes(1), post="q9", title="Déjà dit ?"),
        fact("news.found", at, title="Une loi", url="https://example.org/1"),
        fact("feedback.submitted", at, feedback="f1", member="Zoé", title="Un fil par ville"),
        fact("feedback.submitted", at, feedback="f2", member="été", title="Un autre"),
        fact("feedback.answered", at + minutes(1), feedback="f2", outcome="later", why="", by="camille"),
        fact(
            "meetup.scheduled", at, meetup="m", title="x", at_=MONDAY + days(5), member="Zoé", registered=["été", "rea"]
        ),
        fact("meetup.attended", at, meetup="m", member="rea"),
        decided("recognition", "stratum.raised", at, member="rea", stratum="relay", previous="listening"),
        decided(
            "recognition",
            "member.thanked",
            at,
            member="r1",
            thanks="r",
            week="2026-W09",
            audience="public",
            place=1,
            helper=True,
            deeds=[deed],
        ),
        decided("recognition", "relay.invited", at, member="r2", seats=5, taken=1, expires_at=MONDAY + days(9)),
        decided("recognition", "milestone.reached", at, member="r3", milestone="years", count=1, audience="public"),
        decided(
            "support",
            "message.withheld",
            at,
            to={"kind": "member", "id": "x"},
            purse="attention",
            rule="nudge",
            kind="nudge",
            template="nudge",
            why="expired",
        ),
    ]
    return sorted(facts, key=lambda event: event.time)


def busy(service=ALONE) -> Story:
    story = given(*happenings(), service=service, playbook=PLAYBOOK, opened=START)
    story.when(passing(MONDAY - hours(1)))
    return story.when(
        decided(
            "recognition",
            "gaming.suspected",
            MONDAY,
            suspicion="s",
            members=["a", "b"],
            pattern="pair",
            events=10,
        ),
        fact("news.found", MONDAY, title="Une autre loi", url="https://example.org/2"),
        asked("Zoé", MONDAY, post="q3", tags=["Bois"]),
    )


@pytest.fixture
async def database(postgres):
    async with schema_of(DIGEST, postgres) as connection:
        yield connection


async def test_columns_are_the_fields_of_the_rows(database):
    await columns_are_fields(database, DIGEST, store.TABLES)


async def test_every_row_comes_back_from_postgres_as_it_was(database):
    await rows_come_back(database, busy().turns.shelves["digest"], store.TABLES)


async def test_every_statement_finds_what_its_selection_finds_in_the_same_order(database):
    shelf = busy().turns.shelves["digest"]

    await statements_find_the_same(database, DIGEST, shelf, store.TABLES, store.STATEMENTS)


@pytest.mark.parametrize("size", [1, 7, 500])
def test_batches_of_any_size_over_a_partial_shelf_decide_the_same(size):
    recorded = []
    story = given(*happenings(), service=ALONE, playbook=PLAYBOOK, opened=START)
    story.when(passing(MONDAY + days(9)))
    log = [*given_log(), *happenings(), fact("member.seen", MONDAY + days(9), member="ana")]
    backing = Backing(ALONE, Texts("digest"))
    entries = [Entry(seq, None, None, event.to_json(), event) for seq, event in enumerate(log, 1)]
    for start in range(0, len(entries), size):
        backing.batch(entries[start : start + size])
    recorded = [(event.type, event.time) for event in backing.said if event.time <= MONDAY + days(9)]

    assert backing.letters == []
    assert recorded == [(event.type, event.time) for event in story.decisions]


def given_log():

    usual = {"name": "L'Atelier", "language": "fr", "register": "tu", "timezone": "Europe/Paris"}
    return [configured(START, **{**usual, **PLAYBOOK}), unmuted(START)]


def test_rows_that_no_longer_matter_are_dropped():
    story = busy(ALONE)

    story.when(passing(MONDAY + days(200)))

    kept = {row.__name__: len(story.rows(row)) for row in (table.row for table in store.TABLES)}
    assert kept["Arrival"] == kept["Thanked"] == kept["News"] == kept["Note"] == kept["Meetup"] == 0
    assert kept["Follow"] == 0
    assert {thread.thread for thread in story.rows(state.Thread)} == {"q1", "q2", "q3"}
