"""Order is not trusted: whichever way facts come, the outcome is the sensible one."""

from facts import MONDAY, asked, deleted, fact, joined, minutes, posted, replied
from stories import given, passing
from support.service import SUPPORT
from support.state import Thread


def story_of(*facts, **playbook):
    return given(*facts, service=SUPPORT, playbook=playbook)


def outcome(story, thread="q"):
    question = story.row(Thread, thread).question
    return (
        question.status,
        question.member,
        question.asked_at,
        question.response and question.response.post,
        question.answer and question.answer.post,
        question.nature,
    )


def test_a_reply_before_its_question():
    question, reply = asked("ana", MONDAY, post="q"), replied("bob", "q", MONDAY + minutes(5), post="r")

    right, wrong = story_of(question, reply), story_of(reply, question)

    assert outcome(right) == outcome(wrong) == ("answered", "ana", MONDAY, "r", "r", "question")
    wrong.expect("question.answered", wall_minutes=5)
    assert wrong.due("ladder", "q") is None


def test_a_reply_before_its_question_in_a_chat_that_names_no_reply():
    question = posted("ana", MONDAY, post="q", thread="t", kind="question", body="Quelqu'un sait ?")
    reply = posted("bob", MONDAY + minutes(5), post="r", thread="t", body="Oui, il faut tourner à gauche.")

    assert outcome(story_of(question, reply), "t") == outcome(story_of(reply, question), "t")


def test_a_reply_taken_for_the_opening_gives_way_to_it():
    opening = posted("ana", MONDAY, post="q", thread="t", body="Bonjour, je m'appelle Ana.")
    asking = posted("bob", MONDAY + minutes(5), post="r", thread="t", body="Quelqu'un sait d'où tu viens ?")

    story = story_of(asking, opening)

    story.expect("question.opened", post="r")
    story.expect("question.cancelled", post="r", reason="replaced")
    assert story.row(Thread, "t").opening == "q"


def test_a_deletion_before_its_question():
    story = story_of(deleted("q", MONDAY + minutes(9)), asked("ana", MONDAY, post="q"))

    story.expect_none("question.opened")


def test_a_deletion_before_its_answer():
    story = story_of(asked("ana", MONDAY, post="q"), deleted("r", MONDAY + minutes(9), thread="q"))

    story.when(replied("bob", "q", MONDAY + minutes(5), post="r")).expect_nothing()


def test_an_edit_after_a_deletion_brings_nothing_back():
    story = story_of(asked("ana", MONDAY, post="q"), deleted("q", MONDAY + minutes(5)))

    story.when(
        fact("post.updated", MONDAY + minutes(9), post="q", thread="q", body="Quelqu'un sait pourquoi ?")
    ).expect_nothing()


def test_an_acceptance_before_question_and_answer():
    accepted = fact("answer.accepted", MONDAY + minutes(9), member="ana", post="r", thread="q")

    story = story_of(accepted, asked("ana", MONDAY, post="q"), replied("bob", "q", MONDAY + minutes(5), post="r"))

    assert outcome(story) == ("solved", "ana", MONDAY, "r", "r", "question")


def test_accepted_then_withdrawn_before_the_question_came():
    facts = [
        fact("answer.accepted", MONDAY + minutes(9), member="ana", post="r", thread="q"),
        fact("answer.withdrawn", MONDAY + minutes(10), member="ana", post="r", thread="q"),
    ]

    assert outcome(story_of(*facts, asked("ana", MONDAY, post="q")))[0] == "open"


def test_a_fact_told_twice_under_two_ids_counts_once():
    story = story_of(asked("ana", MONDAY, post="q"), replied("bob", "q", MONDAY + minutes(5), post="r"))

    story.when(
        asked("ana", MONDAY, post="q"), replied("bob", "q", MONDAY + minutes(5), post="r"), passing(MONDAY + minutes(9))
    ).expect_nothing()


def test_a_post_before_its_authors_join():
    story = story_of(asked("ana", MONDAY, post="q"), joined("ana", MONDAY + minutes(1)))

    assert len(story.all("question.opened", member="ana")) == 1


def test_a_question_that_comes_hours_late_is_judged_now_and_counted_from_when_it_was_asked():
    story = story_of(posted("bob", MONDAY + minutes(90)))

    story.when(asked("ana", MONDAY, post="q"), passing(MONDAY + minutes(91)))

    story.expect("question.opened", asked_at=MONDAY)
    story.expect("question.unanswered", stage=1)
