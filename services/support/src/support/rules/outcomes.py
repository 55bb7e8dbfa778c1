"""Outcomes: how a question is solved, reopened, left, cancelled."""

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from contracts.decisions import QuestionCancelled, QuestionDormant, QuestionReopened, QuestionSolved
from contracts.reasons import because
from contracts.turn import Turn
from support.rules import expertise, ladder, next_answer, suggestions
from support.rules.clocks import wall_minutes
from support.rules.questions import QUESTION, answered, stop
from support.rules.speech import head, say
from support.state import Question, Thread, Word

SOLVED = "solved"
DORMANT = "dormant"
ToldBy = Literal["accepted", "resolved", "rated", "human"]
Reopening = Literal[
    "answer_withdrawn", "answer_deleted", "unresolved", "not_helped", "asked_again", "restored", "human"
]
Cancelling = Literal["author", "human", "deleted", "moderated", "erased", "replaced"]


def hushed(turn: Turn, thread: Thread, question: Question, *, evidence: str) -> Question:
    """The asker has left: it stays as it is, and nobody is asked for it. Answers the question, not yet put."""
    return stop(turn, thread, question, why="withdrawn", evidence=evidence)


def solved(
    turn: Turn, thread: Thread, *, told_by: ToldBy, by: str, answer: str | None = None, suggestion: str | None = None
) -> Question | None:
    """The question has found its answer. Answers the question, not yet put."""
    question = thread.question
    if question is None or question.status in {"solved", "cancelled"}:
        return question
    word = _word(question, answer) if answer is not None else None
    if word is not None and word.member != question.member:
        question = answered(turn, thread, question, word, by=by)
        expertise.credit(turn, thread, question, word, by=by, at=turn.now)
    question = stop(turn, thread, question, why="answered", evidence=by, answerer=word.member if word else None)
    why = because(SOLVED, threshold=told_by, actual=answer or suggestion, evidence=(question.by, by))
    decided = say(
        turn,
        QuestionSolved(
            **head(turn),
            because=(why,),
            post=question.post,
            thread=thread.thread,
            told_by=told_by,
            answer=answer,
            member=word.member if word is not None else None,
            responder=word.responder if word is not None else None,
            wall_minutes=wall_minutes(question.asked_at, turn.now),
            suggestion=suggestion,
        ),
        rule=SOLVED,
        key=thread.thread,
        about=thread.thread,
    )
    question = replace(question, status="solved", solved_by=answer, over_at=turn.now)
    suggestions.shelve(turn, thread, question, by=decided)
    return question


def _word(question: Question, post: str) -> Word | None:
    """A reply that is known, by its post."""
    known = (*question.answers, question.answer, question.response, question.last_reply)
    return next((word for word in known if word is not None and word.post == post), None)


def reopened(
    turn: Turn, thread: Thread, question: Question, *, reason: Reopening, by: str, waits_from: datetime | None = None
) -> Question:
    """Open again: with answers, it waits for the next one; with none, the ladder starts anew. Not yet put."""
    suggestions.unshelve(turn, thread.thread)
    why = because(QUESTION, threshold=reason, actual=question.status, evidence=(question.by, by))
    say(
        turn,
        QuestionReopened(**head(turn), because=(why,), post=question.post, thread=thread.thread, reason=reason),
        rule=QUESTION,
        key=thread.thread,
        about=thread.thread,
    )
    stands = bool(question.answers or question.more_answers)
    question = replace(
        question,
        status="answered" if stands else "open",
        solved_by=None,
        over_at=None,
        thanked_at=None,
        history=turn.backfill,
        last_word_at=max(question.last_word_at, turn.now) if not turn.backfill else question.last_word_at,
        last_answer_at=question.last_answer_at or (turn.now if stands else None),
        # Whoever passed or was silent weeks ago may be asked again.
        tried=(),
        attempts=0,
    )
    if turn.backfill:
        return question
    if not stands:
        question = replace(question, clock_from=turn.now, rung=0)
        ladder.start(turn, thread, question)
    elif waits_from is not None:
        question = next_answer.waits(turn, thread, question, since=waits_from, by=by)
    return question


def dormant(turn: Turn, thread: Thread, question: Question, *, reason: Literal["answered", "history"]) -> Question:
    """Left so: nobody is asked about it any more. Answers the question, not yet put."""
    figures = turn.playbook.support
    days = figures.history_dormant_days if reason == "history" else figures.dormant_days
    last = question.last_reply.by if question.last_reply is not None else None
    why = because(
        DORMANT,
        threshold=f"{days} days",
        actual=(turn.now - question.last_word_at).days,
        evidence=(question.by, last),
    )
    question = stop(turn, thread, question, why="withdrawn", evidence=question.by)
    say(
        turn,
        QuestionDormant(
            **head(turn),
            because=(why,),
            post=question.post,
            thread=thread.thread,
            reason=reason,
            since=question.last_word_at,
        ),
        rule=DORMANT,
        key=thread.thread,
        about=thread.thread,
    )
    return replace(question, status="dormant", over_at=turn.now)


def cancelled(
    turn: Turn, thread: Thread, question: Question, *, reason: Cancelling, by: str, who: str | None = None
) -> Question:
    """It is no question, or is gone. Answers the question, not yet put."""
    if question.status == "cancelled":
        return question
    question = stop(turn, thread, question, why="withdrawn", evidence=by)
    suggestions.unshelve(turn, thread.thread)
    why = because(QUESTION, threshold=reason, actual=question.status, evidence=(question.by, by))
    say(
        turn,
        QuestionCancelled(
            **head(turn), because=(why,), post=question.post, thread=thread.thread, reason=reason, by=who
        ),
        rule=QUESTION,
        key=thread.thread,
        about=thread.thread,
    )
    return replace(question, status="cancelled", over_at=turn.now)
