"""Verdicts: what a human says of a question, and any decision of support that a human undoes."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import to_member
from contracts.turn import To, Turn
from support.rules import care, crisis_course, edits, helpers, ladder, next_answer, outcomes, suggestions
from support.rules.asking import Verdict
from support.rules.records import keep
from support.state import Crisis, Question, Said, Thread, Word

MARK = "a human's word"


def marked(turn: Turn, event: AnyEvent) -> None:
    """A human says what a thread is: question, complaint, care, solved, or none."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None:
        return
    value = data.value or "question"
    question = thread.question
    if value == "none":
        if question is not None:
            _put(turn, thread, outcomes.cancelled(turn, thread, question, reason="human", by=event.id, who=data.by))
    elif value == "solved":
        _put(turn, thread, outcomes.solved(turn, thread, told_by="human", by=event.id))
    elif value in {"question", "complaint", "care"}:
        _is_a(turn, thread, event, value)


def _put(turn: Turn, thread: Thread, question: Question | None) -> None:
    keep(turn, replace(thread, question=question))


def _is_a(turn: Turn, thread: Thread, event: AnyEvent, value: str) -> None:
    question = thread.question
    nature = "complaint" if value == "complaint" else "care" if value == "care" else "question"
    if value == "care" and not thread.troubled and thread.author is not None:
        thread = care.found(
            turn,
            thread,
            member=thread.author,
            post=thread.opening or thread.thread,
            channel=thread.channel or turn.slug,
            url=thread.url,
            nature="distress",
            by=event.id,
        )
        question = thread.question
    elif value == "question" and thread.troubled:
        thread = replace(thread, troubled=False)  # a human looked: it is no cry for help
    if question is None:
        verdict = Verdict("human", nature, MARK, value, None)  # type: ignore[arg-type]
        edits.began(turn, thread, event, verdict, tags=thread.tags, title=thread.title, body="")
        return
    if question.nature != nature:
        if nature == "complaint":
            question = care.hushed(turn, thread, question, by=event.id)
        question = replace(question, nature=nature)
    if question.status in {"solved", "dormant", "cancelled"}:
        question = outcomes.reopened(turn, thread, question, reason="human", by=event.id, waits_from=turn.now)
    _put(turn, thread, question)


def tapped(turn: Turn, event: AnyEvent) -> None:
    """« It is no question »: the asker's word, or the core team's."""
    data = event.data
    if data.answer != "no_question":
        return
    asked = turn.asked(data.request)
    if asked is None:
        return
    thread = _thread_of(turn, asked.key, asked.serves)
    question = thread.question if thread is not None else None
    if thread is None or question is None:
        return
    who = data.by or data.member
    reason: outcomes.Cancelling = "author" if who == question.member else "human"
    if asked.to.kind == "channel" and reason == "human":
        return  # anybody can tap in a channel; only the asker and the core team have a say
    _put(turn, thread, outcomes.cancelled(turn, thread, question, reason=reason, by=event.id, who=who))


def _thread_of(turn: Turn, key: str, serves: str | None) -> Thread | None:
    """The thread of a request: its key names it, or the decision that it serves does."""
    said = turn.get(Said, serves) if serves is not None else None
    if said is not None:
        return turn.get(Thread, said.about)
    return turn.get(Thread, key.rpartition("/")[0] or key)


def overruled(turn: Turn, event: AnyEvent) -> None:
    """A human undid a decision of the last 30 days."""
    data = event.data
    said = turn.get(Said, data.decision)
    if said is None:
        return
    turn.drop(Said, said.decision)
    if said.type.startswith("crisis."):
        crisis = turn.get(Crisis, said.about)
        if crisis is not None:
            crisis_course.dismiss(turn, crisis, by=data.by, evidence=event.id)
        return
    thread = turn.get(Thread, said.about)
    question = thread.question if thread is not None else None
    if thread is None:
        return
    if said.type == "care.needed":
        _no_cry(turn, thread)
    elif question is not None:
        after = _undone(turn, thread, question, said, by=event.id, who=data.by)
        if after is not question:
            _put(turn, thread, after)


def _no_cry(turn: Turn, thread: Thread) -> None:
    question = thread.question
    if question is not None and question.nature == "care":
        question = replace(question, nature="question", priority="normal")
    keep(turn, replace(thread, troubled=False, question=question))


def _undone(turn: Turn, thread: Thread, question: Question, said: Said, *, by: str, who: str) -> Question:
    """The question as if a decision had not been made, as far as that can still be had. Not yet put."""
    match said.type:
        case "question.opened":
            question = outcomes.cancelled(turn, thread, question, reason="human", by=by, who=who)
        case "question.solved" | "question.dormant" | "question.cancelled" if question.over_at is not None:
            question = outcomes.reopened(turn, thread, question, reason="human", by=by, waits_from=turn.now)
        case "question.reopened" if question.status in {"open", "answered"}:
            question = outcomes.solved(turn, thread, told_by="human", by=by) or question
        case "question.answered" if question.status == "answered" and question.answer is not None:
            question = _no_answer(turn, thread, question, question.answer, by=by)
        case "helper.asked" if said.who is not None:
            question = _asked_no_more(turn, thread, question, said.who, by=by)
        case "answer.suggested":
            for to in (to_member(question.member), To(kind="channel", id=thread.channel or turn.slug)):
                turn.recall(suggestions.SUGGESTION, thread.thread, to=to, why="overruled")
            question = replace(question, offered=())
        case "question.unanswered" | "question.warned":
            question = _untold(turn, question)
        case _:
            pass
    return question


def _no_answer(turn: Turn, thread: Thread, question: Question, answer: Word, *, by: str) -> Question:
    """What was taken for the first answer was none."""
    rest = tuple(word for word in question.answers if word.post != answer.post)
    if rest or question.more_answers:
        return replace(question, answers=rest)
    question = replace(question, answers=(), last_answer_at=None)
    return outcomes.reopened(turn, thread, question, reason="human", by=by)


def _untold(turn: Turn, question: Question) -> Question:
    """What the ladder said is called back."""
    rules = (ladder.UNANSWERED, next_answer.NEXT)
    for told in question.told:
        if told.rule in rules:
            turn.recall(told.rule, told.key, to=To(kind=told.kind, id=told.id), why="overruled")
    return replace(question, told=tuple(told for told in question.told if told.rule not in rules))


def _asked_no_more(turn: Turn, thread: Thread, question: Question, member: str, *, by: str) -> Question:
    left = tuple(asked for asked in question.asks if asked.member != member)
    if len(left) == len(question.asks):
        return question
    only = replace(question, asks=tuple(asked for asked in question.asks if asked.member == member))
    after = helpers.call_off(turn, thread, only, "withdrawn", evidence=by)
    return replace(after, asks=left)
