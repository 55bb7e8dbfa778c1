"""What differs between two runs: matched by the id without its time, told by what begins it and why."""

import json
from datetime import timedelta

import pytest

from contracts.identity import Cause, consequence_id
from ruche_replay.decision import read
from ruche_replay.difference import Comparison, Field, difference
from ruche_replay.facts import MONDAY, hours, minutes
from ruche_replay.wording import counted, in_words, parted, shifted

QUESTION = Cause("/platforms/forum", "post-1", "post-1")


def unanswered(
    at, *, cause=QUESTION, stage=1, threshold=60, evidence=("post-1",), community="atelier", playbook="v1", **data
):
    """A question is unanswered at a moment; the same one whenever that is."""
    identity = consequence_id(at, cause, "support", "unanswered", f"question.unanswered/{stage}")
    because = [{"rule": "unanswered", "threshold": threshold, "actual": threshold, "evidence": list(evidence)}]
    fields = {"post": "p", "thread": "p", "member": "ana", "stage": stage, **data}
    event = {
        "specversion": "1.0",
        "id": identity,
        "source": "/services/support",
        "type": "question.unanswered",
        "time": at.isoformat(),
        "causationid": cause.id,
        "data": {"community": community, "because": because, "playbook": playbook, **fields},
    }
    return json.dumps(event).encode()


def told(before, after, **options):
    return [(change.kind, change.shift) for change in difference(before, after, **options).changes]


def test_two_runs_that_say_the_same_do_not_differ():
    found = difference([unanswered(MONDAY)], [unanswered(MONDAY)])

    assert not found
    assert (found.before, found.after, found.same) == (1, 1, 1)
    assert list(in_words(found)) == ["all 1 decisions are the same"]


def test_what_is_on_one_side_alone_appeared_or_vanished():
    late = unanswered(MONDAY + hours(4), stage=2)

    assert told([], [late]) == [("appeared", timedelta(0))]
    assert told([late], []) == [("vanished", timedelta(0))]


def test_the_same_decision_at_another_moment_moved():
    assert told([unanswered(MONDAY)], [unanswered(MONDAY - minutes(30))]) == [("moved", -minutes(30))]


def test_a_consequence_of_what_moved_moved_with_it():
    def reopened(at, cause):
        identity = consequence_id(at, cause, "support", "reopened", "question.reopened/p")
        return unanswered(at).replace(read(unanswered(at)).id.encode(), identity.encode())

    early, late = MONDAY, MONDAY + minutes(5)
    first, second = (read(unanswered(at)).id for at in (early, late))
    before = reopened(early + hours(1), Cause("/services/support", first, "post-1"))
    after = reopened(late + hours(1), Cause("/services/support", second, "post-1"))

    assert told([before], [after]) == [("moved", minutes(5))]


def test_of_several_under_one_tail_those_of_one_moment_belong_together_and_the_rest_in_order():
    before = [unanswered(MONDAY + hours(n)) for n in (0, 4, 8)]
    after = [unanswered(MONDAY + hours(n)) for n in (1, 4)]

    assert told(before, after) == [("moved", hours(1)), ("vanished", timedelta(0))]


def test_communities_with_the_same_ids_are_two():
    here, there = unanswered(MONDAY), unanswered(MONDAY, community="verger")

    found = difference([here, there], [here])

    assert [change.decision.community for change in found.changes] == ["verger"]


def test_at_the_same_moment_it_may_say_something_else_or_have_another_reason():
    one = unanswered(MONDAY, office_minutes=60)

    (changed,) = difference([one], [unanswered(MONDAY, office_minutes=45)]).changes
    (grounds,) = difference([one], [unanswered(MONDAY, office_minutes=60, threshold=61)]).changes

    assert (changed.kind, changed.fields, changed.reasons) == ("changed", (Field("office_minutes", 60, 45),), ())
    assert (grounds.kind, grounds.fields) == ("grounds", ())
    assert grounds.reasons == (Field("threshold", 60, 61), Field("actual", 60, 61))


def test_an_id_that_only_moved_and_a_field_that_may_differ_are_no_difference():
    early, late = (read(unanswered(at)).id for at in (MONDAY, MONDAY + minutes(1)))
    before = unanswered(MONDAY + hours(1), told=[{"decision": early}], evidence=(early,), playbook="a")
    after = unanswered(MONDAY + hours(1), told=[{"decision": late}], evidence=(late,), playbook="b")

    assert told([before], [after]) == [("changed", timedelta(0))]
    assert told([before], [after], ignored=("playbook",)) == []


def test_played_side_by_side_only_differences_are_kept():
    comparison = Comparison()
    for stage in range(1, 5):
        comparison.before(unanswered(MONDAY + hours(stage), stage=stage))
        comparison.after(unanswered(MONDAY + hours(stage if stage < 4 else 3), stage=stage))

    assert [len(side) for side in comparison._open] == [1, 1]
    assert (comparison.difference().same, comparison.difference().counts["moved"]) == (3, 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b'{"source": "/platforms/forum"}',
        unanswered(MONDAY).replace(b"/services/", b"/platforms/"),
        unanswered(MONDAY).replace(b'"community"', b'"comunity"'),
    ],
)
def test_what_is_no_decision_is_refused(raw):
    with pytest.raises(ValueError, match=r"no decision|unexpected|expected"):
        read(raw)


def test_members_are_who_it_is_about_and_whom_it_is_written_to():
    decision = json.loads(unanswered(MONDAY, newcomer="bob", members=["cleo"]))
    assert read(json.dumps(decision).encode()).members == ("ana", "bob", "cleo")

    def written(kind, name):
        data = {**decision["data"], "rule": "nudge", "to": {"kind": kind, "id": name}, "mentions": ["ana", "dan"]}
        return read(json.dumps({**decision, "type": "message.requested", "data": data}).encode())

    assert written("member", "zoe").members == ("zoe",)
    assert written("channel", "help").members == ("ana", "dan")
    assert written("role", "core_team").members == ()
    assert written("member", "zoe").rule == "nudge"


def test_a_difference_in_words_says_what_begins_it_how_often_and_why():
    before = [unanswered(MONDAY + minutes(60 + n), cause=QUESTION._replace(id=f"post-{n}")) for n in range(5)]
    after = [
        unanswered(MONDAY + minutes(30 + n), cause=QUESTION._replace(id=f"post-{n}"), threshold=30) for n in range(6)
    ]

    lines = list(in_words(difference(before, after)))

    assert lines == [
        "of 5 decisions 0 are the same; 1 appeared, 5 moved.",
        "It begins on 02 Mar 2026 10:30:00 with question.unanswered by support.",
        "",
        "support · question.unanswered · rule unanswered: 1 appeared, 5 moved",
        "    why: threshold 60 → 30, actual 60 → 30  (5 times)",
        "  ~ 02 Mar 2026 11:00:00 → 02 Mar 2026 10:30:00 (30 min earlier)  member=ana post=p thread=p stage=1",
        "  ~ 02 Mar 2026 11:01:00 → 02 Mar 2026 10:31:00 (30 min earlier)  member=ana post=p thread=p stage=1",
        "  + 02 Mar 2026 10:35:00  member=ana post=p thread=p stage=1",
        "      because of unanswered: it takes 30, there is 30",
        "    … and 3 more",
    ]
    every = list(in_words(difference(before, after), examples=None))
    assert sum(line.startswith("  ~") for line in every) == 5
    assert not any("more" in line for line in every)


def test_texts_that_part_late_are_cut_around_the_place():
    before, after = parted("x" * 200 + "before" + "y" * 200, "x" * 200 + "after" + "y" * 200, longest=30)

    assert (before[:1], before[-1:]) == ("…", "…")
    assert "before" in before
    assert "after" in after
    assert max(len(before), len(after)) == 32


def test_what_members_wrote_moves_no_cursor():
    (line,) = [
        line
        for line in in_words(difference([], [unanswered(MONDAY, post="\x1b[2J\u202eabc")]))
        if line.startswith("  +")
    ]

    assert line == "  + 02 Mar 2026 10:00:00  member=ana post= [2J abc thread=p stage=1"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (-minutes(22.5), "22 min 30 s earlier"),
        (timedelta(days=2, hours=3, minutes=4), "2 d 3 h later"),
        (timedelta(milliseconds=3), "under a second later"),
    ],
)
def test_a_span_in_words(span, words):
    assert shifted(span) == words


def test_the_sums_in_a_sentence():
    assert counted(difference([unanswered(MONDAY)], [])) == "of 1 decisions 0 are the same; 1 vanished"
