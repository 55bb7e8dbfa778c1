"""Golden files: to the byte, and when they differ, words that a person can act on."""

import pytest

from ruche_replay.facts import MONDAY, asked, hours, joined, minutes, posted
from ruche_replay.golden import Golden
from ruche_replay.story import given

LEFT = "office min without an answer"
MOVED = "02 Mar 2026 11:00:00 → 02 Mar 2026 10:45:00"
FACTS = (joined("bob", MONDAY - hours(2), id="j", skills=["velo"]), posted("bob", MONDAY - hours(1), id="b", post="b"))


def run(**support):
    """Four questions, one a quarter of an hour, that nobody answers for some hours."""
    questions = [
        asked("ana", MONDAY + minutes(15 * n), id=f"q{n}", post=f"q{n}", tags=["velo"] if n == 1 else [])
        for n in range(4)
    ]
    story = given(services="support", playbook={"support": support}).when(*FACTS, *questions)
    return story.until(MONDAY + hours(4) + minutes(20))


@pytest.fixture(scope="module")
def usual():
    return run()


@pytest.fixture
def golden(tmp_path):
    written = []

    def opened(**options):
        held = Golden(tmp_path, "usual", test="test_forum.py::test_usual", written=written.append, **options)
        held.log = written
        return held

    return opened


def failure_of(golden, story, **options):
    with pytest.raises(AssertionError) as failure:
        golden(story, **options)
    return str(failure.value)


def test_without_a_file_it_fails_and_says_what_was_decided_and_how_to_keep_it(golden, usual, tmp_path):
    words = failure_of(golden(), usual)

    assert words.startswith(f"there is no golden file {tmp_path / 'usual.ndjson'} yet. What was decided:\n")
    assert "       4  question.opened" in words
    assert words.endswith("pytest --ruche-update 'test_forum.py::test_usual'")


def test_it_holds_what_was_written_to_the_byte(golden, usual, tmp_path):
    golden(update=True)(usual)
    golden()(usual)

    lines = (tmp_path / "usual.ndjson").read_bytes().splitlines()
    assert lines == [event.to_json() for event in usual.decisions]
    assert golden().log == [f"{tmp_path / 'usual.ndjson'}: {len(lines)} decisions"]


def test_a_threshold_changed_is_told_so_that_a_person_can_act(golden, usual, tmp_path):
    golden(update=True)(usual)

    lines = failure_of(golden(), run(answer_minutes=45)).splitlines()

    assert lines[0].startswith("what was decided is not what usual.ndjson holds: of ")
    assert lines[1] == "It begins on 02 Mar 2026 10:00:00 with question.opened by support."
    assert "support · question.opened · rule question: 4 say something else" in lines
    assert "    it says: target_minutes 60 → 45  (4 times)" in lines
    place = lines.index("support · question.unanswered · rule unanswered: 2 appeared, 6 moved")
    assert lines[place + 1 : place + 4] == [
        f"    why: threshold 60 {LEFT} → 45 {LEFT}, actual 60 → 45  (4 times)",
        f"    why: threshold 240 {LEFT} → 180 {LEFT}, actual 240 → 180  (2 times)",
        f"  ~ {MOVED} (15 min earlier)  member=ana post=q0 thread=q0 stage=1 office_minutes=45",
    ]
    assert lines[-3:] == [
        "Every change: pytest -vv",
        "If this is what you want, write the file anew: pytest --ruche-update 'test_forum.py::test_usual'",
        f"It is {tmp_path / 'usual.ndjson'}",
    ]


def test_every_change_is_shown_when_asked_for(golden, usual):
    golden(update=True)(usual)

    words = failure_of(golden(examples=None), run(answer_minutes=45))

    assert "more" not in words
    assert "-vv" not in words


def test_updating_says_what_was_new(golden, usual):
    golden(update=True)(usual)
    held = golden(update=True)
    held(run(answer_minutes=45))

    assert " are the same; " in held.log[-1]
    golden()(run(answer_minutes=45))


def test_types_can_be_chosen_or_left_out(golden, usual, tmp_path):
    golden(update=True)(usual, "questions", only=("question.*",), leave_out=("*.warned",))

    types = {line.split(b'"type":"')[1].split(b'"')[0] for line in (tmp_path / "questions.ndjson").open("rb")}

    assert types == {b"question.opened", b"question.unanswered"}
    golden()(usual, "questions", only=("question.*",), leave_out=("*.warned",))


def test_the_same_in_another_order_is_told_by_its_line(golden, usual, tmp_path):
    golden(update=True)(usual)
    file = tmp_path / "usual.ndjson"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))

    assert "the decisions are the same, in another order or form from line 1 on" in failure_of(golden(), usual)


def test_a_file_that_is_none_is_told_so(golden, usual, tmp_path):
    (tmp_path / "usual.ndjson").write_text("{\n")

    assert "is no golden file" in failure_of(golden(), usual)
