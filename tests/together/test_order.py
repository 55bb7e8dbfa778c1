"""Order is not trusted: in whatever order a handful of facts comes, every service ends where the right order leads."""

from functools import cache
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.people import Person
from digest.measures.state import Talk
from digest.state import Thread as Heading
from facts import MONDAY, days, fact, hours, joined, minutes, posted, replied
from onboarding.state import Newcomer
from onboarding.state import Thread as Conversation
from recognition.state_threads import Post
from recognition.state_threads import Thread as Course
from stories import passing
from support.state import Thread as Asking
from together import together

ORDER = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
TITLE = "Comment recoller une semelle ?"
LONG = "Une colle néoprène, puis une nuit sous presse."


def at(minute):
    return MONDAY + minutes(minute)


def about(type_, minute, post="q", **data):
    return fact(type_, at(minute), id=f"{type_}-{post}-{minute}", post=post, thread="q", **data)


JOINS = joined("ana", at(0), id="ana"), joined("lou", at(1), id="lou")
QUESTION = posted("ana", at(2), id="asked", post="q", kind="question", title=TITLE, body="Je cherche une colle.")
ANSWER = replied("bob", "q", at(3), id="answered", post="a", body=LONG)
THANKS = posted("ana", at(4), id="thanked", post="m", thread="q", reply_to="a", body="Merci !")
EDIT = about("post.updated", 5, title="La semelle se décolle", tags=["vélo"])
CLOSED = about("post.closed", 6, member="ana")
REMOVED = about("post.moderated", 6, member="eve", action="removed", upheld=True)
CLEARED = about("post.moderated", 6, member="eve", action="kept", upheld=False)
FLAGGED = about("post.flagged", 5, member="bob", category="spam")
DELETED = about("post.deleted", 7)
RESTORED = about("post.restored", 8)
ANSWER_DELETED = about("post.deleted", 7, post="a")
ANSWER_RESTORED = about("post.restored", 8, post="a")
ACCEPTED = about("answer.accepted", 5, post="a", member="ana", answer_author="bob")
WITHDRAWN = about("answer.withdrawn", 6, post="a", member="ana", answer_author="bob")
RESOLVED = fact("thread.resolved", at(6), id="resolved", thread="q", member="ana")

STORIES = {
    "a question and its answer": (QUESTION, ANSWER, THANKS),
    "edited": (QUESTION, ANSWER, EDIT),
    "closed": (QUESTION, ANSWER, CLOSED),
    "taken down": (QUESTION, ANSWER, REMOVED),
    "flagged": (QUESTION, ANSWER, FLAGGED),
    "flagged, and nothing wrong": (QUESTION, FLAGGED, CLEARED),
    "edited and deleted": (QUESTION, EDIT, DELETED),
    "deleted and back": (QUESTION, ANSWER, DELETED, RESTORED),
    "edited, deleted and back": (QUESTION, EDIT, DELETED, RESTORED),
    "the answer deleted": (QUESTION, ANSWER, ANSWER_DELETED),
    "the answer deleted and back": (QUESTION, ANSWER, ANSWER_DELETED, ANSWER_RESTORED),
    "accepted": (QUESTION, ANSWER, ACCEPTED),
    "accepted and withdrawn": (QUESTION, ANSWER, ACCEPTED, WITHDRAWN),
    "resolved": (QUESTION, ANSWER, RESOLVED),
}


SUNDAY = MONDAY - days(1)
PRELUDE = joined("bob", SUNDAY), joined("eve", SUNDAY), posted("bob", SUNDAY, post="hello")


def played(*facts):
    return together(*PRELUDE, *facts, passing(MONDAY + hours(20)), opened=SUNDAY)


@cache
def in_order(name):
    return outcome(played(*JOINS, *STORIES[name]))


def outcome(story):
    """Members, threads, the status of questions and welcomes, as every service has them.

    Times are left out, and so is how a thread is called that was gone and is back: its title went with it. Whatever is
    gone or over is the same as if it had never been known.
    """
    back = any(event.type == "post.restored" and event.data.post == "q" for event in story.log)

    def called(title):
        return None if back else title

    return {
        "members": [(row.member, row.display_name, row.joined_at, row.left_at, row.bot) for row in story.rows(Person)],
        "welcomed": sorted(event.data.member for event in story.all("member.welcomed")),
        "newcomers": [(row.member, row.action and row.action.done_at is not None) for row in story.rows(Newcomer)],
        "conversations": _named(
            (row.thread, row.author, called(row.title), row.question, row.hidden)
            for row in story.rows(Conversation)
            if row.post and row.post not in row.gone
        ),
        "questions": _named(map(_question, story.rows(Asking))),
        "headings": _named(
            (row.thread, row.author, called(row.heading), row.nature, row.open, row.answered_by, row.flagged)
            for row in story.rows(Heading)
            if not row.closed
        ),
        "measured": _named(
            (row.thread, row.author, row.asks, row.solved) for row in story.rows(Talk) if row.post and not row.gone
        ),
        "course": _named(
            (row.thread, row.author, called(row.title), row.question, row.quotable, row.counts)
            for row in story.rows(Course)
            if row.post and not any(post.post == row.post and post.gone for post in story.rows(Post))
        ),
        "posts": _named((row.post, row.member, row.accepted_at) for row in story.rows(Post) if not row.gone),
    }


def _named(rows):
    return sorted(row for row in rows if row is not None)


def _question(row):
    found = row.question
    if found is None or found.status == "cancelled":
        return None
    answers = tuple(sorted(word.post for word in found.answers))
    return (row.thread, found.status, found.nature, found.member, found.title, found.tags, answers, row.accepted or "")


def possible(facts):
    """Whether no acceptance is taken back before the answer came that it was of: of such an answer nobody knows."""
    ids = [event.id for event in facts]
    return WITHDRAWN.id not in ids or ids.index(ANSWER.id) < ids.index(WITHDRAWN.id)


@pytest.mark.parametrize("name", STORIES)
@ORDER
@given(data=st.data())
def test_any_order_ends_as_the_right_order_does(name, data):
    facts = data.draw(st.permutations((*JOINS, *STORIES[name])).filter(possible))

    assert outcome(played(*facts)) == in_order(name)


@pytest.mark.proof
@pytest.mark.parametrize("name", STORIES)
def test_every_order_ends_as_the_right_order_does(name):
    for facts in filter(possible, permutations(STORIES[name])):
        for all_of_it in ((*JOINS, *facts), (*facts, *JOINS)):
            assert outcome(played(*all_of_it)) == in_order(name), [event.id for event in all_of_it]
