"""The checker of the trials sees each thing that must not happen; a log in which nothing did passes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.entry import read
from contracts.subjects import partition_of
from facts_said import posted
from toy.service import TOY
from trials.checker import tallied, violations
from trials.history import History, Publish
from trials.plan import SETTINGS, STEPS, plan_of, seeds_of

WINDOW = timedelta(minutes=2)
START = datetime(2026, 3, 2, 10, tzinfo=UTC)
PARTITION = partition_of("atelier", 8)


def entry(seq, raw, kind, *, publisher, partition=PARTITION, after=0):
    subject = f"{partition}.{kind}.atelier.{publisher}"
    return read(raw, seq=seq, stored_at=START + timedelta(seconds=after or seq), subject=subject)


def fact(number, **data):
    return posted("2026-03-02 10:00", post=f"p{number}", event_id=f"e{number}", **data).to_json()


def decision(cause="e1", name="d1", reason="human"):
    said = {"community": "atelier", "post": "p1", "thread": "t", "reason": reason, "playbook": "neutral"}
    event = {
        "specversion": "1.0",
        "id": name,
        "source": TOY.source,
        "type": "question.cancelled",
        "time": "2026-03-02T10:00:00Z",
        "causationid": cause,
        "data": {**said, "because": [{"rule": "silence"}]},
    }
    return json.dumps(event).encode()


def well():
    """Three facts and a decision on the first, as it should be."""
    facts = [fact(1), fact(2), fact(3)]
    log = [entry(seq, raw, "post.created", publisher="forum") for seq, raw in enumerate(facts, 1)]
    log.append(entry(4, decision(), "question.cancelled", publisher="support"))
    assert all(one.event is not None for one in log)
    publishes = [Publish("atelier", seq, "", raw, f"m{seq}", seq=seq, tries=1) for seq, raw in enumerate(facts, 1)]
    return log, History(publishes, [("support", PARTITION, 1, 3), ("support", PARTITION, 2, 4)])


def found(log, history):
    return list(violations(log, history, window=WINDOW))


def test_a_log_in_which_all_is_well_passes():
    assert found(*well()) == []


def test_a_fact_that_was_acknowledged_and_is_gone_is_found():
    log, history = well()
    assert found([log[0], log[2], log[3]], history) == ["atelier's message 2 was acknowledged at 2 and is not there"]


def test_facts_in_another_order_than_they_were_sent_are_found():
    log, history = well()
    one, other = history.publishes[1:]
    one.seq, other.seq = 3, 2
    one.body, other.body = other.body, one.body
    assert found(log, history) == ["atelier's message at 2 was sent after the one at 3, and stands before it"]


def test_a_message_that_nobody_published_is_found():
    log, history = well()
    stranger = entry(5, fact(9), "post.created", publisher="forum")
    assert found([*log, stranger], history) == ["the message at 5 was published by nobody"]


def test_a_community_in_two_partitions_is_found():
    log, history = well()
    log[1] = entry(2, log[1].raw, "post.created", publisher="forum", partition=(PARTITION + 1) % 8)
    assert found(log, history) == [f"atelier at 2 is in partition {(PARTITION + 1) % 8}"]


@pytest.mark.parametrize(("after", "count"), [(60, 1), (125, 0)])
def test_a_decision_again_is_found_within_the_duplicate_window_and_allowed_behind_it(after, count):
    log, history = well()
    again = entry(5, decision(), "question.cancelled", publisher="support", after=after)
    assert len(found([*log, again], history)) == count


def test_a_decision_that_says_another_thing_the_second_time_is_found():
    log, history = well()
    again = entry(5, decision(reason="erased"), "question.cancelled", publisher="support", after=600)
    assert again.event is not None
    assert found([*log, again], history) == ["question.cancelled d1 says two things, at 4 and 5"]


def test_a_decision_before_its_cause_is_found_and_one_of_the_calendar_is_none():
    log, history = well()
    log[3] = entry(4, decision(cause="e9"), "question.cancelled", publisher="support")
    assert found(log, history) == ["question.cancelled at 4 follows from 'e9', which is not before it"]
    cause = "calendar:atelier/round/2026-03-02T09:00:00+00:00"
    log[3] = entry(4, decision(cause=cause), "question.cancelled", publisher="support")
    assert found(log, history) == []


@pytest.mark.parametrize("last", [("support", PARTITION, 1, 9), ("support", PARTITION, 2, 3)])
def test_a_cursor_or_an_epoch_that_goes_back_is_found(last):
    log, history = well()
    history.cursors.append(last)
    assert len(found(log, history)) == 1


def test_posts_are_tallied_by_identity_without_the_toys_own_rules():
    log, _ = well()
    again = log[0]._replace(seq=5)
    boom = entry(6, fact(4, body="boom"), "post.created", publisher="forum")
    assert tallied([*log, again, boom]) == {("atelier", "ana"): 3}


def test_fifty_seeds_try_every_step_every_setting_and_every_act():
    plans = [plan_of(seed) for seed in range(1, 51)]
    acts = {act.name for plan in plans for act in plan.acts}
    assert {plan.setting for plan in plans} == {"plain", *SETTINGS.values()}
    assert {act.step for plan in plans for act in plan.acts if act.name == "crashed"} == set(STEPS)
    assert acts >= {"frozen", "killed", "joined-and-left", "sent-again", "nats-killed", "postgres-killed"}
    assert acts >= {"nats-frozen", "postgres-frozen", "cut-from-nats", "cut-from-postgres", "disk-filled", "tail-lost"}
    assert acts >= {"leader-killed", "node-killed"}
    assert {plan.replicas for plan in plans} == {1, 2, 3}
    assert len({plan.services for plan in plans}) == 6


def test_a_plan_is_its_seeds_alone():
    assert plan_of(17) == plan_of(17)
    assert plan_of(17) != replace(plan_of(18), seed=17)


@pytest.mark.parametrize(("text", "seeds"), [("1-3", [1, 2, 3]), ("17", [17]), ("3,5,9-10", [3, 5, 9, 10])])
def test_seeds_are_said_as_ranges(text, seeds):
    assert seeds_of(text) == seeds


@pytest.mark.parametrize("text", ["", "x", "9-3", "1-"])
def test_what_is_no_range_of_seeds_is_refused(text):
    with pytest.raises(ValueError, match=r"invalid literal|no range"):
        seeds_of(text)
