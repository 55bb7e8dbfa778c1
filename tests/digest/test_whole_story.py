"""Over whole stories: reasons that exist, orders that do not matter, texts that hold together, silent history."""

import json
import re
from collections import Counter
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.entry import Entry, read
from chassis.replay import Turns
from contracts.envelope import EvidenceRange
from digest.state import Thread
from editorial import DIGEST
from facts import (
    MONDAY,
    asked,
    configured,
    days,
    deleted,
    erased,
    fact,
    hours,
    joined,
    minutes,
    posted,
    replied,
    unmuted,
)
from ruche import playbooks
from ruche.simulate import simulate
from stories import Story, passing
from stories import given as story_given

WEEKS = 8


def quarter(language: str = "fr", members: int = 40) -> tuple[list, Turns]:
    """A simulated stretch of a community that may speak, digest alone; the whole log, and the end of it."""
    log = []
    turns = Turns([DIGEST], on_message=lambda event, _raw: log.append(event))
    facts = list(simulate(members=members, weeks=WEEKS, seed=11, language=language))
    for seq, document in enumerate(_opened(facts, language), 1):
        turns.play(read(json.dumps(document).encode(), seq=seq))
    assert turns.shelves["digest"].letters == []
    return log, turns


def _opened(facts: list, language: str) -> list:
    """The facts, after a playbook and the word that messages may go out, where the simulation has none itself."""
    if any(document["type"] == "community.configured" for document in facts):
        return facts
    name = {"fr": "latelier", "en": "workshop"}[language]
    first = facts[0]
    head = {"specversion": "1.0", "source": "/operators/operator", "time": first["time"]}
    slug = first["data"]["community"]
    at = datetime.fromisoformat(first["time"])
    playbook = playbooks.load(name).for_years_around(at).document()
    return [
        {
            **head,
            "id": "configured",
            "type": "community.configured",
            "data": {"community": slug, "version": "v1", "playbook": playbook},
        },
        {**head, "id": "unmuted", "type": "community.unmuted", "data": {"community": slug, "by": "operator"}},
        *facts,
    ]


@pytest.fixture(scope="module", params=["fr", "en"])
def lived(request):
    return quarter(request.param)


def test_every_decision_says_why_with_events_that_exist(lived):
    log, _ = lived
    known = {event.id for event in log}
    for event in log:
        if event.source != DIGEST.source:
            continue
        evidence = [part.evidence for part in event.data.because]
        assert any(evidence), (event.type, event.data.because)
        for proof in evidence:
            named = (proof.first, proof.last) if isinstance(proof, EvidenceRange) else proof
            assert all(name in known for name in named), (event.type, named)


def test_members_are_hardly_written_to_and_the_manager_once_a_morning(lived):
    log, _ = lived
    messages = [event.data for event in log if event.type == "message.requested"]
    notes = [event.time.date() for event in log if event.type == "brief.sent"]

    assert len(notes) == len(set(notes))
    to_members = Counter(message.to.id for message in messages if message.to.kind == "member")
    assert {message.kind for message in messages if message.to.kind == "member"} <= {"digest"}
    assert max(to_members.values(), default=0) <= WEEKS
    prompts = sum(event.type == "prompt.published" for event in log)
    started = sum(event.type == "post.created" and event.data.reply_to is None for event in log)
    assert prompts * 10 < started


def test_texts_hold_no_empty_line_twice_no_bare_brace_and_no_count_of_one_in_figures(lived):
    log, _ = lived
    for event in log:
        if event.type == "message.requested":
            text = event.data.text
            assert "\n\n\n" not in text
            assert not re.search(r"[{}]|None|\bTrue\b|\bFalse\b", text), text
            assert not re.search(r"\b1 (questions|messages|personnes|threads|people)\b", text), text


def test_the_note_never_has_more_than_twelve_lines(lived):
    log, _ = lived
    notes = [event.data.text for event in log if event.type == "message.requested" and event.data.template == "brief"]

    assert notes
    assert max(len(text.splitlines()) for text in notes) <= 12


def test_ticks_stay_few(lived):
    _, turns = lived

    # The sweep, the chassis' own tidying, the morning note, the draft and its publication; now and then a quiet day.
    assert turns.heard["clock.ticked"] <= WEEKS * 7 * 4


HEAD = [configured(MONDAY - days(7), language="fr"), unmuted(MONDAY - days(7))]
A_THREAD = [
    joined("ana", MONDAY),
    asked("ana", MONDAY + minutes(1), post="q", title="Une selle usée ?", tags=["vélo"]),
    replied("bea", "q", MONDAY + minutes(9), post="r1"),
    replied("cy", "q", MONDAY + minutes(12), post="r2", body="+1"),
    asked("dan", MONDAY + minutes(20), post="q2", title="Et la colle ?"),
    fact("post.updated", MONDAY + minutes(30), post="q2", thread="q2", title="Et la colle à bois ?"),
    asked("eve", MONDAY + minutes(40), post="q3", title="À retirer"),
    deleted("q3", MONDAY + minutes(50)),
    fact("post.updated", MONDAY + minutes(55), post="q3", thread="q3", title="Trop tard"),
]


def _outcome(events) -> list[tuple]:
    story = story_given(*events, service=DIGEST)
    return [
        (row.thread, row.author, row.open, row.answered_by, row.heading if not row.closed else None, row.closed)
        for row in story.rows(Thread)
    ]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(4)))
def test_a_post_before_its_join_and_a_reply_before_its_question_end_the_same(order):
    straight = _outcome(A_THREAD[:4])

    assert _outcome([A_THREAD[index] for index in order]) == straight


def test_an_edit_after_a_deletion_changes_nothing():
    outcome = {row[0]: row for row in _outcome(A_THREAD)}

    assert outcome["q3"][4:] == (None, True)
    assert outcome["q2"][4] == "Et la colle à bois ?"


def test_a_deletion_before_its_post_keeps_it_out():
    story = story_given(deleted("q", MONDAY), asked("ana", MONDAY + minutes(1), post="q"), service=DIGEST)

    assert not story.row(Thread, "q").open


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(min_value=0, max_value=len(A_THREAD) - 1), max_size=6))
def test_an_event_delivered_twice_changes_no_decision(twice):
    plain = A_THREAD
    doubled = [event for index, event in enumerate(A_THREAD) for _ in range(1 + twice.count(index))]

    first = Story(DIGEST).when(*HEAD, *plain, passing(MONDAY + days(3)))
    second = Story(DIGEST).when(*HEAD, *doubled, passing(MONDAY + days(3)))

    assert [event.to_json() for event in second.decisions] == [event.to_json() for event in first.decisions]


def test_history_makes_no_message_and_no_decision():
    old = [event.model_copy(update={"backfill": True}) for event in A_THREAD]
    story = story_given(service=DIGEST, opened=MONDAY - hours(1))

    story.when(*old, passing(MONDAY + days(40)))

    assert {event.type for event in story.decisions if event.time < MONDAY + hours(1)} == set()


def test_two_communities_do_not_hear_each_other():
    ours = [posted("ana", MONDAY + hours(n), post=f"a{n}") for n in range(5)]
    theirs = [posted("zoe", MONDAY + hours(n), post=f"z{n}", community="autre") for n in range(5)]
    mixed = [event for pair in zip(ours, theirs, strict=True) for event in pair]

    alone = Story(DIGEST).when(*HEAD, *ours, passing(MONDAY + days(9)))
    beside = Story(DIGEST).when(*HEAD, *mixed, passing(MONDAY + days(9)))

    own = [event.to_json() for event in beside.decisions if event.data.community == "atelier"]
    assert own == [event.to_json() for event in alone.decisions]


def test_everybody_who_is_erased_is_gone_from_every_table():
    log, turns = quarter()
    members = sorted({event.data.member for event in log if event.type == "post.created"})
    slug = log[0].data.community
    end = log[-1].time
    kept = {person.member for person in playbooks.load("latelier").playbook.people.core_team}
    for n, member in enumerate(name for name in members if name not in kept):
        event = erased(member, end + minutes(n), community=slug)
        turns.play(Entry(0, None, None, event.to_json(), event))

    rows = [
        row for kind in turns.shelves["digest"].rows.items() if kind[0].__name__ != "InForce" for row in kind[1].items()
    ]
    text = repr(rows)
    assert [name for name in members if name not in kept and re.search(rf"'{re.escape(name)}'", text)] == []
