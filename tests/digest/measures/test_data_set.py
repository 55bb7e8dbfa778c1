"""The figures of a set of facts, by the definitions of the archives' truth files."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.entry import read
from chassis.recording import lines
from digest.measures.archive import DataSet
from facts import MONDAY, days, fact, hours, joined, minutes

ARCHIVES = Path(__file__).parents[4] / "shared" / "data"
KEYS = (
    *(
        "question_kind",
        "window_start",
        "data_end",
        "members_joined",
        "posts",
        "posting_members",
        "threads",
        "questions",
    ),
    *("first_response", "first_answer", "weekly_active_members", "newcomers_joined_per_week"),
    *("newcomers_first_post_per_week", "retention_7d", "retention_30d", "top20", "accepted"),
)


def post(member, thread, at, kind="message", **data):
    post_ = data.pop("post", f"{thread}-{at.timestamp()}-{member}")
    return fact("post.created", at, member=member, post=post_, thread=thread, channel="c", kind=kind, **data)


def figures(*facts):
    data_set = DataSet()
    for each in facts:
        data_set.take(each)
    return data_set.figures()


@pytest.mark.parametrize("name", ["qc-stackexchange", "fcc-gitter"])
def test_equal_the_independent_truth_of_both_archives(name):
    archive, truth = ARCHIVES / f"{name}.ndjson.gz", ARCHIVES / f"{name}.truth.json"
    if not archive.exists():
        pytest.skip(f"{archive.name} is not on this machine")
    data_set = DataSet()
    for line in lines(archive):
        event = read(line.raw, seq=line.seq).event
        assert event is not None
        data_set.take(event)
    expected = json.loads(truth.read_text())

    assert data_set.figures() == {key: expected[key] for key in KEYS if key in expected}


def test_nothing_has_figures_of_nothing():
    assert figures() == {
        "question_kind": "message_root",
        "window_start": None,
        "data_end": None,
        "members_joined": 0,
        "posts": 0,
        "posting_members": 0,
        "threads": 0,
        "questions": 0,
        "first_response": {
            "with_response": 0,
            "never": 0,
            "median_first_response_s": None,
            "after_60_min": {"eligible": 0, "unanswered": 0, "share": None},
            "after_1440_min": {"eligible": 0, "unanswered": 0, "share": None},
        },
        "weekly_active_members": {},
        "newcomers_joined_per_week": {},
        "newcomers_first_post_per_week": {},
        "retention_7d": {"cohort": 0, "retained": 0, "share": None},
        "retention_30d": {"cohort": 0, "retained": 0, "share": None},
        "top20": {"week": None, "posts_in_week": 0, "members": []},
    }


def test_a_chat_names_its_questions_by_the_message_that_opens_a_thread():
    found = figures(
        post("bot", "t1", MONDAY, bot=True, reply_to=None),
        post("ana", "t1", MONDAY + minutes(1), reply_to=None),
        post("bob", "t1", MONDAY + minutes(3), reply_to=None),
        post("bob", "t2", MONDAY, kind="comment"),
        post("ana", "t2", MONDAY + minutes(1), reply_to=None),
        post("cyd", "t3", MONDAY, reply_to="elsewhere"),
    )

    assert found["question_kind"] == "message_root"
    # The bot's word opens nothing; a comment and a reply that come first open no question either.
    assert found["questions"] == 1
    assert found["first_response"]["median_first_response_s"] == 120.0
    assert "first_answer" not in found
    assert "accepted" not in found


def test_with_one_question_of_the_platform_no_message_is_one():
    found = figures(post("ana", "t1", MONDAY), post("bob", "t2", MONDAY, kind="question"))

    assert (found["question_kind"], found["questions"]) == ("question", 1)


def test_a_response_is_another_members_and_strictly_later():
    found = figures(
        post("ana", "t", MONDAY, kind="question"),
        post("bob", "t", MONDAY, kind="comment"),
        post("ana", "t", MONDAY + minutes(1), kind="comment"),
        post("bot", "t", MONDAY + minutes(2), kind="comment", bot=True),
        post("cyd", "t", MONDAY + minutes(60), kind="comment"),
        post("dan", "t", MONDAY + minutes(60) + timedelta(milliseconds=1), kind="answer"),
        post("eve", "end", MONDAY + days(2)),
    )

    assert found["first_response"]["median_first_response_s"] == 3600.0
    assert found["first_response"]["after_60_min"] == {"eligible": 1, "unanswered": 0, "share": 0.0}
    assert found["first_answer"]["after_60_min"] == {"eligible": 1, "unanswered": 1, "share": 1.0}
    assert found["first_answer"]["median_first_answer_s"] == 3600.001


def test_a_question_too_young_to_tell_is_not_eligible_but_stays_among_those_never_answered():
    found = figures(post("ana", "t", MONDAY, kind="question"), post("bob", "u", MONDAY + minutes(60)))
    younger = figures(post("ana", "t", MONDAY, kind="question"), post("bob", "u", MONDAY + minutes(59)))

    assert found["first_response"]["after_60_min"] == {"eligible": 1, "unanswered": 1, "share": 1.0}
    assert younger["first_response"]["after_60_min"] == {"eligible": 0, "unanswered": 0, "share": None}
    assert younger["first_response"]["never"] == 1


def test_bots_are_left_out_of_everything_even_where_the_join_comes_last():
    found = figures(
        post("robot", "t", MONDAY, kind="question"),
        post("ana", "t", MONDAY + minutes(5), kind="answer"),
        fact("answer.accepted", MONDAY + minutes(6), member="robot", post="x", thread="t"),
        joined("ana", MONDAY),
        joined("robot", MONDAY + hours(1), bot=True),
    )

    assert (found["posts"], found["posting_members"], found["members_joined"], found["questions"]) == (1, 1, 1, 0)
    assert "accepted" not in found
    assert found["top20"]["members"] == [{"member": "ana", "posts": 1}]


def test_announcements_are_no_posts_and_other_facts_only_move_the_end():
    found = figures(
        post("ana", "t", MONDAY),
        post("ana", "u", MONDAY + days(1), kind="announcement"),
        fact("badge.awarded", MONDAY + days(9), member="ana", badge="Reader"),
    )

    assert (found["posts"], found["threads"]) == (1, 1)
    assert found["data_end"] == "2026-03-11T10:00:00.000Z"


def test_newcomers_who_joined_before_the_window_are_in_no_series():
    found = figures(
        joined("old", MONDAY - days(3)),
        joined("new", MONDAY + days(1)),
        joined("new", MONDAY + days(8)),
        post("old", "t", MONDAY),
        post("new", "t", MONDAY + days(15)),
        post("unknown", "t", MONDAY + days(1)),
    )

    assert found["members_joined"] == 2
    assert found["newcomers_joined_per_week"] == {"2026-W10": 1, "2026-W11": 1}
    assert found["newcomers_first_post_per_week"] == {"2026-W10": 1, "2026-W11": 0, "2026-W12": 1}
    assert found["weekly_active_members"] == {"2026-W10": 2, "2026-W11": 0, "2026-W12": 1}


def test_retention_takes_those_whose_first_post_is_old_enough_and_its_window_is_half_open():
    week = days(7)
    facts = [joined(member, MONDAY) for member in ("back", "late", "early", "young")]
    facts += [post(member, "t", MONDAY) for member in ("back", "late", "early")]
    facts += [post("back", "t", MONDAY + week), post("late", "t", MONDAY + 2 * week)]
    facts += [post("early", "t", MONDAY + week - timedelta(milliseconds=1)), post("nobody", "t", MONDAY)]
    facts += [post("young", "t", MONDAY + timedelta(seconds=1))]

    assert figures(*facts)["retention_7d"] == {"cohort": 3, "retained": 1, "share": 0.333333}


def test_the_order_of_facts_and_their_repetition_change_nothing():
    facts = [
        joined("ana", MONDAY),
        post("ana", "t", MONDAY, kind="question"),
        post("bob", "t", MONDAY + minutes(7), kind="answer"),
        post("cyd", "t", MONDAY + days(8), kind="comment"),
        fact("answer.accepted", MONDAY + days(1), member="ana", post="p", thread="t"),
    ]

    assert figures(*reversed(facts), *facts) == figures(*facts)


def test_the_busiest_week_is_the_earliest_of_equals_and_its_members_are_ordered_by_id_on_a_tie():
    found = figures(post("zoe", "t", MONDAY), post("ana", "t", MONDAY + days(1)), *(
        post("bob", "t", MONDAY + days(7) + minutes(n)) for n in range(2)
    ))  # fmt: skip

    assert found["top20"] == {
        "week": "2026-W10",
        "posts_in_week": 2,
        "members": [{"member": "ana", "posts": 1}, {"member": "zoe", "posts": 1}],
    }


def test_a_median_of_an_even_number_is_the_mean_of_the_middle_two_rounded_half_up():
    found = figures(
        post("ana", "t", MONDAY, kind="question"),
        post("bob", "t", MONDAY + timedelta(microseconds=1_000_000), kind="comment"),
        post("ana", "u", MONDAY, kind="question"),
        post("bob", "u", MONDAY + timedelta(microseconds=1_001_000), kind="comment"),
    )

    assert found["first_response"]["median_first_response_s"] == 1.001


def test_years_that_end_in_the_midst_of_a_week_have_iso_weeks():
    found = figures(
        post("ana", "t", datetime(2015, 12, 31, tzinfo=UTC)), post("ana", "t", datetime(2016, 1, 4, tzinfo=UTC))
    )

    assert list(found["weekly_active_members"]) == ["2015-W53", "2016-W01"]
