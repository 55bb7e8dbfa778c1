"""Hours: outside them the asker is told the next opening, once in seven days."""

from datetime import UTC, datetime

from facts import MONDAY, SATURDAY, asked, days, described, hours, joined, minutes, posted
from stories import given
from support.service import SUPPORT

NIGHT = MONDAY.replace(hour=20)


def story_of(*facts, **playbook):
    return given(*facts, service=SUPPORT, playbook={"hours": "pro", **playbook})


def test_outside_hours_the_asker_is_told_the_next_opening_in_the_thread():
    story = story_of(joined("ana"))

    message = story.when(asked("ana", NIGHT, post="q")).expect_message(template="hours")

    assert (message.to.kind, message.thread, message.purse) == ("channel", "q", "none")
    assert "mardi 3 mars" in message.text
    assert "9" in message.text


def test_in_private_where_the_platform_allows_a_first_word():
    story = story_of(described(MONDAY, "post.created", direct_first_contact="allowed"))

    message = story.when(asked("ana", NIGHT)).expect_message(template="hours", to="ana")

    assert message.purse == "reply"


def test_once_in_seven_days():
    story = story_of(asked("ana", NIGHT))

    story.when(asked("ana", NIGHT + days(6))).expect_none("message.requested", template="hours")
    story.when(asked("ana", NIGHT + days(8))).expect_message(template="hours")


def test_not_within_hours_and_not_where_it_is_always_open():
    story_of().when(asked("ana", MONDAY)).expect_none("message.requested")
    story_of(hours="always").when(asked("ana", NIGHT)).expect_none("message.requested")


def test_associations_are_open_in_the_evening_and_on_saturday():
    open_evening = story_of(hours="asso").when(asked("ana", MONDAY.replace(hour=18)))
    open_saturday = story_of(hours="asso").when(asked("ana", SATURDAY))
    closed = story_of(hours="asso").when(asked("ana", MONDAY))

    open_evening.expect_none("message.requested")
    open_saturday.expect_none("message.requested")
    assert "lundi 2 mars" in closed.expect_message(template="hours").text


def test_a_question_heard_of_late_is_not_answered_with_hours():
    story = story_of(posted("bob", NIGHT + hours(2)))

    story.when(asked("ana", NIGHT)).expect_none("message.requested", template="hours")


def test_on_a_holiday_the_next_opening_is_after_it():
    easter = datetime(2026, 4, 6, 9, tzinfo=UTC)
    story = story_of(seasons={"holidays": ["2026-04-06"]})

    message = story.when(asked("ana", easter)).expect_message(template="hours")

    assert "mardi 7 avril" in message.text


def test_an_answer_calls_it_back():
    story = story_of(asked("ana", NIGHT, post="q"))

    story.when(posted("bob", NIGHT + minutes(2), thread="q", body="Essaie la colle néoprène, elle tient bien.")).expect(
        "message.cancelled", why="answered"
    )
