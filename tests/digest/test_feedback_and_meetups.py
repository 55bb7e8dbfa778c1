"""Feedback gets an outcome, promises are kept or said late, meet-ups are planned, fed with questions and counted."""

from datetime import datetime

import pytest

from contracts.envelope import AnyEvent
from digest.state import Climate
from digest.state_told import Feedback, Meetup, Promise
from editorial import DIGEST
from facts import FRIDAY, MONDAY, TUESDAY, days, decided, described, erased, fact, hours, minutes, posted
from stories import Passing, Story, given, passing

TEAM = {"people": {"manager": "camille", "core_team": [{"member": "camille", "name": "Camille"}]}}
PLACES = {"places": {"general": {"channel": "general", "name": "Général"}}}
MORNING = MONDAY - hours(2) - minutes(15)
"""Monday 08:45 in Paris."""
SATURDAY_BEFORE = MONDAY - days(2)


def place(*happenings: AnyEvent | Passing, playbook=None, **more) -> Story:
    return given(*happenings, service=DIGEST, playbook=TEAM | PLACES | (playbook or {}), **more)


def submitted(name: str = "f1", at=MONDAY, **data) -> AnyEvent:
    return fact("feedback.submitted", at, feedback=name, **{"member": "ana", "title": "Un fil par ville", **data})


def outcome(name: str = "f1", at=TUESDAY, what="adopted", **data) -> AnyEvent:
    return fact("feedback.answered", at, feedback=name, **{"outcome": what, "why": "", "by": "camille", **data})


def test_ten_business_days_without_an_outcome_are_said_to_the_core_team_once():
    story = place(submitted(), passing(MORNING + days(14) - minutes(1)))
    assert story.all("feedback.overdue") == []

    overdue = story.when(passing(MORNING + days(14))).expect("feedback.overdue").data

    assert (overdue.feedback, overdue.business_days, overdue.told_role) == ("f1", 10, "core_team")
    message = story.expect_message(template="feedback_overdue", to="core_team")
    assert "Un fil par ville" in message.text
    story.when(passing(MORNING + days(60))).expect_none("feedback.overdue")


def test_holidays_do_not_count():
    story = place(submitted(), playbook={"seasons": {"holidays": ["2026-03-04"]}})

    story.when(passing(MORNING + days(14) + hours(1))).expect_none("feedback.overdue")
    story.when(passing(MORNING + days(15) + hours(1))).expect("feedback.overdue")


def test_the_manager_gives_an_outcome_with_one_tap_of_the_morning_note():
    story = place(submitted(), passing(MORNING + days(14)))

    taps = {action.id: action.fact for action in story.every_message(template="brief")[-1].data.actions}

    assert {"adopted_1", "later_1", "no_1", "seen_1"} <= set(taps)
    assert taps["later_1"].type == "feedback.answered"
    assert taps["later_1"].data == {
        "community": "atelier",
        "feedback": "f1",
        "outcome": "later",
        "why": "",
        "by": "camille",
    }


@pytest.mark.parametrize("what", ["adopted", "later", "no"])
def test_any_outcome_is_an_outcome(what):
    story = place(submitted(), outcome(what=what), passing(MORNING + days(30)))

    assert story.all("feedback.overdue") == []


def test_an_outcome_that_comes_before_its_feedback_counts():
    story = place(outcome(at=MONDAY), submitted(at=MONDAY + minutes(5)), passing(MORNING + days(30)))

    assert story.all("feedback.overdue") == []
    assert story.row(Feedback, "f1").title == "Un fil par ville"


def test_feedback_that_is_a_complaint_is_not_quoted_to_anybody():
    story = place(submitted(title="C'est une honte, remboursez-moi", body="arnaque"), passing(MORNING + days(15)))

    story.expect("feedback.overdue")
    assert all("honte" not in message.data.text for message in story.every_message())


def test_feedback_of_somebody_forgotten_keeps_its_place_without_a_word_of_theirs():
    story = place(submitted(member="xenia", title="Idée de Xenia"), erased("xenia", MONDAY + days(1)))

    assert story.mentions_of("xenia") == []
    assert story.mentions_of("Xenia") == []
    story.when(passing(MORNING + days(15)))
    assert story.expect("feedback.overdue").data.member is None


SPONSOR = {"member": "max", "name": "Max", "promises": [{"promise": "p1", "what": "Une salle", "due": "2026-03-03"}]}


def test_what_the_playbook_says_a_sponsor_promised_is_known():
    story = place(playbook={"people": {"sponsors": [SPONSOR]}})

    assert story.row(Promise, "p1").what == "Une salle"


def test_a_late_promise_waits_for_the_manager_until_it_is_kept():
    late = decided(
        "onboarding", "promise.late", MONDAY, promise="p1", by="max", what="Une salle", due=MONDAY, late_days=1
    )
    made = fact("promise.made", MONDAY - days(1), promise="p1", by="max", what="Une salle", due=MONDAY - hours(1))
    story = place(made, late, passing(MORNING + days(1)))
    assert [line.kind for line in story.found("brief.sent")[-1].data.waiting] == ["promise"]

    tap = story.every_message(template="brief")[-1].data.actions[0]
    assert (tap.id, tap.fact.type, tap.fact.data["promise"]) == ("kept_1", "promise.kept", "p1")

    story.when(fact("promise.kept", MONDAY + days(1), promise="p1", by="max"), passing(MORNING + days(2)))

    assert story.expect("brief.sent").data.waiting == ()


def meetup(name: str, at: datetime, said=MONDAY, **data) -> AnyEvent:
    return fact("meetup.scheduled", said, meetup=name, title=f"Samedi {name}", at_=at, **{"member": "ana", **data})


def question(name: str, at=SATURDAY_BEFORE, **data) -> AnyEvent:
    return posted("bea", at, post=name, kind="question", title=f"Comment {name} ?", **data)


def test_no_meetup_in_the_next_thirty_days_is_said_with_three_subjects_from_open_questions():
    questions = [
        question(f"q{n}", tags=tags) for n, tags in enumerate((["vélo"], ["vélo"], ["bois"], ["cuir"], ["son"]))
    ]

    story = place(described(MONDAY - days(3), "meetup.scheduled"), *questions, passing(MORNING))

    missing = story.expect("meetup.missing").data
    assert missing.horizon_days == 30
    assert [(subject.subject, subject.count) for subject in missing.subjects] == [("velo", 2), ("bois", 1), ("cuir", 1)]
    assert "velo, bois, cuir" in story.found("brief.sent")[-1].data.waiting[0].text


def test_it_is_said_again_only_four_weeks_later():
    story = place(described(MONDAY - days(3), "meetup.scheduled"), question("q"), passing(MORNING + days(27)))
    assert len(story.all("meetup.missing")) == 1

    story.when(passing(MORNING + days(28))).expect("meetup.missing")


def test_one_that_is_planned_within_thirty_days_is_enough():
    story = place(described(MONDAY - days(3), "meetup.scheduled"), meetup("velo", MONDAY + days(20), MONDAY - days(2)))

    story.when(passing(MORNING + days(10))).expect_none("meetup.missing")


def test_once_one_is_planned_nothing_waits_for_the_manager():
    story = place(described(MONDAY - days(3), "meetup.scheduled"), question("q"), passing(MORNING))

    story.when(meetup("velo", MONDAY + days(9)), passing(MORNING + days(1)))

    assert story.expect("brief.sent").data.waiting == ()


def test_a_platform_that_knows_no_meetups_is_not_reminded_of_them():
    place(question("q"), passing(MORNING + days(60))).expect_none("meetup.missing")


def test_questions_are_collected_seven_days_before_in_the_morning():
    story = place(meetup("velo", FRIDAY + days(14), MONDAY), question("q", MONDAY))

    story.when(passing(FRIDAY + days(7)))

    (asked,) = story.every_message(template="meetup_questions")
    assert asked.time == FRIDAY + days(7) - hours(1)
    assert asked.data.to.id == "general"
    assert "Samedi velo" in asked.data.text
    assert "Comment q" in asked.data.text


def test_the_manager_can_stop_the_call_for_questions_from_the_morning_note():
    story = place(meetup("velo", FRIDAY + days(14), MONDAY), passing(FRIDAY + days(7) - hours(2)))
    note = story.every_message(template="brief")[-1].data
    assert "stop_questions" in [action.id for action in note.actions]

    tap = fact(
        "request.answered", FRIDAY + days(7) - hours(2), request=note.request, member="camille", answer="stop_questions"
    )
    story.when(tap, passing(FRIDAY + days(8)))

    assert story.every_message(template="meetup_questions") == []


@pytest.mark.parametrize("more", [{"channel": "equipe"}, {}])
def test_no_questions_for_a_meetup_of_a_restricted_place_or_one_that_is_cancelled(more):
    closed = fact("channel.described", MONDAY - hours(1), channel="equipe", visibility="restricted")
    story = place(closed, meetup("velo", FRIDAY + days(14), MONDAY, **more))
    if not more:
        story.when(fact("meetup.cancelled", MONDAY + days(1), meetup="velo"))

    story.when(passing(FRIDAY + days(9)))

    assert story.every_message(template="meetup_questions") == []


def test_the_show_up_rate_is_good_news_the_next_business_day():
    story = place(
        meetup("velo", MONDAY, MONDAY - days(3), registered=["a", "b", "c", "d"]),
        *[fact("meetup.attended", MONDAY + minutes(n), meetup="velo", member=name) for n, name in enumerate("abcx")],
        fact("meetup.attended", MONDAY + minutes(9), meetup="velo", member="a", id="again"),
        fact("meetup.hosted", MONDAY + hours(2), meetup="velo", member="ana"),
    )

    good = story.when(passing(MORNING + days(1))).expect("brief.sent").data.good_news

    assert good.kind == "showed_up"
    assert "sur 4 personnes inscrites, 3 sont venues" in good.text
    assert (story.row(Meetup, "velo").attended_count, story.row(Meetup, "velo").came_count) == (4, 3)
    assert story.row(Climate).meetup == "velo"


def test_whoever_came_and_is_forgotten_is_still_counted_and_no_longer_named():
    story = place(
        meetup("velo", MONDAY, MONDAY - days(3), registered=["xenia"], member="xenia"),
        fact("meetup.attended", MONDAY, meetup="velo", member="xenia"),
        erased("xenia", MONDAY + hours(1)),
    )

    assert story.mentions_of("xenia") == []
    assert story.row(Meetup, "velo").attended_count == 1
