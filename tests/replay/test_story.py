"""The kit's stories: time, facts without a time, what a test may say, and what it is told when it is wrong."""

import gzip

import pytest

from chassis.recording import Line, write
from contracts.subjects import subject_of
from onboarding.state import Newcomer
from ruche_replay.facts import MONDAY, asked, configured, days, fact, joined, minutes, posted, replied
from ruche_replay.recorded import expect_as_recorded
from ruche_replay.story import Story, given, passing, replayed
from support.state import Thread


def line(event):
    return event.to_json() + b"\n"


def test_a_fact_without_a_time_happens_at_the_storys_present():
    story = given(joined("ana"), services="onboarding")
    assert story.log[-1].time == MONDAY

    story.after(days=3, minutes=5).when(posted("ana"))

    assert story.log[-1].time == story.now == MONDAY + days(3) + minutes(5)


def test_a_fact_with_a_time_keeps_it_and_the_past_does_not_turn_the_clock_back():
    story = given(joined("ana"), services="onboarding").after(days=1).when(posted("ana", MONDAY, post="p"))

    assert next(event.time for event in story.log if event.type == "post.created") == MONDAY
    assert story.now == MONDAY + days(1)


def test_time_passes_with_whatever_falls_due_and_expect_looks_at_the_last_when_alone():
    story = given(joined("ana"), services="onboarding")

    story.after(minutes=9).expect_nothing()
    story.after(minutes=1).expect("member.welcomed", member="ana", at=MONDAY + minutes(10))
    story.after(minutes=1).expect_none("member.welcomed")

    assert len(story.all("member.welcomed")) == 1


def test_a_year_passes_in_seconds():
    story = given(joined("ana"), asked("ana", post="q"), services=["onboarding", "support"])

    story.after(days=365)

    assert story.now == MONDAY + days(365)
    assert [event.data.stage for event in story.all("question.unanswered", post="q")] == [1, 2, 3, 4]
    story.expect("onboarding.stalled", member="ana", at=MONDAY + days(30) + minutes(10))
    assert story.heard("clock.ticked") > 2 * 365
    story.when(replied("bob", "q")).expect("question.answered", post="q", wall_minutes=365 * 24 * 60)


def test_every_installed_service_takes_part_unless_some_are_named():
    assert list(given().turns.shelves) == ["digest", "onboarding", "recognition", "support"]
    assert list(given(services=["support", "digest"]).turns.shelves) == ["digest", "support"]
    with pytest.raises(LookupError, match="no service 'suport' is installed here; installed: digest, onboarding"):
        given(services="suport")


def test_rows_messages_and_deadlines_are_looked_at():
    story = given(joined("ana"), services=["onboarding", "support"]).after(minutes=10)

    story.expect_row(Newcomer, "ana", welcomed_at=MONDAY + minutes(10), introduction="open")
    story.expect_no_row(Newcomer, "bob")
    assert story.rows(Thread) == []
    assert story.expect_message(template="welcome", says=["Ana", "welcome"]).mentions == ("ana",)
    story.expect_no_message(template="nudge")
    assert story.when(asked("ana", post="q")).due("ladder", "q") == MONDAY + minutes(55)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            lambda story: story.expect("member.welcomed", member="bob"),
            "close: the member.welcomed of 02 Mar 10:10:00, but member is 'ana'",
        ),
        (lambda story: story.expect("question.opened"), "question.opened: 0 decided, 1 expected; there is\n  02 Mar"),
        (lambda story: story.expect_none("member.welcomed"), "1 decided, none expected"),
        (lambda story: story.expect_nothing(member="ana"), "nothing with member='ana' was expected; there is"),
        (lambda story: story.expect_message(says="au revoir"), "does not say 'au revoir'; it says\nHello Ana"),
        (lambda story: story.expect_row(Newcomer, "bob"), "there is no row Newcomer bob"),
        (lambda story: story.expect_row(Newcomer, "ana", introduction="passed"), "but introduction is 'open'; it is\n"),
        (lambda story: story.expect_no_row(Newcomer, "ana"), "no row Newcomer ana was expected"),
    ],
)
def test_a_failure_says_what_there_is(wrong, words):
    story = given(joined("ana"), services="onboarding").after(minutes=10)

    with pytest.raises(AssertionError) as failure:
        wrong(story)

    assert words in str(failure.value)


@pytest.mark.parametrize(
    ("type_", "field", "words"),
    [
        ("member.welcomd", "member", "there is no type 'member.welcomd': is it member.welcomed"),
        ("member.welcomed", "membre", "member.welcomed has no field 'membre': is it member"),
    ],
)
def test_a_misspelt_name_is_no_silent_agreement(type_, field, words):
    story = given(services="onboarding")

    with pytest.raises(ValueError, match=words):
        story.expect_none(type_, **{field: "ana"})


def test_a_rule_that_fails_fails_the_test(monkeypatch):
    story = given(services="support")
    fold = story.turns._folds[0]
    monkeypatch.setitem(fold.service.reactions, "post.created", (lambda *_: 1 / 0,))

    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        story.when(posted("ana"))


def test_a_recorded_file_is_replayed_and_the_story_goes_on_from_its_end(tmp_path):
    path = tmp_path / "history.ndjson.gz"
    path.write_bytes(gzip.compress(line(joined("ana", MONDAY)) + line(asked("ana", MONDAY + minutes(20), post="q"))))

    story = replayed(path, services=["onboarding", "support"])

    story.expect("member.welcomed", member="ana")
    story.expect("question.opened", post="q")
    assert story.expect_message(template="welcome").muted is False
    story.after(minutes=60).expect("question.unanswered", post="q", stage=1)
    assert story.community == "atelier"


def test_a_playbook_given_holds_alone_and_until_bounds_the_replay(tmp_path):
    path = tmp_path / "history.ndjson"
    own = configured(MONDAY, support={"answer_minutes": 240, "answer_low_minutes": 240})
    path.write_bytes(line(own) + line(asked("ana", MONDAY, post="q")) + line(joined("bob", MONDAY + days(9))))

    of_the_file = replayed(path, services="support", until=MONDAY + minutes(60))
    given_one = replayed(path, services="support", playbook={"name": "Autre"}, until=MONDAY + minutes(60))

    of_the_file.expect_none("question.unanswered")
    given_one.expect("question.unanswered", at=MONDAY + minutes(60))
    assert (given_one.heard("member.joined"), given_one.heard("community.configured")) == (0, 1)


def test_a_file_muted_stays_muted(tmp_path):
    path = tmp_path / "history.ndjson"
    path.write_bytes(line(joined("ana", MONDAY)))

    story = replayed(path, services="onboarding", muted=True).after(minutes=10)

    assert story.expect_message(template="welcome").muted is True


def test_a_line_that_every_service_would_refuse_fails_with_its_place_and_its_cure(tmp_path):
    path = tmp_path / "history.ndjson"
    path.write_bytes(line(joined("ana", MONDAY)) + line(joined("bob", MONDAY)).replace(b'"member":"bob",', b""))

    with pytest.raises(AssertionError, match=r"(?s)1 lines are refused.*line 2: .*member"):
        replayed(path)


def test_decisions_of_services_that_do_not_take_part_are_heard():
    story = given(services="support")
    paired = fact("relay.paired", source="/services/onboarding", newcomer="ana", member="zoe", attempt=1,
                  because=[{"rule": "told"}], playbook="v1")  # fmt: skip

    story.when(paired, passing(MONDAY + minutes(1)))

    assert story.heard("relay.paired") == 1
    assert story.log[-1].type == "clock.ticked"


def test_two_communities_in_one_story_keep_apart():
    story = Story("onboarding")
    story.when(joined("ana", MONDAY), fact("member.joined", MONDAY, community="verger", member="bea"))

    story.until(MONDAY + minutes(10))

    assert {event.data.community for event in story.news if event.type == "member.welcomed"} == {"atelier", "verger"}
    assert story.row(Newcomer, "bea") is None


@pytest.fixture
def recording(tmp_path):
    """What a log holds after a question that nobody answers."""
    story = given(joined("ana"), asked("ana", post="q"), services=["onboarding", "support"]).after(hours=2)
    path = tmp_path / "day.ndjson"
    lines = (Line(seq, event.time, f"3.{subject_of(event)}", event.to_json()) for seq, event in enumerate(story.log, 1))
    write(path, lines)
    return path


def test_a_recording_is_decided_as_it_is_recorded(recording):
    expect_as_recorded(recording)
    expect_as_recorded(recording, services="support")


def test_a_recording_of_other_decisions_fails_with_what_differs(recording):
    recording.write_bytes(recording.read_bytes().replace(b'"stage":1', b'"stage":2'))

    with pytest.raises(AssertionError) as failure:
        expect_as_recorded(recording)

    words = str(failure.value)
    assert words.startswith("support does not decide what day.ndjson records: of ")
    assert "support · question.unanswered · rule unanswered: 1 say something else\n    it says: stage 2 → 1" in words


def test_a_file_of_facts_records_no_decision(tmp_path):
    path = tmp_path / "facts.ndjson"
    path.write_bytes(line(joined("ana", MONDAY)))

    with pytest.raises(LookupError, match=r"facts.ndjson has no decision of these services"):
        expect_as_recorded(path)
