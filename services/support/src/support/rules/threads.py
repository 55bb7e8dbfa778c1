"""Threads: what every post is, in whatever order posts come: the opening, a reply, the asker's own word."""

from typing import Literal

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.human_reply import is_bare
from contracts.people import Person, is_bot, is_staff
from contracts.sensitive import heard, said
from contracts.turn import Turn
from support.rules import asking, care, conversation, crisis, outcomes, questions
from support.rules.circle import capacity
from support.rules.records import QUIET_THREAD_DAYS, keep, quiet_until
from support.state import Thread, Word

MOST_WORDS = 4
MOST_GONE = 20


def opening_known(turn: Turn, name: str) -> bool:
    """Whether the post that opens a thread has come."""
    thread = turn.get(Thread, name)
    return thread is not None and thread.opening is not None


def is_gone(turn: Turn, name: str, post: str) -> bool:
    """Whether a post is known to be deleted."""
    thread = turn.get(Thread, name)
    return thread is not None and post in thread.gone


def posted(turn: Turn, event: AnyEvent) -> None:
    """Something was written."""
    data: PostCreated = event.data
    person = turn.person(data.member)
    known = turn.get(Thread, data.thread)
    thread = known or Thread(thread=data.thread, until=quiet_until(turn), channel=data.channel)
    if data.post in thread.gone or data.post == thread.opening or _known(thread, data.post):
        return
    if data.bot or is_bot(person):
        _by_a_bot(turn, thread, event, known)
        return
    if thread.channel is None:
        thread = replace(thread, channel=data.channel)
    thread, nature = _heard(turn, thread, event, person)
    if asking.may_open(thread, event):
        keep(turn, asking.opened(turn, thread, event, _word(turn, event, person), complaint=nature == "complaint"))
    elif nature == "cry":
        keep(turn, thread)  # a cry for help answers nobody
    elif thread.question is not None:
        _said_in_question(turn, thread, event, person)
    else:
        after = _said(turn, thread, event, person)
        if after is not known:
            keep(turn, after)


def _heard(
    turn: Turn, thread: Thread, event: AnyEvent, person: Person | None
) -> tuple[Thread, Literal["cry", "complaint"] | None]:
    """Words of distress bring humans at once; complaints are counted. Answers the thread, not yet put, and which."""
    data: PostCreated = event.data
    words = None
    if not is_staff(person, data.member, turn.playbook):
        words = heard(turn.playbook, said(data.title, data.body))
    if words == "distress" or words == "violence":  # noqa: PLR1714 - so that the checker knows which of the three
        return care.needed(turn, thread, event, words), "cry"
    if data.complaint or (words == "complaint" and data.complaint is None):
        crisis.complained(turn, thread, event)
        return thread, "complaint"
    return thread, None


def _known(thread: Thread, post: str) -> bool:
    question = thread.question
    if question is None:
        return any(word.post == post for word in thread.words)
    known = (*question.answers, question.response, question.last_reply)
    return any(word is not None and word.post == post for word in known)


def _words_of(thread: Thread, post: str) -> tuple[Word, ...]:
    """What a reply said, as far as it is kept."""
    question = thread.question
    kept = thread.words if question is None else (*question.answers, question.response, question.last_reply)
    return tuple(dict.fromkeys(word for word in kept if word is not None and word.post == post))[:1]


def _by_a_bot(turn: Turn, thread: Thread, event: AnyEvent, known: Thread | None) -> None:
    """A program never asks and never answers, but what it opened is open: the first person to reply opens nothing."""
    if known is None and event.data.reply_to is None:
        keep(turn, replace(thread, opening=event.data.post, opened_at=event.time, opening_by=event.id))


def _word(turn: Turn, event: AnyEvent, person: Person | None) -> Word:
    data: PostCreated = event.data
    body = data.body
    answers = (
        len(body.strip()) >= turn.playbook.support.answer_least_characters
        or bool(data.links)
        or bool(data.has_code)
        or bool(data.has_image)
        or any(mark in body for mark in ("```", "http://", "https://"))
    )
    return Word(
        post=data.post,
        member=data.member,
        at=min(event.time, turn.now),
        by=event.id,
        answers=answers,
        responder=capacity(turn, data.member, person),
    )


def _said_in_question(turn: Turn, thread: Thread, event: AnyEvent, person: Person | None) -> None:
    question = thread.question
    data: PostCreated = event.data
    if question is None:
        return
    if question.status == "cancelled":
        # It may be back yet: who spoke meanwhile is not forgotten.
        after = _said(turn, thread, event, person)
        if after is not thread and data.member != question.member:
            keep(turn, after)
        return
    if data.member == question.member:
        answered = conversation.asker_spoke(turn, thread, event)
    elif is_bare(data.body) and not (data.has_image or data.has_code or data.links):
        return
    else:
        answered = questions.replied(turn, thread, _word(turn, event, person))
    if answered is not None and answered is not question:
        keep(turn, replace(thread, question=answered))


def _said(turn: Turn, thread: Thread, event: AnyEvent, person: Person | None) -> Thread:
    """A word in a thread that asks nothing, as far as known. Answers the thread, not yet put."""
    if thread.until is None or (thread.until - turn.now.date()).days < QUIET_THREAD_DAYS - 1:
        thread = replace(thread, until=quiet_until(turn))
    if len(thread.words) < MOST_WORDS and not is_bare(event.data.body):
        thread = replace(thread, words=(*thread.words, _word(turn, event, person)))
    return thread


def deleted(turn: Turn, event: AnyEvent) -> None:
    """A post was taken away: the question with it, or an answer."""
    data = event.data
    thread = turn.get(Thread, data.thread) or Thread(thread=data.thread, until=quiet_until(turn))
    if data.post in thread.gone:
        return
    question = thread.question
    thread = replace(
        thread,
        gone=(*thread.gone, data.post)[-MOST_GONE:],
        words=tuple(word for word in thread.words if word.post != data.post),
        taken=(*thread.taken, *_words_of(thread, data.post))[-MOST_WORDS:],
    )
    if question is not None:
        if question.post == data.post:
            question = outcomes.cancelled(turn, thread, question, reason="deleted", by=event.id)
        else:
            question = conversation.answer_gone(turn, thread, question, data.post, reason="answer_deleted", by=event.id)
        thread = replace(thread, question=question)
    if thread.accepted == data.post:
        thread = replace(thread, accepted=None)
    keep(turn, thread)
