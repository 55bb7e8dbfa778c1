"""What we put on the bus, what Ruche decides on it, and what we make of what it asks us to say."""

import json

from our_forum import fact_of, notification_of

from contracts.wire import decode


def published(number, at, **topic):
    """One of our topics, as Ruche reads it from the bus."""
    usual = {"id": number, "author": "ana", "board": "repairs", "text": "The heel came off. How do I mend it?"}
    return decode(json.dumps(fact_of({"topic": {**usual, "created": at, **topic}})).encode())


def test_a_topic_of_ours_is_a_question_until_somebody_answers(story):
    told = story(published(1, "2026-03-02T10:00:00Z"), community="soles")
    told.expect("question.opened", post="p1", member="ana")

    told.after(minutes=59).expect_none("question.unanswered")
    told.after(minutes=1).expect("question.unanswered", post="p1", stage=1)

    answer = published(2, "2026-03-02T11:05:00Z", parent=1, author="bob", text="Neoprene glue, and a night in a press.")
    told.when(answer).expect("question.answered", post="p1", member="bob", within_target=False)


def test_a_week_of_march_is_decided_as_we_approved_it(replayed, golden):
    week = replayed("march.ndjson", services="support")

    golden(week, "march", leave_out=["message.*"])


def test_we_show_what_ruche_asks_us_to_say(ready):
    (message,) = ready("question.unanswered").messages

    shown = notification_of(json.loads(message.to_json())["data"])

    assert shown["where"] == "#help"
    assert shown["title"] == "Still open"
    assert len(shown["text"]) <= 280
