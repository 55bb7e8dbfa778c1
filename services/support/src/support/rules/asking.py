"""Asking: whether a post opens a question, and which."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.naming import one_line
from contracts.people import is_staff
from contracts.reasons import because
from contracts.skills import skills_named
from contracts.turn import Turn
from support.rules import hours, outcomes, questions, suggestions
from support.rules.clocks import target_minutes
from support.rules.detection import signs
from support.rules.matching import skills_in
from support.rules.speech import is_help_place, is_hidden, remembered, shown, tell_team
from support.rules.terms import terms_of
from support.state import Asker, Nature, Question, Thread, Word

MOST_TAGS = 10
COMPLAINT = "complaint"
"""Kinds of posts that are something else by the platform's word."""
_NEVER_BY_SCORE = frozenset({"announcement", "showcase", "answer", "comment"})


class Verdict(NamedTuple):
    """That a post asks: whose word it is, by which figures, and what kind of asking it is."""

    told_by: Literal["platform", "score", "human"]
    nature: Nature
    threshold: str
    actual: str | int
    score: int | None


def may_open(thread: Thread, event: AnyEvent) -> bool:
    """Whether a post can be the one that opens its thread, or asks in it by the platform's word."""
    data: PostCreated = event.data
    if thread.question is not None:
        question = thread.question
        return (
            question.told_by == "score"
            and data.reply_to is None
            and event.time < question.asked_at
            and question.status != "cancelled"
        )
    if data.kind == "question":
        return True
    if data.reply_to is not None:
        return False
    return thread.opening is None or (thread.opened_at is not None and event.time < thread.opened_at)


def judged(turn: Turn, thread: Thread, event: AnyEvent, *, complaint: bool) -> Verdict | None:
    """Whether the post asks; None when it does not. The platform's word goes before the score."""
    data: PostCreated = event.data
    told = Verdict("platform", "question", "the platform's word", "question", None) if data.kind == "question" else None
    if thread.troubled:
        return (told or Verdict("score", "question", "words of distress", 1, None))._replace(nature="care")
    if data.complaint:
        return Verdict("platform", "complaint", "the platform's word", "complaint", None)
    if complaint:
        return (told or Verdict("score", "question", "words of a complaint", 1, None))._replace(nature="complaint")
    if told is not None or data.kind in _NEVER_BY_SCORE or data.origin == "organisation":
        return told
    if is_staff(turn.person(data.member), data.member, turn.playbook):
        return None
    return scored(turn, title=data.title, body=data.body, channel=data.channel)


def scored(turn: Turn, *, title: str | None, body: str, channel: str | None) -> Verdict | None:
    """Whether the signs of a question suffice; None when they do not."""
    figures = turn.playbook.support
    place = channel is not None and is_help_place(turn, channel)
    found = signs(figures, title=title, body=body, help_place=place).score
    if found < figures.question_score:
        return None
    return Verdict("score", "question", f"score {figures.question_score}: mark, call, word, place", found, found)


def opened(turn: Turn, thread: Thread, event: AnyEvent, word: Word, *, complaint: bool) -> Thread:
    """A post that opens its thread, or asks in it. Answers the thread, not yet put."""
    data: PostCreated = event.data
    if thread.question is not None:
        thread = _displaced(turn, thread, event)
    if thread.opening is None or data.reply_to is None:
        thread = replace(
            thread,
            channel=data.channel,
            opening=data.post,
            author=data.member,
            opened_at=event.time,
            opening_by=event.id,
            title=heading(data.title, data.body),
            tags=data.tags[:MOST_TAGS],
            url=data.url,
        )
    verdict = judged(turn, thread, event, complaint=complaint)
    if verdict is None:
        return replace(thread, words=(*thread.words, word)[:6])
    question = _question(turn, event, verdict)
    return begin(turn, thread, question, verdict, by=event.id, at=event.time)


def _displaced(turn: Turn, thread: Thread, event: AnyEvent) -> Thread:
    """An earlier post came later: what was taken for the opening, by its score, is a word in the thread."""
    question = thread.question
    if question is None:
        return thread
    gone = outcomes.cancelled(turn, thread, question, reason="replaced", by=event.id)
    word = Word(
        post=gone.post,
        member=gone.member,
        at=gone.asked_at,
        by=gone.by,
        answers=True,
        responder="member",
    )
    return replace(thread, question=None, words=(word, *gone.answers)[:6])


def heading(title: str | None, body: str) -> str | None:
    """How a thread is called: its title, else the beginning of what it says."""
    return one_line(title or body)


def _question(turn: Turn, event: AnyEvent, verdict: Verdict) -> Question:
    data: PostCreated = event.data
    playbook = turn.playbook
    priority = "urgent" if verdict.nature == "care" else data.priority or "normal"
    tags = data.tags[:MOST_TAGS]
    skills = skills_named(playbook.skill_index, tags) or skills_in(turn, f"{data.title or ''} {data.body}")
    terms, strong = terms_of(data.title, tags, data.body, locale=data.locale, fallback=playbook.language)
    at = min(event.time, turn.now)
    return Question(
        post=data.post,
        by=event.id,
        member=data.member,
        asked_at=at,
        clock_from=at,
        title=heading(data.title, data.body),
        url=data.url,
        tags=tags,
        skills=skills,
        terms=terms,
        strong=strong,
        told_by=verdict.told_by,
        nature=verdict.nature,
        priority=priority,
        target=target_minutes(playbook, priority),
        history=turn.backfill,
        last_word_at=at,
    )


def begin(turn: Turn, thread: Thread, question: Question, verdict: Verdict, *, by: str, at: datetime) -> Thread:
    """A question is there: its clocks start, and what came before it in the log is taken in. Not yet put."""
    asker = turn.get(Asker, question.member) or Asker(member=question.member)
    person = turn.person(question.member)
    newcomer = asker.questions == 0 and not turn.backfill and (person is None or not person.from_history)
    turn.put(replace(asker, questions=asker.questions + 1, first_thread=asker.first_thread or thread.thread))
    question = replace(question, newcomer=newcomer)
    question = questions.opened(
        turn, thread, question, threshold=verdict.threshold, actual=verdict.actual, score=verdict.score
    )
    words = thread.words
    thread = replace(thread, question=question, words=())
    if question.nature == "complaint":
        question = _complaint(turn, thread, question)
    question = suggestions.opened(turn, replace(thread, question=question), question, at=at, by=by)
    question = hours.told(turn, thread, question, at=at)
    for word in sorted(words, key=lambda word: (word.at, word.post)):
        if word.member != question.member and word.post != question.post:
            after = questions.replied(turn, replace(thread, question=question), word)
            question = after or question
    thread = replace(thread, question=question)
    if (thread.accepted is not None or thread.resolved) and thread.accepted_by is not None:
        told_by: outcomes.ToldBy = "accepted" if thread.accepted is not None else "resolved"
        after = outcomes.solved(turn, thread, told_by=told_by, by=thread.accepted_by, answer=thread.accepted)
        thread = replace(thread, question=after)
    return thread


def _complaint(turn: Turn, thread: Thread, question: Question) -> Question:
    """A complaint is for the core team first: told at once, never to helpers."""
    if turn.backfill:
        return question
    why = because(COMPLAINT, threshold="core team first", actual=question.priority, evidence=(question.by,))
    told = tell_team(
        turn,
        key=thread.thread,
        rule=COMPLAINT,
        template="complaint",
        lifetime=timedelta(hours=turn.playbook.lifetimes.relay_ask_hours),
        values=shown(turn, thread, question),
        because=(why,),
        thread=thread.thread,
        serves=question.opened_by,
        mentions=() if is_hidden(turn, thread) else (question.member,),
    )
    return remembered(turn, question, *told)
