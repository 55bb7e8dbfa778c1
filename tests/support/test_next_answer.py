"""The next answer: four office hours after the asker's last word, while the asker spoke last and it was not thanks."""

import pytest

from facts import MONDAY, asked, days, hours, joined, minutes, posted, replied
from stories import given, passing
from support.service import SUPPORT

TALK = (
    joined("bob", MONDAY - days(3)),
    posted("bob", MONDAY - days(2)),
    asked("ana", post="q"),
    replied("bob", "q", MONDAY + minutes(10)),
)
AGAIN = MONDAY + minutes(30)


def story_of(*facts, **playbook):
    return given(*TALK, *facts, service=SUPPORT, playbook=playbook)


def more(at=AGAIN, body="J'ai essayé, la semelle se décolle encore au talon."):
    return posted("ana", at, thread="q", body=body)


def test_four_office_hours_after_the_askers_word_whoever_answered_is_asked_again():
    story = story_of(more())
    story.when(passing(AGAIN + minutes(239))).expect_none("question.warned")

    story.when(passing(AGAIN + hours(4)))

    story.expect("question.warned", clock="next_answer", target_minutes=240, office_minutes=240, helpers=("bob",))
    assert story.expect_message(template="next_answer", to="bob").purse == "duty"


@pytest.mark.parametrize("body", ["Merci !", "Ok, je vais essayer", "d'accord"])
def test_thanks_or_a_mere_ok_close_the_clock(body):
    story = story_of(more(), more(AGAIN + minutes(5), body))

    story.when(passing(MONDAY + hours(12))).expect_none("question.warned")


def test_thanks_with_a_question_mark_do_not():
    story = story_of(more(AGAIN, "Merci ! Et pour du cuir ?"))

    story.when(passing(AGAIN + hours(4))).expect("question.warned", clock="next_answer")


def test_another_word_of_anybody_else_closes_it():
    story = story_of(more(), replied("cleo", "q", AGAIN + hours(1)))

    story.when(passing(MONDAY + hours(12))).expect_none("question.warned")


def test_the_asker_adding_a_word_starts_it_anew():
    story = story_of(more(), more(AGAIN + hours(3)))

    story.when(passing(AGAIN + hours(6))).expect_none("question.warned")
    story.when(passing(AGAIN + hours(7))).expect("question.warned", clock="next_answer")


def test_an_asker_who_answers_their_own_question_waits_for_nobody():
    story = story_of(replied("ana", "q", AGAIN, body="Finalement, la colle à chaud a suffi."))

    story.when(passing(MONDAY + hours(12))).expect_none("question.warned")


def test_before_a_first_answer_the_ladder_alone_counts():
    story = given(asked("ana", post="q"), more(MONDAY + minutes(5)), service=SUPPORT)

    story.when(passing(MONDAY + hours(6)))

    assert [event.data.clock for event in story.found("question.warned")] == ["first_answer"]


def test_with_nobody_to_ask_the_core_team_is_told():
    story = given(
        asked("ana", post="q"),
        replied("eve", "q", MONDAY + minutes(10)),
        service=SUPPORT,
        playbook={"people": {"core_team": [{"member": "eve", "name": "Eve"}]}},
    )

    story.when(more(), passing(AGAIN + hours(4)))

    story.expect("question.warned", clock="next_answer", helpers=())
    story.expect_message(template="next_team", to="core_team")


def test_it_is_counted_in_office_hours():
    late = MONDAY.replace(hour=16)  # 17:00 in Paris: one office hour is left today
    story = story_of(more(late), hours="pro")

    story.when(passing(late + hours(10))).expect_none("question.warned")
    story.when(passing((MONDAY + days(1)).replace(hour=11))).expect("question.warned", clock="next_answer")
