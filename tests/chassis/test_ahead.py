"""What came before what it is about is put by, heard again at its place, and forgotten when nothing comes of it."""

import pytest

from backing import Backing
from chassis.common import Ahead
from chassis.entry import Entry
from chassis.rendering import Texts
from facts import MONDAY, asked, days, deleted, fact, joined, minutes, replied
from stories import given, passing
from support.service import SUPPORT
from support.state import Thread


def about(type_, minute, **data):
    return fact(type_, MONDAY + minutes(minute), post="q", thread="q", **data)


def story(*facts):
    return given(joined("ana", MONDAY - days(1)), joined("bob", MONDAY - days(1)), *facts, service=SUPPORT)


def status(told):
    return told.row(Thread, "q").question.status


QUESTION = asked("ana", post="q")


def test_in_the_right_order_nothing_is_put_by():
    told = story(QUESTION, about("post.updated", 1, title="Autre"), replied("bob", "q", MONDAY + minutes(2), post="r"))

    assert told.rows(Ahead) == []


def test_an_edit_before_its_post_is_heard_with_it():
    told = story(about("post.updated", 1, title="Autre titre"), QUESTION)

    assert told.row(Thread, "q").question.title == "Autre titre"
    assert told.rows(Ahead) == []


def test_a_closing_before_its_post_closes_it():
    told = story(about("post.closed", 1, member="ana"), QUESTION)

    assert status(told) == "cancelled"
    told.expect("question.opened")
    told.expect("question.cancelled", reason="author")


def test_a_verdict_before_its_post_takes_it_down():
    assert status(story(about("post.moderated", 1, action="removed", upheld=True), QUESTION)) == "cancelled"


def test_a_return_before_the_deletion_has_the_last_word():
    told = story(QUESTION, about("post.restored", 2), deleted("q", MONDAY + minutes(1)))

    assert status(told) == "open"


def test_a_return_before_a_later_deletion_has_not():
    assert status(story(QUESTION, about("post.restored", 1), deleted("q", MONDAY + minutes(2)))) == "cancelled"


def test_a_post_that_comes_when_it_is_gone_is_there_once_it_is_back():
    told = story(deleted("q", MONDAY + minutes(1)), QUESTION)
    told.expect_none("question.opened")

    told.when(about("post.restored", 2))

    assert status(told) == "open"


def test_a_decision_follows_from_what_was_put_by_and_not_from_what_it_waited_for():
    closing = about("post.closed", 1, member="ana")

    cancelled = story(closing, QUESTION).expect("question.cancelled")

    assert cancelled.causationid == closing.id
    assert cancelled.data.because[0].evidence == (QUESTION.id, closing.id)


def test_what_nothing_comes_of_is_forgotten_after_two_days():
    told = story(about("post.updated", 1, title="Autre titre"))
    assert [row.thread for row in told.rows(Ahead)] == ["q"]

    told.when(passing(MONDAY + days(3)))

    assert told.rows(Ahead) == []


def test_of_somebody_who_is_forgotten_nothing_is_put_by():
    told = story(about("post.updated", 1, member="ana", title="Autre titre"))

    told.when(fact("member.erased", MONDAY + minutes(5), member="ana"))

    assert told.rows(Ahead) == []


@pytest.mark.parametrize("size", [1, 3, 500])
def test_over_a_partial_shelf_it_is_the_same_whatever_the_batches(size):
    told = story(about("post.updated", 1, title="Autre titre"), about("post.restored", 4), QUESTION)
    told.when(deleted("q", MONDAY + minutes(3)))
    entries = [
        Entry(seq, None, None, event.to_json(), event)
        for seq, event in enumerate(told.log, 1)
        if event.source != SUPPORT.source
    ]
    backing = Backing(SUPPORT, Texts(SUPPORT.package))

    for start in range(0, len(entries), size):
        backing.batch(entries[start : start + size])

    assert [event.to_json() for event in backing.said] == [event.to_json() for event in told.decisions]
