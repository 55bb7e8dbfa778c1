"""Records: how a thread's row is kept, and until when it can matter."""

from datetime import date, timedelta

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.office_time import DAY
from contracts.turn import Turn
from support.rules.clocks import days_after, round_day
from support.state import Question, Thread, people_of

QUIET_THREAD_DAYS = 30
"""A thread that asks nothing is remembered so long after its last post: for late arrivals, and to know its opening."""


def keep(turn: Turn, thread: Thread) -> Thread:
    """Put a thread with everybody it names, and the days on which it is looked at and forgotten."""
    question = thread.question
    until, review = thread.until, None
    if question is not None:
        until = _until(turn, question, thread)
        review = _review(turn, question, thread)
    people = people_of(thread)
    if people != thread.people or until != thread.until or review != thread.review:
        thread = replace(thread, people=people, until=until, review=review)
    turn.put(thread)
    return thread


def quiet_until(turn: Turn) -> date:
    """Until when a thread without a question is remembered, if nothing more is said in it."""
    return local_day(turn.now, turn.playbook.zone) + QUIET_THREAD_DAYS * DAY


def _until(turn: Turn, question: Question, thread: Thread) -> date | None:
    if question.over_at is None:
        return None
    if thread.until is not None:
        return thread.until
    days = QUIET_THREAD_DAYS if question.status == "cancelled" else turn.playbook.support.closed_kept_days
    return days_after(turn, question.over_at, days)


def _review(turn: Turn, question: Question, thread: Thread) -> date | None:
    """The first day on which the daily round may have something to do; it looks again if it was too early."""
    figures = turn.playbook.support
    if question.status == "open":
        if not question.history:
            return None
        return thread.review or days_after(turn, question.asked_at, figures.history_dormant_days)
    if question.status != "answered" or question.last_answer_at is None:
        return None
    if question.asked_solved or question.history:
        return thread.review or days_after(turn, question.last_word_at, figures.dormant_days)
    if question.thanked_at is not None:
        day = days_after(turn, question.thanked_at, figures.solved_asked_after_thanks_days)
        return day if thread.review is None else min(day, thread.review)
    # A round that was put off, as while the asker waits for an answer, comes nearer again with the answer.
    late = thread.review is None or (
        question.waits_since is None
        and (thread.review - question.last_answer_at.date()).days > figures.solved_asked_days + 1
    )
    return days_after(turn, question.last_answer_at, figures.solved_asked_days) if late else thread.review


def review_again(turn: Turn, thread: Thread, question: Question) -> Thread:
    """Put a thread that the round looked at too early, or that it will look at again."""
    figures = turn.playbook.support
    at = question.last_word_at + timedelta(days=figures.dormant_days)
    waits = question.waits_since is not None
    if not question.asked_solved and not question.history and not waits and question.last_answer_at is not None:
        asked = question.last_answer_at + timedelta(days=figures.solved_asked_days)
        if question.thanked_at is not None:
            asked = min(asked, question.thanked_at + timedelta(days=figures.solved_asked_after_thanks_days))
        at = min(at, asked)
    thread = replace(thread, question=question, review=round_day(turn, at), people=people_of(thread))
    turn.put(thread)
    return thread
