"""`thread-gap/1` at its edges: the rule itself, and what the way through every converter makes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from ruche.converters.drafts import Draft, Findings
from ruche.converters.people import People
from ruche.converters.thread_gap import GAP, NAME, Talk, replied, spoken
from ruche.converters.weaving import Address, Weaver

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def test_the_rule_has_a_name_and_a_figure():
    assert (NAME, timedelta(minutes=30)) == ("thread-gap/1", GAP)


def test_the_first_message_of_a_channel_opens_a_talk():
    assert spoken(None, "a", NOON) == Talk("a", NOON)


@pytest.mark.parametrize(
    ("pause", "thread"),
    [(timedelta(0), "a"), (GAP - MICROSECOND, "a"), (GAP, "a"), (GAP + MICROSECOND, "b")],
)
def test_thirty_minutes_are_within_a_talk_and_a_moment_more_is_not(pause: timedelta, thread: str):
    assert spoken(Talk("a", NOON), "b", NOON + pause) == Talk(thread, NOON + pause)


def test_the_pause_is_counted_from_the_last_word_not_from_the_first():
    talk = spoken(None, "a", NOON)
    for number in range(1, 5):
        talk = spoken(talk, f"b{number}", NOON + number * GAP)

    assert talk == Talk("a", NOON + 4 * GAP)


def test_a_message_told_late_continues_the_talk_and_moves_nothing_back():
    assert spoken(Talk("a", NOON), "b", NOON - timedelta(hours=2)) == Talk("a", NOON)


def test_a_reply_in_the_talk_keeps_it_going_and_one_in_an_older_thread_does_not():
    talk = Talk("a", NOON)

    assert replied(talk, "a", NOON + GAP) == Talk("a", NOON + GAP)
    assert replied(talk, "older", NOON + GAP) == talk
    assert replied(None, "older", NOON) is None


class Chat:
    """A flat chat, woven message by message."""

    def __init__(self) -> None:
        self.people = People()
        self.drafts: list[Draft] = []

    def say(self, post: str, minute: float, *, channel: str = "c", member: str = "ana", **more: object) -> None:
        data = {"member": member, "post": post, "channel": channel, "kind": "message", **more}
        self.drafts.append(Draft(NOON + timedelta(minutes=minute), "post.created", f"post/{post}", data, post))

    def threads(self) -> dict[str, tuple[str, str | None, bool]]:
        weaver = Weaver(Address("atelier", "/platforms/chat"), self.people, Findings(), flat=True)
        found = {}
        for event, _ in weaver.woven(iter(self.drafts)):
            data = event.data
            found[data.post] = (data.thread, data.reply_to, "thread_rule" in (data.model_extra or {}))
        return found


def test_each_channel_has_a_talk_of_its_own():
    chat = Chat()
    chat.say("a", 0)
    chat.say("b", 1, channel="d")
    chat.say("c", 2)

    assert chat.threads() == {"a": ("a", None, True), "b": ("b", None, True), "c": ("a", "a", True)}


def test_the_platforms_own_word_comes_before_the_rule():
    chat = Chat()
    chat.say("a", 0)
    chat.say("b", 1, thread="b", reply_to=None)
    chat.say("c", 2, thread="b", reply_to="b")
    chat.say("d", 3)

    assert chat.threads() == {
        "a": ("a", None, True),
        "b": ("b", None, False),
        "c": ("b", "b", False),
        "d": ("a", "a", True),
    }


def test_a_reply_is_where_what_it_answers_is_and_keeps_that_talk_going():
    chat = Chat()
    chat.say("a", 0)
    chat.say("b", 5)
    chat.say("c", 29, reply_to="b")
    chat.say("d", 58)

    assert chat.threads()["c"] == ("a", "b", False)
    assert chat.threads()["d"] == ("a", "a", True)


def test_a_reply_to_what_the_export_does_not_hold_is_in_the_thread_of_that_name():
    chat = Chat()
    chat.say("a", 0, reply_to="gone")
    chat.say("b", 1, reply_to="gone")

    assert [thread for thread, _, _ in chat.threads().values()] == ["gone", "gone"]


def test_a_programs_message_stands_alone_and_keeps_no_talk_going():
    chat = Chat()
    chat.people.describe("feed", bot=True)
    chat.say("a", 0)
    chat.say("b", 25, member="feed")
    chat.say("c", 50)

    assert chat.threads() == {"a": ("a", None, True), "b": ("b", None, False), "c": ("c", None, True)}
