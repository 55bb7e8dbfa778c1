"""The personal digest: opt-in, only after a week away, about what the person follows and knows, one tap to stop."""

from datetime import timedelta
from itertools import pairwise

import pytest

from contracts.envelope import AnyEvent
from digest.state import Follow
from digest.state_told import Reader
from editorial import DIGEST
from facts import (
    MONDAY,
    chose,
    days,
    deleted,
    erased,
    fact,
    hours,
    joined,
    left,
    minutes,
    paused,
    posted,
    replied,
    updated,
)
from stories import Passing, Story, given, passing

START = MONDAY - days(20)
AWAY = START + days(1)
"""The last sign of life."""


def wants(member: str = "zoe", at=AWAY, **data) -> list[AnyEvent]:
    return [joined(member, START, **{"skills": ["vélo"], **data}), chose(member, at, digest=True)]


def place(*happenings: AnyEvent | Passing, **more) -> Story:
    return given(*happenings, service=DIGEST, opened=START - days(1), **more)


def lively(start=AWAY, until=40) -> list[AnyEvent]:
    """A thread about bicycles every day, so that no platform is silent."""
    return [
        posted("ana", start + days(n) + hours(1), post=f"velo-{n}", title=f"Vélo {n}", tags=["vélo"])
        for n in range(until)
    ]


def test_after_seven_days_away_somebody_who_wants_it_is_told_what_was_said_about_what_they_know():
    story = place(*wants(), *lively(until=9))

    sent = story.all("digest.sent")

    assert [event.data.member for event in sent] == ["zoe"]
    assert sent[0].time - AWAY >= timedelta(days=7)
    assert sent[0].data.since == AWAY
    assert "velo-1" in sent[0].data.threads
    assert len(sent[0].data.threads) == 5


def test_the_message_waits_for_the_morning_and_stops_with_one_tap():
    story = place(*wants(), *lively(until=9))

    (message,) = story.every_message(template="digest")
    (action,) = message.data.actions

    assert 7 <= message.time.hour <= 8
    assert message.data.purse == "attention"
    assert (action.id, action.fact.type, action.fact.data["digest"]) == ("stop", "preference.changed", False)
    assert "Bonjour Zoe" in message.data.text


def test_nobody_gets_it_without_asking():
    story = place(joined("zoe", START, skills=["vélo"]), *lively(until=12))

    assert story.all("digest.sent") == []


@pytest.mark.parametrize(
    "sign",
    [
        fact("member.seen", AWAY + days(5), member="zoe"),
        fact("reaction.added", AWAY + days(5), member="zoe", post="x", reaction="+1"),
        replied("zoe", "velo-1", AWAY + days(5)),
        fact("poll.voted", AWAY + days(5), member="zoe", poll="p"),
    ],
)
def test_whoever_is_here_needs_none(sign):
    facts = sorted([*wants(), *lively(until=12), sign], key=lambda event: event.time)

    assert place(*facts).all("digest.sent") == []


def test_at_most_one_a_week():
    story = place(*wants(), *lively(until=40))

    times = [event.time for event in story.all("digest.sent")]

    assert len(times) == 5
    assert all(second.date() - first.date() >= timedelta(days=7) for first, second in pairwise(times))


def test_it_ends_after_180_days_of_silence():
    story = place(*wants(), *lively(until=230))

    assert max(event.time for event in story.all("digest.sent")) <= AWAY + days(180)


def test_threads_that_the_person_follows_come_first_when_something_was_said_in_them():
    followed = posted("bea", START + hours(1), post="bois", title="Le bois", tags=["bois"])
    facts = [
        *wants(),
        followed,
        fact("thread.followed", START + hours(2), member="zoe", thread="bois"),
        replied("gil", "bois", AWAY + days(3)),
        *lively(until=9),
    ]
    story = place(*sorted(facts, key=lambda event: event.time))

    assert story.all("digest.sent")[0].data.threads[0] == "bois"


def test_a_thread_that_is_unfollowed_is_forgotten():
    facts = [
        *wants(skills=[]),
        posted("bea", START + hours(1), post="bois", title="Le bois"),
        fact("thread.followed", START + hours(2), member="zoe", thread="bois"),
        fact("thread.unfollowed", START + hours(3), member="zoe", thread="bois"),
        replied("gil", "bois", AWAY + days(3)),
        *lively(until=9),
    ]
    story = place(*sorted(facts, key=lambda event: event.time))

    assert story.all("digest.sent") == []
    assert story.rows(Follow) == []


def test_with_nothing_on_what_they_know_or_follow_there_is_nothing_to_say():
    assert place(*wants(skills=["poterie"]), *lively(until=12)).all("digest.sent") == []


def test_open_questions_in_their_skills_stand_apart():
    question = posted("bea", AWAY + days(2), post="q", kind="question", title="Une roue voilée ?", tags=["vélo"])
    facts = sorted([*wants(), *lively(until=9), question], key=lambda event: event.time)

    assert place(*facts).all("digest.sent")[0].data.questions == ("q",)


@pytest.mark.parametrize(
    "going",
    [
        left("zoe", AWAY + days(3)),
        paused("zoe", AWAY + days(3)),
        chose("zoe", AWAY + days(3), digest=False),
        chose("zoe", AWAY + days(1), stop=["digest"]),
        erased("zoe", AWAY + days(3)),
        updated("zoe", AWAY + days(1), bot=True),
    ],
)
def test_whoever_leaves_rests_stops_or_is_forgotten_gets_none(going):
    facts = sorted([*wants(), *lively(until=10), going], key=lambda event: event.time)

    story = place(*facts)

    assert story.every_message(template="digest") == []


def test_a_tap_on_stop_while_it_waits_for_the_morning_calls_it_back():
    story = place(*wants(), *lively(until=7), passing(AWAY + days(8) - hours(5)))
    assert story.all("digest.sent")

    story.when(chose("zoe", AWAY + days(8) - hours(4) - minutes(30), digest=False), passing(AWAY + days(9)))

    assert story.every_message(template="digest") == []
    assert story.row(Reader, "zoe") is None


def test_a_silent_platform_silences_the_digest_too():
    beat = [posted("ana", START + hours(2 * n), post=f"b{n}", tags=["vélo"]) for n in range(14)]
    story = place(*sorted([*wants(), *beat], key=lambda event: event.time), passing(AWAY + days(30)))

    # The longest gap of a day is two hours: it is silent after twenty, long before a week is over.
    assert story.all("digest.sent") == []


def test_a_thread_that_is_gone_is_not_in_it():
    facts = sorted([*wants(), *lively(until=9), deleted("velo-2", AWAY + days(4))], key=lambda event: event.time)

    assert "velo-2" not in place(*facts).all("digest.sent")[0].data.threads


def test_somebody_who_wants_it_and_is_forgotten_leaves_no_trace():
    facts = [*wants("xenia"), posted("bea", START + hours(1), post="bois", title="Le bois")]
    facts.append(fact("thread.followed", AWAY + hours(2), member="xenia", thread="bois"))
    story = place(*sorted(facts, key=lambda event: event.time), *lively(until=9))

    story.when(erased("xenia", AWAY + days(20)))

    assert story.mentions_of("xenia") == []


def test_history_is_digested_for_nobody():
    facts = [event.model_copy(update={"backfill": True}) for event in [*wants(), *lively(until=12)]]

    assert place(*facts).all("digest.sent") == []
