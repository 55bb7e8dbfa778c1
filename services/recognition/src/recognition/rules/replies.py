"""Replies: whom they answer, what they earn, whom they welcome, and what the asker's next word says of them."""

from datetime import timedelta
from typing import NamedTuple

from msgspec.structs import replace

from contracts.community import can_emit
from contracts.envelope import AnyEvent
from contracts.turn import Turn
from recognition.rules import fairness, traces, words
from recognition.rules.clocks import today
from recognition.rules.contributions import did
from recognition.rules.counting import activity_of, counts, day_at, got, kept_days, may_earn, ordinal_at, touched
from recognition.rules.ledger import HUNDRED, Earning, award
from recognition.rules.presence import in_thread
from recognition.rules.requirements import REACTIONS
from recognition.rules.strata import judge
from recognition.state import Greeting, Standing
from recognition.state_book import Done
from recognition.state_threads import POSTS_AT, Post, Thread

MOST_OTHERS, MOST_LINKS = 12, 10
LINKS_READ = 5
NEWCOMER = timedelta(days=30)


class Reply(NamedTuple):
    """What a post answers.

    Attributes:
        target: whose word; None: nobody else's.
        to_other: it is in a thread of somebody else's.
        to_question: it answers the question that opens the thread.
        drew: it is the first word of this person in the thread.
    """

    target: str | None
    to_other: bool
    to_question: bool
    drew: bool


def is_new(thread: Thread, member: str) -> bool:
    """Whether somebody other than the author speaks in a thread for the first time, among the first few."""
    return thread.author != member and member not in thread.others and len(thread.others) < MOST_OTHERS


def reply_of(turn: Turn, thread: Thread, member: str, reply_to: str | None) -> Reply | None:
    """What a human word in a thread answers; None while the thread has no opening."""
    if thread.post is None:
        return None
    target, to_question = thread.author, thread.question
    if reply_to is not None and reply_to != thread.post:
        answered = turn.get(Post, reply_to)
        if answered is not None and answered.member is not None:
            target, to_question = answered.member, False
    others = thread.author != member
    own = target is None or target == member
    return Reply(
        None if own else target,
        others and not own,
        to_question and others and not own,
        is_new(thread, member),
    )


def give(turn: Turn, thread: Thread, post: Post, reply: Reply, *, earns: bool) -> None:
    """What a reply gives: points to its author, people to its thread, a welcome to a newcomer.

    Args:
        turn: the turn.
        thread: the thread with the reply's author among the others.
        post: the reply.
        reply: what it answers.
        earns: whether its author can earn.
    """
    if reply.drew:
        _drawn(turn, thread, post)
    if reply.target is None:
        return
    if earns and post.fresh:
        _earn(turn, thread, post, to_question=reply.to_question)
    _received(turn, reply.target, post, earns=earns)


def _drawn(turn: Turn, thread: Thread, post: Post) -> None:
    """Another person spoke in the thread; with the second, it drew people."""
    figures = turn.playbook.recognition.points
    if len(thread.others) != figures.drawing_thread_people or thread.author is None or thread.post is None:
        return
    opening = turn.get(Post, thread.post)
    if counts(turn, thread.author) and (opening is None or opening.fresh):
        full = figures.drawing_thread_points * HUNDRED
        earning = Earning(thread.author, "thread_that_draws", full, full, post.by, post.day)
        award(turn, earning._replace(post=thread.post, thread=thread.thread))


def _earn(turn: Turn, thread: Thread, post: Post, *, to_question: bool) -> None:
    """Points of a reply: to another's question, or to anybody."""
    figures = turn.playbook.recognition.points
    act, points = (
        ("reply_to_question", figures.question_reply_points) if to_question else ("reply", figures.reply_points)
    )
    member, full = post.member or "", points * HUNDRED
    award(turn, Earning(member, act, full, full, post.by, post.day, None, post.post, thread.thread))
    if to_question:
        title, helped = (thread.title, thread.author) if thread.quotable else (None, None)
        did(turn, member, Done("answer", post.day, post.by, thread.thread, post.post, helped, title))


def _received(turn: Turn, target: str, post: Post, *, earns: bool) -> None:
    """Somebody got a reply: a newcomer's first counts for who gave it; where nobody can react, it stands for that."""
    person = turn.person(target)
    giver = post.member
    if person is None or giver is None or not may_earn(person, turn.playbook):
        return
    at = post.at or turn.now
    if not person.from_history and at - person.first_seen_at <= NEWCOMER:
        _welcomed(turn, target, giver, post)
    if earns and post.fresh and not can_emit(turn.community, REACTIONS):
        now = today(turn).toordinal()
        if now - kept_days(turn.playbook) < post.day and fairness.heard(turn, target, giver, post.day):
            got(turn, target, post.day, replied=1)
            judge(turn, target, post.by)


def _welcomed(turn: Turn, newcomer: str, giver: str, post: Post) -> None:
    """The first human reply to a newcomer: long enough, it counts at once; else with the newcomer's next word."""
    standing = turn.get(Standing, newcomer)
    if standing is None or standing.greeted:
        return
    greeting = Greeting(giver, post.post, post.thread, post.by, post.at or turn.now)
    if post.characters >= turn.playbook.recognition.points.newcomer_reply_least_characters:
        turn.put(replace(standing, greeted=True))
        _earn_welcome(turn, newcomer, greeting)
    else:
        turn.put(replace(standing, greeted=True, greeting=greeting))


def greeted_back(turn: Turn, newcomer: str, thread: str, event: AnyEvent) -> None:
    """The newcomer's next word, in the thread of a short first reply: it was one that mattered."""
    standing = turn.get(Standing, newcomer)
    greeting = standing.greeting if standing is not None else None
    if standing is None or greeting is None or greeting.thread != thread or event.time < greeting.at:
        return
    turn.put(replace(standing, greeting=None))
    _earn_welcome(turn, newcomer, greeting)


def _earn_welcome(turn: Turn, newcomer: str, greeting: Greeting) -> None:
    post = turn.get(Post, greeting.post)
    if not counts(turn, greeting.member) or (post is not None and (post.gone or not post.fresh)):
        return
    full = turn.playbook.recognition.points.newcomer_reply_points * HUNDRED
    day = ordinal_at(turn, greeting.at)
    earning = Earning(greeting.member, "first_reply_to_newcomer", full, full, greeting.by, day)
    award(turn, earning._replace(post=greeting.post, thread=greeting.thread))
    thread = turn.get(Thread, greeting.thread)
    helped = newcomer if thread is None or (thread.quotable and thread.counts) else None
    did(turn, greeting.member, Done("welcome", day, greeting.by, f"newcomer/{greeting.post}", greeting.post, helped))


def asker_spoke(turn: Turn, thread: Thread, event: AnyEvent) -> Thread:
    """The asker's next word: whoever answered since the last one was heard; thanks are said of the help.

    Answers the thread, not yet put.
    """
    data = event.data
    if not thread.question or data.member != thread.author or thread.heard >= len(thread.others):
        return thread
    day = ordinal_at(turn, event.time)
    grateful = words.thanks(turn, data.body)
    for helper in thread.others[thread.heard :]:
        if counts(turn, helper):
            got(turn, helper, day, followed=1)
            if grateful:
                traces.became(turn, helper, "thanked", thread.thread, event.id)
    return replace(thread, heard=len(thread.others))


def links(turn: Turn, thread: Thread, post: Post, event: AnyEvent) -> Thread:
    """Posts elsewhere that this one links to: once the thread is solved, they helped too. Answers the thread."""
    urls = event.data.links
    if not isinstance(urls, tuple) or not urls:
        return thread
    for url in urls[:LINKS_READ]:
        for other in turn.find(POSTS_AT, url):
            if other.thread == thread.thread or other.member == post.member or other.post in thread.links:
                continue
            if len(thread.links) < MOST_LINKS:
                thread = replace(thread, links=(*thread.links, other.post))
                if thread.solved:
                    traces.linked(turn, thread, other.post, event.id)
    return thread


def settle_early(turn: Turn, thread: Thread) -> None:
    """Replies that came before the opening of their thread are judged now."""
    early, thread = thread.early, replace(thread, early=())
    for name in early:
        post = turn.get(Post, name)
        member = post.member if post is not None else None
        if post is None or post.gone or member is None or not post.early:
            continue
        post = replace(post, early=False)
        reply = reply_of(turn, thread, member, post.reply_to)
        if reply is None:
            continue
        if reply.drew:
            thread = replace(thread, others=(*thread.others, member))
        earns = counts(turn, member)
        post = replace(post, replies=earns and reply.to_other)
        turn.put(post)
        turn.put(thread)
        if earns and reply.to_other and post.fresh:
            count_reply(turn, member, thread.thread, post.day)
        give(turn, thread, post, reply, earns=earns)
        if earns:
            judge(turn, member, post.by)
    turn.put(thread)


def count_reply(turn: Turn, member: str, thread: str, day: int) -> None:
    """Count a reply in a thread of somebody else's that was found to be one after its day was counted."""
    activity = activity_of(turn, member)
    known = day_at(activity, day)
    if any(one.day == day for one in activity.days):
        activity = touched(turn, activity, known._replace(replies=known.replies + 1))
    turn.put(replace(activity, threads=in_thread(activity.threads, thread, day)))
