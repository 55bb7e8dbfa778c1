"""Privacy over the whole of digest: an erased person is in no table; nothing sensitive is in any text."""

import pytest

from contracts.envelope import AnyEvent
from digest import store
from digest.service import DIGEST
from facts import MONDAY, asked, chose, days, decided, described, erased, fact, hours, joined, minutes, posted, replied
from stories import given, passing

XENIA = "xenia-7"
UNSAID = "zanzibar"
"""A word that stands only where nobody may quote it."""
PLAYBOOK = {
    "people": {
        "manager": "camille",
        "core_team": [{"member": "camille", "name": "Camille"}],
        "sponsors": [
            {"member": "max", "name": "Max", "promises": [{"promise": "p", "what": "Une salle", "due": "2026-03-20"}]}
        ],
    },
    "places": {"general": {"channel": "general", "name": "Général"}},
    "hours": "pro",
}
START = MONDAY - days(14)


def everything_about(member: str) -> list[AnyEvent]:
    """Somebody who did everything of which digest keeps a row."""
    at = MONDAY - days(4) - hours(5)
    deed = {"kind": "answer", "thread": None, "title": None}
    return [
        joined(member, at, display_name="Xenia Paravent", skills=["velo"]),
        chose(member, at, introduce=True, digest=True),
        asked(member, at, post="x-q", title="La question de Xenia Paravent", tags=["velo"]),
        posted(member, at + minutes(1), post="x-t", title="Le sujet de Xenia Paravent"),
        *[replied(f"m{n}", "x-t", at + minutes(2 + n)) for n in range(8)],
        posted("ana", at + minutes(1), post="a-t", title="Un sujet"),
        replied(member, "a-t", at + minutes(3)),
        posted("bea", at + minutes(4), post="b-q", kind="question", title="Et ça ?"),
        replied(member, "b-q", at + minutes(5)),
        fact("thread.followed", at + minutes(6), member=member, thread="a-t"),
        fact("feedback.submitted", at + minutes(7), feedback="f", member=member, title="L'idée de Xenia Paravent"),
        fact("promise.made", at + minutes(8), promise="q", by=member, what="Promis", due=MONDAY + days(90)),
        fact(
            "meetup.scheduled", at + minutes(9), meetup="m", at_=MONDAY + days(20), member=member, registered=[member]
        ),
        fact("meetup.attended", at + minutes(10), meetup="m", member=member),
        decided("recognition", "stratum.raised", at + hours(1), member=member, stratum="relay", previous="listening"),
        decided(
            "recognition",
            "member.thanked",
            at + hours(1),
            member=member,
            thanks="r",
            week="2026-W09",
            audience="public",
            place=1,
            helper=True,
            deeds=[deed],
        ),
        decided(
            "recognition",
            "relay.invited",
            at + hours(1),
            member=member,
            seats=5,
            taken=1,
            expires_at=MONDAY + days(9),
        ),
        decided(
            "recognition",
            "milestone.reached",
            at + hours(1),
            member=member,
            milestone="years",
            count=1,
            audience="public",
        ),
        fact("prompt.chosen", at + hours(2), prompt="own", value="Alors ?", by=member, source="/operator"),
    ]


@pytest.mark.parametrize("hours_later", [0, 26, 24 * 4, 24 * 20])
def test_an_erased_member_is_in_no_table_whenever_they_are_forgotten(hours_later):
    story = given(*everything_about(XENIA), service=DIGEST, playbook=PLAYBOOK, opened=START)
    story.when(passing(MONDAY - hours(2) + hours(hours_later)))
    assert story.mentions_of(XENIA)

    story.when(erased(XENIA, MONDAY - hours(1) + hours(hours_later)))

    assert story.mentions_of(XENIA) == []
    assert story.mentions_of("Paravent") == []


def test_totals_stay():
    story = given(*everything_about(XENIA), service=DIGEST, playbook=PLAYBOOK, opened=START)
    before = sum(day.posts for day in story.rows(store.DAY.row))

    story.when(erased(XENIA, MONDAY))

    assert sum(day.posts for day in story.rows(store.DAY.row)) == before


SENSITIVE = {
    "restricted": [posted("ana", MONDAY - days(5), post="s", channel="equipe", title=f"Un mot de {UNSAID}")],
    "restricted question": [asked("ana", MONDAY - days(5), post="s", channel="equipe", title=f"Et {UNSAID} ?")],
    "complaint by flag": [asked("ana", MONDAY - days(5), post="s", title=f"Et {UNSAID} ?", complaint=True)],
    "complaint by words": [asked("ana", MONDAY - days(5), post="s", title=f"{UNSAID}, c'est inadmissible !")],
    "care": [asked("ana", MONDAY - days(5), post="s", title=f"{UNSAID}", body="J'ai envie de mourir")],
    "care by support": [
        asked("ana", MONDAY - days(5), post="s", title=f"{UNSAID}"),
        decided(
            "support",
            "care.needed",
            MONDAY - days(5) + minutes(1),
            member="ana",
            post="s",
            thread="s",
            channel="general",
            nature="distress",
        ),
    ],
    "complaint in a reply": [
        posted("ana", MONDAY - days(5), post="s", title=f"Le fil de {UNSAID}"),
        replied("bea", "s", MONDAY - days(5) + minutes(2), complaint=True),
    ],
}


@pytest.mark.parametrize("what", SENSITIVE)
def test_nothing_restricted_no_complaint_and_no_care_is_ever_quoted_by_any_text(what):
    readers = [joined("lea", MONDAY - days(9), skills=["velo"]), chose("lea", MONDAY - days(8), digest=True)]
    at = MONDAY - days(4) - hours(5)
    beside = [
        described(START, "meetup.scheduled"),
        fact("channel.described", START, channel="equipe", visibility="restricted"),
        *readers,
        *SENSITIVE[what],
        fact("thread.followed", MONDAY - days(5) + minutes(5), member="lea", thread="s"),
        replied("gil", "s", MONDAY - days(2), **({"channel": "equipe"} if "restricted" in what else {})),
        *[
            event
            for n in range(3)
            for event in (
                posted(f"m{n}", at + minutes(n), post=f"t{n}", title=f"Sujet {n}"),
                replied("bea", f"t{n}", at + hours(1) + minutes(n)),
            )
        ],
        asked("bea", at, post="q", title="Et ça ?"),
        fact("kudos.given", at + hours(2), member="ana", receivers=["bea"], reason=UNSAID),
    ]
    story = given(
        *sorted(beside, key=lambda event: event.time),
        passing(MONDAY + days(30)),
        service=DIGEST,
        playbook=PLAYBOOK,
        opened=START,
    )

    assert story.all("synthesis.published")
    assert story.all("content.missing")
    said = [event.type for event in story.decisions if UNSAID in event.data.model_dump_json()]
    assert said == []


def test_a_bot_a_sponsor_and_the_core_team_are_presented_to_nobody():
    at = MONDAY - days(4) - hours(5)
    facts = [
        joined("robot", at, bot=True),
        joined("max", at),
        joined("camille", at),
        joined("paid", at, staff=True),
        *[chose(name, at + minutes(1), introduce=True) for name in ("robot", "max", "camille", "paid")],
    ]

    story = given(*facts, service=DIGEST, playbook=PLAYBOOK, opened=START)

    assert story.rows(store.ARRIVAL.row) == []
