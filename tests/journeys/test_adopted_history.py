"""After `adopt` and a live week nobody of the history is welcomed, paired, nudged, introduced, or thanked for it.

Each rule about imported history is a test, with all four services at work.
"""

import os
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from adopted import MESSAGES, TO_NEWCOMERS, WELCOMING, Adopted, about
from chassis.recording import lines
from contracts.people import concerned_member
from contracts.wire import decode
from facts import FRIDAY, MONDAY, asked, days, fact, hours, joined, minutes, posted, reacted, replied, updated

ARCHIVES = Path(os.environ.get("RUCHE_ARCHIVES", Path(__file__).parents[3] / "shared" / "data"))
A_WEEK = MONDAY + days(7)
END = MONDAY - hours(1)
"""When the history ends: an hour before the community's first live word."""


def helped(helper: str, asker: str, at, *, name: str):
    """A question, its answer an hour later, accepted and thanked for."""
    return [
        asked(asker, at, post=name, channel="entraide"),
        replied(helper, name, at + hours(1), post=f"{name}-a", channel="entraide"),
        fact("answer.accepted", at + hours(2), member=asker, post=f"{name}-a", thread=name),
        reacted(asker, f"{name}-a", at + hours(2), thread=name, post_author=helper),
    ]


def old_hands():
    """Ana helps Ben nearly every day of a fortnight, to the end of the history; Lou reads, and is known at its end."""
    facts = [joined("ana", END - days(16)), joined("ben", END - days(16), introduce=True)]
    for day in range(14, 0, -1):
        facts += helped("ana", "ben", END - days(day) + hours(1), name=f"q{day}")
    return [*sorted(facts, key=lambda event: event.time), updated("lou", END, display_name="Lou")]


def test_history_changes_state_and_never_makes_a_message():
    community = Adopted(old_hands())

    assert len(community.of_history) > 100
    assert {event.backfill for event in community.of_history} == {True}
    assert about(community.of_history, *MESSAGES) == []


def test_people_known_from_history_are_no_newcomers():
    latest = [joined("new", END - minutes(5)), posted("new", END - minutes(4), post="hello")]
    community = Adopted([*old_hands(), *latest])

    said = community.live(
        posted("new", MONDAY + hours(1)),
        posted("lou", MONDAY + hours(2)),
        joined("lou", MONDAY + hours(3)),
        posted("ben", MONDAY + hours(4)),
        until=A_WEEK,
    )

    assert about(said, *WELCOMING) == []
    assert [found for found in about(said, *MESSAGES) if found[0] in TO_NEWCOMERS] == []


def test_somebody_who_joins_after_it_is_a_newcomer_as_ever():
    community = Adopted(old_hands())

    said = community.live(joined("zoe", MONDAY + hours(1)), until=MONDAY + hours(2))

    assert ("member.welcomed", "zoe") in about(said, *WELCOMING)


def test_milestones_passed_in_history_are_spent():
    community = Adopted(old_hands())

    said = community.live(*helped("ana", "ben", MONDAY + hours(1), name="now"), until=A_WEEK)

    assert about(said, "milestone.reached") == []
    reached = [event.data.count for event in community.of_history if event.type == "milestone.reached"]
    assert reached == [1, 10]


def test_deadlines_opened_by_history_never_speak():
    waiting = [
        joined("new", END - days(3)),
        asked("new", END - days(2), post="open", channel="entraide"),
        posted("new", END - minutes(30), post="first"),
        fact("motivation.declared", END - minutes(20), member="new", motivation="help"),
    ]
    community = Adopted([*old_hands(), *waiting])

    said = community.live(posted("ben", MONDAY + minutes(1)), until=MONDAY + days(60))

    spoken = [event for event in said if event.type == "message.requested"]
    assert [event for event in spoken if event.data.to.id == "new"] == []
    assert [event for event in spoken if event.data.thread in {"open", "first"}] == []
    assert about(said, *WELCOMING, "question.warned", "helper.asked") == []


def test_strata_are_set_in_silence():
    community = Adopted(old_hands())

    raised = about(community.of_history, "stratum.raised")
    assert ("stratum.raised", "ana") in raised
    assert ("stratum.raised", "ben") in raised
    said = community.live(posted("ana", MONDAY + hours(1)), until=A_WEEK)
    assert [found for found in about(said, "message.requested") if found[0] == "stratum"] == []


def test_unanswered_questions_older_than_fourteen_days_are_dormant_and_younger_ones_are_not():
    questions = [
        joined("new", END - days(30)),
        asked("new", END - days(15), post="old", channel="entraide"),
        asked("new", END - days(13), post="young", channel="entraide"),
    ]
    community = Adopted(sorted([*old_hands(), *questions], key=lambda event: event.time))

    dormant = {
        event.data.thread: event.data.reason
        for event in (
            *community.of_history,
            *community.live(posted("ben", MONDAY + minutes(1)), until=MONDAY + hours(1)),
        )
        if event.type == "question.dormant"
    }
    assert dormant == {"old": "history"}


def test_nobody_is_thanked_on_the_first_friday_for_what_is_history():
    community = Adopted(old_hands())

    said = community.live(until=A_WEEK)

    assert about((*community.of_history, *said), "member.thanked") == []
    assert [found for found in about(said, "message.requested") if found[0].startswith("thanks")] == []


def test_on_the_first_friday_somebody_is_thanked_for_what_is_not():
    community = Adopted(old_hands())

    said = community.live(*helped("ana", "ben", MONDAY + hours(1), name="now"), until=FRIDAY + hours(6))

    [thanked] = [event for event in said if event.type == "member.thanked"]
    assert thanked.data.member == "ana"
    assert [deed.thread for deed in thanked.data.deeds] == ["now"]


def test_the_first_trace_tells_what_became_of_help_since_then():
    community = Adopted(old_hands())

    said = community.live(*helped("ana", "ben", MONDAY + hours(1), name="now"), until=MONDAY + days(31))

    [told] = [event for event in said if event.type == "impact.told"]
    assert {trace.kind: (trace.count, trace.threads) for trace in told.data.traces} == {
        "accepted": (1, ("now",)),
        "reacted": (1, ("now",)),
    }
    assert about(community.of_history, "impact.told") == []


def test_nobody_is_welcomed_back_from_an_absence_that_began_in_history():
    long_ago = [joined("old", END - days(400)), posted("old", END - days(390), post="once")]
    community = Adopted([*long_ago, *old_hands()])

    said = community.live(posted("old", MONDAY + hours(1)), until=A_WEEK)

    assert about(said, "member.returned") == [("member.returned", "old")]
    assert [found for found in about(said, "message.requested") if found[1] == "old"] == []


def test_nobody_is_introduced_who_agreed_in_history():
    community = Adopted([*old_hands(), joined("new", END - minutes(5), introduce=True)])

    assert about(community.live(posted("new", MONDAY), until=A_WEEK), "member.introduced") == []


def archive(name: str, most: int | None):
    path = ARCHIVES / f"{name}.ndjson.gz"
    if not path.exists():
        pytest.skip(f"the archive {path.name} is not here; RUCHE_ARCHIVES names its folder")
    return [decode(line.raw) for line in islice(lines(path), most)]


def nothing_for_the_past(name: str, most: int | None, *, live_days: int) -> None:
    """An archive, adopted but for its last days, which are lived."""
    facts = archive(name, most)
    cut = facts[-1].time - timedelta(days=live_days)
    history = [event for event in facts if event.time <= cut]
    known = {member for event in history if (member := concerned_member(event)) is not None}
    ids = {event.id for event in history}
    community = Adopted(history, community=name, live_from=cut)

    said = community.live(*(event for event in facts if event.time > cut), until=facts[-1].time)

    assert known
    assert {event.backfill for event in community.of_history} == {True}
    assert about(community.of_history, *MESSAGES) == []
    assert [found for found in about(said, *WELCOMING) if found[1] in known] == []
    to_known = [found for found in about(said, "message.requested") if found[1] in known]
    assert [found for found in to_known if found[0] in {"welcome", "nudge", "pairing", "introduction"}] == []
    for event in said:
        if event.type == "member.thanked":
            assert not ids & {evidence for reason in event.data.because for evidence in reason.evidence}, event.id


def test_an_archive_and_its_first_live_week():
    nothing_for_the_past("fcc-gitter", 1500, live_days=7)


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", ["qc-stackexchange", "fcc-gitter"])
def test_a_whole_archive_and_its_first_live_week(name):
    nothing_for_the_past(name, None if name.startswith("qc") else 20_000, live_days=7)
