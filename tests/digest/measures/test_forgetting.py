"""What the measures keep of people, and for how long; and what duplicates, batches and orders change: nothing."""

import asyncio

from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from chassis import migrate
from chassis.postgres import open_pool
from chassis.settings import load_settings
from chassis.showing import PostgresReader
from digest.measures import TABLES
from digest.measures.report.view import viewed
from digest.measures.state import Cohort, Part, Period, Talk, Totals
from digest.service import DIGEST
from facts import (
    MONDAY,
    asked,
    configured,
    days,
    decided,
    fact,
    hours,
    joined,
    left,
    minutes,
    motivated,
    posted,
    reacted,
    replied,
    unmuted,
)
from stories import Story, given, passing


def story(*happenings, **playbook) -> Story:
    return given(*happenings, service=DIGEST, playbook=playbook)


def a_life(member):
    return (
        fact("member.joined", MONDAY, member=member, id=f"forum/{member}/joined"),
        motivated(member, MONDAY + minutes(1)),
        fact("need.declared", MONDAY + minutes(1), member=member, need="calme"),
        asked(member, MONDAY + hours(1), post="q1"),
        replied("bob", "q1", MONDAY + hours(2), body="Oui."),
        asked("bob", MONDAY + hours(1), post="q2"),
        replied(member, "q2", MONDAY + hours(3), body="Non."),
        replied(member, "q3", MONDAY + hours(3)),
        reacted(member, "q2", MONDAY + days(1)),
        decided(
            "recognition",
            "stratum.raised",
            MONDAY + days(1),
            member=member,
            stratum="taking_part",
            previous="listening",
        ),
    )


def test_an_erased_member_stands_in_no_row_and_totals_stay():
    told = story(*a_life("quentin"), passing(MONDAY + days(2)))
    before = told.row(Totals)
    told.when(fact("member.erased", MONDAY + days(3), member="quentin"), passing(MONDAY + days(8)))

    assert told.mentions_of("quentin") == []
    assert (before.members, told.row(Totals).members) == (2, 1)
    assert told.row(Totals).strata == {"taking_part": 0}
    week = next(row for row in told.rows(Period) if row.period == "2026-W10")
    assert week.marks["newcomers"][0] == 2


def test_who_left_is_no_member_and_who_comes_back_is():
    told = story(joined("ana", MONDAY), joined("bob", MONDAY), left("ana", MONDAY + days(1)))
    assert told.row(Totals).members == 1

    told.when(posted("ana", MONDAY + days(9)))
    assert told.row(Totals).members == 2
    assert sum(row.marks.get("newcomers", (0,))[0] for row in told.rows(Period) if "-W" in row.period) == 2


def test_a_post_before_its_authors_join_makes_one_newcomer():
    told = story(posted("ana", MONDAY), joined("ana", MONDAY + minutes(1)))

    assert told.row(Totals).members == 1
    assert len(told.rows(Part)) == 1


def test_rows_that_can_no_longer_matter_are_dropped():
    chatter = [posted(f"m{n % 7}", MONDAY + hours(9 * n)) for n in range(60)]
    told = story(*chatter, asked("ana", MONDAY + days(22)), passing(MONDAY + days(160)))

    assert told.rows(Talk) == []
    assert [row for row in told.rows(Period) if "-W" not in row.period and row.period < "2026-04-01"] == []
    assert not any(row.recent or row.posts for row in told.rows(Part))
    assert told.rows(Cohort)


OPENING, UNMUTED = configured(MONDAY - days(7), name="L'Atelier", timezone="Europe/Paris"), unmuted(MONDAY - days(7))
EVENTS = (
    *a_life("quentin"),
    posted("cyd", MONDAY + days(2)),
    posted("cyd", MONDAY + days(9)),
    left("cyd", MONDAY + days(10)),
    fact("feedback.submitted", MONDAY + days(2), feedback="f", member="cyd"),
    fact("feedback.answered", MONDAY + days(3), feedback="f", outcome="no", why="cher", by="camille"),
)


@settings(max_examples=10, deadline=None)
@given_by(st.lists(st.integers(0, len(EVENTS) - 1), max_size=6))
def test_an_event_that_comes_twice_changes_no_decision(twice):
    again = [event for place, event in enumerate(EVENTS) for _ in range(1 + twice.count(place))]

    def told(happenings):
        played = Story(DIGEST).when(OPENING, UNMUTED, *happenings, passing(MONDAY + days(15)))
        return [event.to_json() for event in played.decisions]

    assert told(again) == told(EVENTS)


def test_the_tables_in_postgres_hold_what_the_rows_are(postgres):
    migrate.migrate(DIGEST, postgres)
    told = story(*a_life("quentin"), passing(MONDAY + days(8)))

    async def through_the_database():
        pool = await open_pool(
            load_settings(nats_url="nats://not-used:4222", postgres_dsn=postgres, embedded=True), "digest"
        )
        try:
            async with pool.acquire() as connection:
                reader = PostgresReader(DIGEST, connection)
                for table in TABLES:
                    rows = [
                        ((key[0], *key[1:]), row) for key, row in told.turns.shelves["digest"].rows[table.row].items()
                    ]
                    await connection.execute(table.save, *table.arrays(rows))
                    assert list(await reader.rows(table.row, "atelier")) == told.rows(table.row), table.name
                for statement in DIGEST.statements:
                    if statement.selection.row in {table.row for table in TABLES}:
                        await _selects(connection, statement, told)
                return await viewed(reader, "nobody")
        finally:
            await pool.close()

    assert asyncio.run(through_the_database()) is None


async def _selects(connection, statement, told):
    """Every selection's SQL finds what the selection says, in its order."""
    selection = statement.selection
    rows = told.rows(selection.row)
    table = DIGEST.table_of[selection.row]
    for values in {values for row in rows for values in selection.values(row)}:
        expected = sorted((row for row in rows if values in selection.values(row)), key=selection.order)
        records = await connection.fetch(statement.sql, "atelier", *values)
        assert [table.from_record(tuple(record))[1] for record in records] == expected, selection.name
