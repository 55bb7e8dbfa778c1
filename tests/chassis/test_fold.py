"""The fold: deadlines before events, causes, ticks that change nothing, history, dead letters and their redrive."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import Struct, structs

from chassis.entry import read
from chassis.fold import Fold
from chassis.memory import CompleteShelf
from chassis.rendering import Texts
from chassis.replay import Turns, as_recorded, in_turns, tick
from chassis.service import Calendar, Service
from chassis.tables import Table
from contracts.decisions import HabitInstalled, MemberReturned
from contracts.envelope import Because
from contracts.facts import MemberLeft, MemberSeen

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Visits(Struct, frozen=True, kw_only=True):
    member: str
    count: int = 0


def _why(turn, rule):
    return (Because(rule=rule, threshold=1, actual=1, evidence=(turn.cause.id,)),)


def _said(turn, member, rule):
    turn.decide(
        MemberReturned(
            community=turn.slug,
            playbook=turn.version,
            because=_why(turn, rule),
            member=member,
            after="lapse",
            away_days=1,
        ),
        rule=rule,
        key=member,
    )


def seen(turn, event):
    member = event.data.member
    if member == "fault":
        raise ValueError("a bug in the rule")
    known = turn.get(Visits, member) or Visits(member=member)
    turn.put(structs.replace(known, count=known.count + 1))
    turn.arm("hour", member, turn.now + HOUR)


def left(turn, event):
    turn.disarm("hour", event.data.member)
    turn.arm("past", event.data.member, turn.now - HOUR)


def hour_passed(turn, key, _due):
    if key == "fault-later":
        raise ValueError("a bug in the deadline")
    _said(turn, key, "hour")


def past(turn, key, _due):
    _said(turn, key, "past")


def daily(turn, due):
    turn.decide(
        HabitInstalled.model_construct(
            community=turn.slug, playbook=turn.version, because=_why(turn, "daily"), member=due.isoformat()
        ),
        rule="daily",
    )


DIARY = Service(
    name="onboarding",
    package="chassis",
    tables=(Table(row=Visits, name="visits", key=("member",)),),
    reacts={MemberSeen: (seen,), MemberLeft: (left,)},
    due={"hour": hour_passed, "past": past},
    emits=(MemberReturned,),
)
ALMANAC = replace(
    DIARY, calendar={"daily": Calendar(next=lambda _playbook, after: after + timedelta(days=1), fire=daily)}
)


def fact(at, member="ana", kind="member.seen", name=None, community="atelier", source="/forum", **more):
    data = {"community": community, "member": member} | more.pop("data", {})
    return {
        "specversion": "1.0",
        "id": name or f"{kind}/{member}/{at.isoformat()}",
        "source": source,
        "type": kind,
        "time": at.isoformat(),
        "data": data,
        **more,
    }


def entries(*facts):
    return [
        read(item if isinstance(item, bytes) else json.dumps(item).encode(), seq=seq)
        for seq, item in enumerate(facts, 1)
    ]


def fold(service, *facts, passed_over=frozenset()):
    shelf = CompleteShelf(service)
    folding = Fold(service, shelf, Texts("chassis"), passed_over=passed_over)
    said = [decision for entry in entries(*facts) for decision in folding.take(entry)]
    return shelf, said


def ticked(at, community="atelier"):
    return json.loads(tick(community, at).to_json())


def told(decisions):
    return [(decision.data.member, decision.time, decision.causationid) for decision in decisions]


def test_a_deadline_fires_before_the_event_that_brings_its_time_and_names_what_armed_it():
    armed = fact(START)

    _, said = fold(DIARY, armed, fact(START + 5 * HOUR, member="bea"))

    assert told(said) == [("ana", START + HOUR, armed["id"])]


def test_a_deadline_moved_by_a_second_visit_fires_once_at_its_new_due():
    second = fact(START + HOUR / 2)

    _, said = fold(DIARY, fact(START), second, ticked(START + 3 * HOUR))

    assert told(said) == [("ana", START + 1.5 * HOUR, second["id"])]


def test_deadlines_fire_in_order_of_due_then_kind_then_key():
    _, said = fold(DIARY, fact(START, member="zoe"), fact(START, member="ana"), ticked(START + 2 * HOUR))

    assert [decision.data.member for decision in said] == ["ana", "zoe"]


def test_what_is_armed_for_the_past_fires_in_the_same_step_at_the_now_of_its_arming():
    _, said = fold(DIARY, fact(START, kind="member.left", data={"reason": "left"}))

    assert told(said) == [("ana", START, f"member.left/ana/{START.isoformat()}")]


def test_a_late_event_is_judged_at_the_now_of_its_community():
    late = fact(START - 2 * HOUR, member="bea")

    _, said = fold(DIARY, fact(START), late, ticked(START + 3 * HOUR))

    assert told(said) == [
        ("ana", START + HOUR, f"member.seen/ana/{START.isoformat()}"),
        ("bea", START + HOUR, late["id"]),
    ]


def test_an_identity_seen_within_30_days_is_applied_once_and_after_them_again():
    once = fact(START, name="one")

    shelf, _ = fold(DIARY, once, once, ticked(START + timedelta(days=29)), once)
    assert shelf.rows[Visits]["atelier", "ana"].count == 1

    shelf, _ = fold(DIARY, once, fact(START + timedelta(days=31), member="bea"), once)
    assert shelf.rows[Visits]["atelier", "ana"].count == 2


def test_the_same_identity_in_two_communities_is_two_facts():
    shelf, _ = fold(DIARY, fact(START, name="one"), fact(START, name="one", community="other"))

    assert sorted(shelf.rows[Visits]) == [("atelier", "ana"), ("other", "ana")]


@pytest.mark.parametrize("minutes", [0, 30, 60, 90, 119])
def test_a_tick_at_or_before_the_next_event_changes_nothing(minutes):
    story = [fact(START), fact(START + 2 * HOUR, member="bea"), fact(START + 4 * HOUR, member="cy")]
    with_tick = [story[0], ticked(START + timedelta(minutes=minutes)), *story[1:]]

    plain_shelf, plain = fold(ALMANAC, *story)
    tick_shelf, ticking = fold(ALMANAC, *with_tick)

    assert [item.to_json() for item in ticking] == [item.to_json() for item in plain]
    assert tick_shelf.rows == plain_shelf.rows
    assert tick_shelf.deadlines() == plain_shelf.deadlines()


def test_a_tick_opens_no_community():
    shelf, said = fold(ALMANAC, ticked(START))

    assert (said, shelf.deadlines(), sum(map(len, shelf.rows.values()))) == ([], [], 0)


def test_a_calendar_rule_runs_from_the_first_event_on_and_its_cause_is_its_due():
    _, said = fold(ALMANAC, fact(START), fact(START + timedelta(days=2, hours=1)))

    daily_ones = [item for item in said if item.type == "habit.installed"]
    assert [item.time for item in daily_ones] == [START + timedelta(days=1), START + timedelta(days=2)]
    assert daily_ones[0].causationid == f"calendar:atelier/daily/{(START + timedelta(days=1)).isoformat()}"


def test_the_calendar_does_not_depend_on_who_spoke_first():
    _, one = fold(ALMANAC, fact(START), fact(START + timedelta(days=1, hours=2)))
    _, other = fold(ALMANAC, fact(START, member="bea"), fact(START + timedelta(days=1, hours=2)))

    assert [item.id for item in one if item.type == "habit.installed"] == [
        item.id for item in other if item.type == "habit.installed"
    ]


def test_what_history_armed_fires_as_history_and_is_dropped_at_the_first_live_event():
    old = fact(START, backfill=True)
    older = fact(START + 30 * HOUR, member="bea", backfill=True)
    live = fact(START + 30 * HOUR + HOUR / 2, member="cy")

    shelf, said = fold(DIARY, old, older, live, ticked(START + 40 * HOUR))

    assert [(item.data.member, item.backfill) for item in said] == [("ana", True), ("cy", False)]
    assert [deadline.kind for deadline in shelf.deadlines()] == ["@tidy"]


def test_what_a_live_event_armed_speaks_also_while_an_import_runs():
    story = [fact(START), fact(START - 90 * HOUR, member="old", backfill=True), fact(START + 3 * HOUR, member="bea")]

    _, said = fold(DIARY, *story)
    _, ticking = fold(DIARY, *story[:2], ticked(START + 2 * HOUR), story[2])

    assert [(item.data.member, item.backfill) for item in said] == [("ana", False), ("old", True)]
    assert [item.to_json() for item in ticking] == [item.to_json() for item in said]


def test_a_tick_between_two_imported_facts_changes_nothing():
    story = [fact(START, backfill=True), fact(START + 3 * HOUR, member="bea", backfill=True), fact(START + 4 * HOUR)]

    _, plain = fold(DIARY, *story)
    _, ticking = fold(DIARY, story[0], ticked(START + 2 * HOUR), *story[1:])

    assert [item.to_json() for item in ticking] == [item.to_json() for item in plain]
    assert [item.backfill for item in plain] == [True, True]


def test_a_rule_that_raises_leaves_a_letter_and_no_trace_and_its_neighbours_stay():
    shelf, said = fold(
        DIARY, fact(START), fact(START, member="fault"), fact(START, member="bea"), ticked(START + 2 * HOUR)
    )

    assert [decision.data.member for decision in said] == ["ana", "bea"]
    assert sorted(shelf.rows[Visits]) == [("atelier", "ana"), ("atelier", "bea")]
    (letter,) = shelf.letters
    assert (letter.kind, letter.what, letter.event_type) == (
        "rule-failure",
        "ValueError: a bug in the rule",
        "member.seen",
    )
    assert "in seen" in letter.traceback


def test_a_deadline_that_raises_becomes_a_letter_and_does_not_block():
    shelf, said = fold(DIARY, fact(START, member="fault-later"), fact(START, member="zoe"), ticked(START + 2 * HOUR))

    assert [decision.data.member for decision in said] == ["zoe"]
    assert [letter.where for letter in shelf.letters] == ["the deadline hour"]


def _redriving(at, letter):
    data = {"letter": letter.letter, "service": "onboarding", "event": json.loads(letter.body), "by": "ops"}
    return fact(at, kind="letter.redriven", source="/operator", data=data)


MENDED = replace(DIARY, reacts={MemberSeen: (lambda turn, event: _said(turn, event.data.member, "seen"),)})


def test_a_redriven_event_is_applied_once_at_its_new_place_also_by_a_fold_of_the_whole_log():
    failed = fact(START, member="fault")
    (letter,) = fold(DIARY, failed)[0].letters
    redriving = _redriving(START + 2 * HOUR, letter)
    log = entries(failed, fact(START + HOUR), redriving, redriving, ticked(START + 4 * HOUR))

    result = as_recorded(MENDED, log)

    assert [(name, raw["data"]["member"], raw["time"]) for name, raw in _plain(result.decided)] == [
        ("atelier", "ana", "2026-03-02T10:00:00Z"),
        ("atelier", "fault", "2026-03-02T11:00:00Z"),
    ]


def test_what_is_redriven_before_the_rule_is_mended_leaves_a_letter_that_is_redriven_to_where_it_is():
    failed = fact(START, member="fault")
    (letter,) = fold(DIARY, failed)[0].letters
    too_early = _redriving(START + HOUR, letter)
    again = fold(DIARY, failed, too_early)[0].letters[1]
    log = entries(failed, too_early, fact(START + 2 * HOUR), _redriving(START + 3 * HOUR, again))

    result = as_recorded(MENDED, log)

    assert (again.event_id, json.loads(again.body)) == (letter.event_id, failed)
    assert [raw["data"]["member"] for _, raw in _plain(result.decided)] == ["ana", "fault"]


@pytest.mark.parametrize("deadline", [1, {}, {"due": "2026-03-02T10:00:00", "cause": "abc"}, {"cause": [1, 2, 3]}])
def test_a_letter_that_brings_back_no_deadline_is_a_letter_itself(deadline):
    data = {"letter": "l", "service": "onboarding", "event": {"deadline": deadline}, "by": "ops"}

    shelf, _ = fold(DIARY, fact(START, kind="letter.redriven", source="/operator", data=data), fact(START))

    assert [letter.kind for letter in shelf.letters] == ["bad-data"]
    assert list(shelf.rows[Visits]) == [("atelier", "ana")]


def _plain(decided):
    return [(name, json.loads(raw)) for name, said in decided.items() for _, raw in said]


def test_unreadable_bytes_are_a_letter_and_an_unknown_type_of_a_known_entity_is_not():
    unknown = fact(START, kind="member.teleported")

    shelf, _ = fold(DIARY, b"not json", unknown, fact(START))

    assert [letter.kind for letter in shelf.letters] == ["not-json"]
    assert list(shelf.rows[Visits]) == [("atelier", "ana")]


def test_own_decisions_are_skipped_when_read_back():
    _, said = fold(DIARY, fact(START), ticked(START + 2 * HOUR))
    _, again = fold(DIARY, fact(START), ticked(START + 2 * HOUR), json.loads(said[0].to_json()))

    assert [item.id for item in again] == [item.id for item in said]


def test_turns_put_a_tick_at_the_first_whole_second_after_a_due():
    early = START + timedelta(milliseconds=250)

    turns = in_turns([DIARY], entries(fact(early), fact(early + HOUR + timedelta(milliseconds=500), member="bea")))

    # 10:00:00.250 is due, 10:00:01 its second, 10:00:00.750 the next fact: the fact itself moves the clock.
    assert turns.heard == {"member.seen": 2}
    assert turns.said == {"member.returned": 1}


def test_communities_are_independent_of_how_they_are_interleaved():
    ours = [fact(START + n * HOUR, member=f"m{n}") for n in range(5)]
    theirs = [fact(START + n * HOUR / 2, member=f"t{n}", community="other") for n in range(5)]

    one = in_turns([ALMANAC], entries(*ours, *theirs))
    other = in_turns([ALMANAC], entries(*theirs, *ours))

    assert one.sha256() == other.sha256()
    assert one.said == other.said


def test_until_lets_time_pass_and_leaves_later_facts_out():
    turns = in_turns([DIARY], entries(fact(START), fact(START + 9 * HOUR, member="bea")), until=START + 2 * HOUR)

    assert turns.said == {"member.returned": 1}
    assert isinstance(turns, Turns)


def test_a_calendar_rule_that_fails_once_runs_again_the_next_time_and_a_redrive_disturbs_none():
    def fails_on_the_first(turn, due):
        if due == START + timedelta(days=1):
            raise ValueError("a bug on the first day")
        daily(turn, due)

    day = timedelta(days=1)
    broken = replace(ALMANAC, calendar={"daily": replace(ALMANAC.calendar["daily"], fire=fails_on_the_first)})
    shelf, said = fold(broken, fact(START), ticked(START + 3 * day))
    (letter,) = shelf.letters
    assert [decision.data.member for decision in said[1:]] == [(START + n * day).isoformat() for n in (2, 3)]

    redriving = _redriving(START + 3 * day, letter)
    log = entries(fact(START), ticked(START + 3 * day), redriving, ticked(START + 4 * day))
    result = as_recorded(ALMANAC, log)

    assert [raw["data"]["member"] for _, raw in _plain(result.decided)][1:] == [
        (START + n * day).isoformat() for n in (2, 3, 1, 4)
    ]
