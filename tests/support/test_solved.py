"""Solved, asked once, dormant, reopened; an unanswered question never ends by itself, save from history."""

from facts import (
    MONDAY,
    asked,
    days,
    deleted,
    fact,
    hours,
    joined,
    left,
    minutes,
    overruled,
    paused,
    posted,
    replied,
)
from stories import given, passing
from support.service import SUPPORT
from support.state import Thread

ANSWERED = MONDAY + minutes(10)
LATER = MONDAY + hours(1)


def story_of(*facts, **playbook):
    return given(joined("ana", MONDAY - days(90)), *facts, service=SUPPORT, playbook=playbook)


def answered(*facts, **playbook):
    return story_of(asked("ana", post="q"), replied("bob", "q", ANSWERED, post="r"), *facts, **playbook)


def accepted(at=LATER, post="r", member="ana"):
    return fact("answer.accepted", at, member=member, post=post, thread="q")


def status(story, thread="q"):
    return story.row(Thread, thread).question.status


def test_an_accepted_answer_solves_the_question():
    story = answered()

    story.when(accepted())

    story.expect("question.solved", told_by="accepted", answer="r", member="bob", responder="member", wall_minutes=60)


def test_a_resolved_thread_solves_it_too():
    answered().when(fact("thread.resolved", MONDAY + hours(1), thread="q")).expect(
        "question.solved", told_by="resolved"
    )


def test_the_asker_may_say_that_it_helped():
    story = answered()

    story.when(fact("help.rated", MONDAY + hours(1), member="bob", thread="q", helped=True)).expect_nothing()
    story.when(fact("help.rated", MONDAY + hours(2), member="ana", thread="q", helped=True))

    story.expect("question.solved", told_by="rated", answer="r")


def test_otherwise_the_asker_is_asked_once_three_days_after_the_last_answer():
    story = answered()
    story.when(passing(MONDAY + days(3))).expect_none("message.requested", template="helped")

    story.when(passing(MONDAY + days(4)))

    message = story.expect_message(template="helped", to="ana")
    assert (message.purse, [action.id for action in message.actions]) == ("attention", ["yes", "no", "stop"])
    story.when(passing(MONDAY + days(13))).expect_none("message.requested")


def test_one_day_after_thanks():
    story = answered(posted("ana", MONDAY + minutes(20), thread="q", body="Merci beaucoup !"))

    story.when(passing(MONDAY + days(2))).expect_message(template="helped", to="ana")


def test_not_while_the_asker_waits_for_the_next_answer_and_then_three_days_after_it():
    waiting = posted("ana", MONDAY + hours(1), thread="q", body="Elle se décolle encore au talon.")
    story = answered(waiting, passing(MONDAY + days(6)))
    assert not story.every_message(template="helped")

    story.when(replied("bob", "q", MONDAY + days(6) + hours(1)), passing(MONDAY + days(9)))
    story.expect_none("message.requested", template="helped")
    story.when(passing(MONDAY + days(10))).expect_message(template="helped", to="ana")


def test_at_most_once_per_member_in_fourteen_days():
    story = answered(asked("ana", MONDAY + days(2), post="q2"), replied("bob", "q2", MONDAY + days(2) + minutes(5)))

    story.when(passing(MONDAY + days(12)))

    assert len(story.messages(template="helped")) == 1


def test_a_tap_on_no_brings_the_question_back_to_helpers():
    story = answered(joined("bob"), passing(MONDAY + days(4)))

    story.when(fact("help.rated", MONDAY + days(4), member="ana", thread="q", helped=False))

    assert status(story) == "answered"
    story.when(passing(MONDAY + days(4) + hours(4))).expect("question.warned", clock="next_answer")


def test_a_solved_question_that_did_not_help_is_reopened():
    story = answered(accepted())

    story.when(fact("help.rated", MONDAY + days(1), member="ana", thread="q", helped=False))

    story.expect("question.reopened", reason="not_helped")


def test_an_answered_one_left_so_is_dormant_after_fourteen_days():
    story = answered()
    story.when(passing(MONDAY + days(14))).expect_none("question.dormant")

    story.when(passing(MONDAY + days(15)))

    story.expect("question.dormant", reason="answered", since=ANSWERED)


def test_a_word_in_between_keeps_it_awake():
    story = answered(replied("cleo", "q", MONDAY + days(10)))

    story.when(passing(MONDAY + days(15))).expect_none("question.dormant")
    story.when(passing(MONDAY + days(25))).expect("question.dormant", since=MONDAY + days(10))


def test_the_asker_asking_again_wakes_it_up():
    story = answered(passing(MONDAY + days(15)))

    story.when(posted("ana", MONDAY + days(16), thread="q", body="Ça se décolle à nouveau, une autre idée ?"))

    story.expect("question.reopened", reason="asked_again")
    assert status(story) == "answered"


def test_merci_as_last_word_wakes_nothing_up():
    story = answered(accepted())

    story.when(posted("ana", MONDAY + days(1), thread="q", body="Merci à tous !")).expect_nothing()


def test_a_withdrawn_acceptance_reopens():
    story = answered(accepted())

    story.when(fact("answer.withdrawn", MONDAY + days(1), member="ana", post="r", thread="q"))

    story.expect("question.reopened", reason="answer_withdrawn")
    assert status(story) == "answered"


def test_a_deleted_accepted_answer_reopens_and_the_ladder_starts_anew():
    story = answered(accepted())
    at = MONDAY + days(1)

    story.when(deleted("r", at, thread="q"))

    story.expect("question.reopened", reason="answer_deleted")
    assert status(story) == "open"
    story.when(passing(at + minutes(60))).expect("question.unanswered", stage=1)


def test_a_deleted_only_answer_leaves_the_question_unanswered():
    story = answered()

    story.when(deleted("r", MONDAY + hours(2), thread="q")).expect("question.reopened", reason="answer_deleted")

    assert status(story) == "open"


def test_a_deleted_answer_among_others_changes_nothing():
    story = answered(replied("cleo", "q", MONDAY + minutes(20)))

    story.when(deleted("r", MONDAY + hours(2), thread="q")).expect_nothing()


def test_an_unresolved_thread_reopens():
    story = answered(fact("thread.resolved", MONDAY + hours(1), thread="q"))

    story.when(fact("thread.unresolved", MONDAY + hours(2), thread="q")).expect(
        "question.reopened", reason="unresolved"
    )


def test_an_asker_who_answers_and_accepts_alone_has_solved_it_without_credit():
    story = story_of(asked("ana", post="q"), replied("ana", "q", ANSWERED, post="r"))

    story.when(accepted()).expect("question.solved", told_by="accepted", answer="r")

    assert not story.all("helper.credited")
    assert story.due("ladder", "q") is None


def test_nobody_is_asked_who_left_or_rests():
    gone = answered(left("ana", MONDAY + days(1))).when(passing(MONDAY + days(5)))
    resting = answered(paused("ana", MONDAY + days(1))).when(passing(MONDAY + days(5)))

    gone.expect_none("message.requested", template="helped")
    resting.expect_none("message.requested", template="helped")


def test_an_import_closes_its_unanswered_questions_after_fourteen_days():
    old = MONDAY - days(60)
    story = given(
        joined("ana", old, backfill=True),
        asked("ana", old, post="q", backfill=True),
        posted("bob", old + days(20), backfill=True),
        service=SUPPORT,
        opened=old - days(1),
    )

    assert [event.backfill for event in story.all("question.dormant", reason="history")] == [True]
    story.when(passing(MONDAY)).expect_none("question.unanswered")
    assert not story.every_message()


def test_the_manager_says_what_a_thread_is():
    story = answered(posted("cleo", post="t", body="Ma machine saute des points."))

    story.when(
        fact("question.marked", MONDAY + hours(1), thread="q", by="eve", value="none", source="/operators/operator")
    )
    story.expect("question.cancelled", reason="human", by="eve")
    story.when(fact("question.marked", MONDAY + hours(2), thread="t", by="eve", source="/operators/operator"))
    story.expect("question.opened", thread="t", told_by="human")
    story.when(
        fact("question.marked", MONDAY + hours(3), thread="t", by="eve", value="solved", source="/operators/operator")
    )
    story.expect("question.solved", told_by="human")


def test_the_author_cancels_with_a_tap():
    night = MONDAY.replace(hour=2)
    post = posted("ana", night, post="p", body="Quelqu'un sait comment faire ?")
    story = story_of(post, hours="pro")
    request = story.every_message(template="hours")[-1]

    story.when(fact("request.answered", night + minutes(2), request=request.id, member="ana", answer="no_question"))

    story.expect("question.cancelled", reason="author", by="ana")


def test_closing_by_the_author_or_a_moderator_cancels():
    by_ana = story_of(asked("ana", post="q")).when(fact("post.closed", ANSWERED, post="q", thread="q", member="ana"))
    by_eve = story_of(asked("ana", post="q")).when(fact("post.closed", ANSWERED, post="q", thread="q", member="eve"))

    by_ana.expect("question.cancelled", reason="author")
    by_eve.expect("question.cancelled", reason="moderated")


def test_a_restored_question_asks_again():
    story = story_of(asked("ana", post="q"), deleted("q", ANSWERED))

    story.when(fact("post.restored", MONDAY + hours(1), post="q", thread="q"))

    story.expect("question.reopened", reason="restored")
    story.when(passing(MONDAY + hours(2))).expect("question.unanswered", stage=1)


def test_an_overruled_decision_is_undone():
    story = answered(accepted())

    story.when(overruled(story.all("question.solved")[-1], MONDAY + hours(2))).expect(
        "question.reopened", reason="human"
    )
    story.when(overruled(story.all("question.opened")[-1], MONDAY + hours(3))).expect(
        "question.cancelled", reason="human"
    )
