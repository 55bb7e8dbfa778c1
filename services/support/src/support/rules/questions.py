"""Questions: how one is opened, responded to, answered, solved, reopened, left, cancelled."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.decisions import (
    HelperCredited,
    QuestionAnswered,
    QuestionOpened,
    QuestionResponded,
)
from contracts.reasons import because
from contracts.turn import Turn
from support.rules import helpers, ladder, next_answer, suggestions
from support.rules.clocks import office_minutes, rung_due, wall_minutes, warning_due
from support.rules.speech import call_back, head, is_for_the_team, say
from support.state import Question, Share, Thread, Word

QUESTION = "question"
FIRST_RESPONSE = "first_response"
FIRST_ANSWER = "first_answer"
MOST_ANSWERS = 8
LIVELY = timedelta(minutes=10)
"""Words closer together than that are one moment."""


def opened(
    turn: Turn, thread: Thread, question: Question, *, threshold: str, actual: str | int, score: int | None
) -> Question:
    """Say that a question is open, and start its clocks. Answers the question, not yet put."""
    warn_at = warning_due(turn, question)
    due = rung_due(turn, question, 1)
    decided = say(
        turn,
        QuestionOpened(
            **head(turn),
            because=(because(QUESTION, threshold=threshold, actual=actual, evidence=(question.by,)),),
            member=question.member,
            post=question.post,
            thread=thread.thread,
            channel=thread.channel or turn.slug,
            tags=question.tags,
            asked_at=question.asked_at,
            told_by=question.told_by,
            score=score,
            nature=question.nature,
            priority=question.priority,
            newcomer=question.newcomer,
            target_minutes=question.target,
            warn_at=warn_at,
            due=due,
        ),
        rule=QUESTION,
        key=thread.thread,
        about=thread.thread,
    )
    question = replace(question, opened_by=decided)
    if not question.history:
        ladder.start(turn, thread, question)
    return question


def replied(turn: Turn, thread: Thread, word: Word) -> Question | None:
    """A human reply of somebody else. Answers the question after it, not yet put."""
    question = thread.question
    if question is None or question.status == "cancelled":
        return question
    if word.at < question.asked_at or _adds_nothing(thread, question, word):
        return question
    if question.response is None:
        question = _responded(turn, thread, question, word)
    newest = question.last_reply is None or word.at >= question.last_reply.at
    question = replace(
        question,
        last_reply=word if newest else question.last_reply,
        last_word_at=max(question.last_word_at, word.at),
    )
    if question.waits_since is not None and word.at >= question.waits_since:
        question = answered_again(turn, thread, question, word)
    if word.answers or word.post == thread.accepted:
        question = answered(turn, thread, question, word, by=word.by)
    elif question.status == "open" and question.newcomer and not question.suggested:
        question = suggestions.offer(turn, thread, question, evidence=word.by or question.by)
    return question


def _adds_nothing(thread: Thread, question: Question, word: Word) -> bool:
    """One more word in a lively thread that has its answers: clocks of days do not need it to the minute."""
    last = question.last_reply
    return (
        question.status != "open"
        and question.answer is not None
        and question.waits_since is None
        and word.post != thread.accepted
        and last is not None
        and timedelta() <= word.at - last.at < LIVELY
        and (not word.answers or len(question.answers) >= MOST_ANSWERS)
    )


def _clocks(turn: Turn, question: Question, word: Word) -> dict[str, Any]:
    office = office_minutes(turn, question.asked_at, word.at)
    return {
        "post": question.post,
        "reply": word.post,
        "member": word.member,
        "responder": word.responder,
        "office_minutes": office,
        "wall_minutes": wall_minutes(question.asked_at, word.at),
        "target_minutes": question.target,
        "within_target": office <= question.target,
    }


def _responded(turn: Turn, thread: Thread, question: Question, word: Word) -> Question:
    """The first human reply."""
    clocks = _clocks(turn, question, word)
    why = because(
        FIRST_RESPONSE,
        threshold="any human reply",
        actual=clocks["office_minutes"],
        evidence=(question.by, word.by),
    )
    say(
        turn,
        QuestionResponded(**head(turn), because=(why,), thread=thread.thread, **clocks),
        rule=FIRST_RESPONSE,
        key=thread.thread,
        about=thread.thread,
    )
    return replace(question, response=word)


def answered(
    turn: Turn, thread: Thread, question: Question, word: Word, *, by: str | None, thanks: bool = False
) -> Question:
    """A reply that can be an answer; the first stops warning and ladder. Answers the question, not yet put."""
    if any(known.post == word.post for known in question.answers):
        return question
    first = not question.answers and not question.more_answers
    room = len(question.answers) < MOST_ANSWERS
    question = replace(
        question,
        answers=(*question.answers, word) if room else question.answers,
        more_answers=question.more_answers + (not room),
        last_answer_at=word.at if question.last_answer_at is None else max(question.last_answer_at, word.at),
    )
    if not first:
        return question
    if question.answer is None or question.status == "open":
        question = _first_answer(turn, thread, question, word, by=by, thanks=thanks)
    if question.status == "open":
        question = stop(turn, thread, question, why="answered", evidence=by or question.by, answerer=word.member)
        question = replace(question, status="answered")
    return question


def _first_answer(
    turn: Turn, thread: Thread, question: Question, word: Word, *, by: str | None, thanks: bool
) -> Question:
    clocks = _clocks(turn, question, word)
    least = turn.playbook.support.answer_least_characters
    threshold = "followed by the asker's thanks" if thanks else f"{least} characters, a link, code or an image"
    why = because(
        FIRST_ANSWER, threshold=threshold, actual=clocks["office_minutes"], evidence=(question.by, word.by, by)
    )
    say(
        turn,
        QuestionAnswered(**head(turn), because=(why,), thread=thread.thread, **clocks),
        rule=FIRST_ANSWER,
        key=thread.thread,
        about=thread.thread,
    )
    if question.answer is None:
        _credited(turn, thread, question, word)
    return replace(question, answer=word)


def _credited(turn: Turn, thread: Thread, question: Question, word: Word) -> None:
    """Who gave the first answer: counted for the month, and named unless the thread is for the team alone."""
    month = f"{local_day(turn.now, turn.playbook.zone):%Y-%m}"
    share = turn.get(Share, month) or Share(month=month)
    share = replace(
        share,
        members=share.members + (word.responder == "member"),
        relays=share.relays + (word.responder == "relay"),
        staff=share.staff + (word.responder == "staff"),
    )
    turn.put(share)
    person = turn.person(word.member) if word.member is not None else None
    if word.member is None or is_for_the_team(turn, thread, question) or (person is not None and not person.profiling):
        return
    why = because(FIRST_ANSWER, threshold="first", actual=word.post, evidence=(question.by, word.by))
    say(
        turn,
        HelperCredited(
            **head(turn),
            because=(why,),
            post=question.post,
            thread=thread.thread,
            member=word.member,
            reply=word.post,
            responder=word.responder,
            asked=word.member in question.tried,
            month=month,
            by_members=share.members,
            by_relays=share.relays,
            by_staff=share.staff,
        ),
        rule="helper",
        key=thread.thread,
        about=thread.thread,
        who=word.member,
    )


def answered_again(turn: Turn, thread: Thread, question: Question, word: Word) -> Question:
    """The asker no longer has the last word. Answers the question, not yet put."""
    turn.disarm(next_answer.NEXT, thread.thread)
    question = helpers.call_off(turn, thread, question, "answered", evidence=word.by or question.by, by=word.member)
    question = call_back(turn, question, why="answered")
    return replace(question, waits_since=None, waits_by=None)


def stop(
    turn: Turn, thread: Thread, question: Question, *, why: helpers.Reason, evidence: str, answerer: str | None = None
) -> Question:
    """Stop every clock of a question and call back what was said. Answers the question, not yet put."""
    ladder.stop(turn, thread)
    for kind in (next_answer.NEXT, suggestions.SUGGESTION):
        turn.disarm(kind, thread.thread)
    question = helpers.call_off(turn, thread, question, why, evidence=evidence, by=answerer)
    question = call_back(turn, question, why=why)
    return replace(question, waits_since=None, waits_by=None)
