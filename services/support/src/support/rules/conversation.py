"""Conversation: the asker's own words, acceptance, resolution, what the asker says of the help."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.facts import PostCreated
from contracts.turn import Turn
from support.rules import expertise, ladder, next_answer, outcomes, questions, suggestions
from support.rules.detection import asks_again, is_thanks, waits_for_nothing
from support.rules.records import keep, quiet_until
from support.state import Question, Thread, Word


def asker_spoke(turn: Turn, thread: Thread, event: AnyEvent) -> Question | None:
    """The asker wrote in their own question. Answers the question, not yet put."""
    question = thread.question
    data: PostCreated = event.data
    if question is None or event.time < question.asked_at:
        return question
    at = min(event.time, turn.now)
    if question.status in {"open", "answered"}:
        return _went_on(turn, thread, question, event)
    if question.status in {"solved", "dormant"} and asks_again(turn.playbook.support, data.body):
        return outcomes.reopened(turn, thread, question, reason="asked_again", by=event.id, waits_from=at)
    return question


def _went_on(turn: Turn, thread: Thread, question: Question, event: AnyEvent) -> Question:
    """The asker's word in a question that is not over: thanks, a mere « ok », or something that waits for an answer."""
    figures = turn.playbook.support
    body = event.data.body
    at = min(event.time, turn.now)
    if is_thanks(figures, body):
        return _thanked(turn, thread, question, event)
    newest = question.last_reply is None or at > question.last_reply.at
    question = replace(question, last_word_at=max(question.last_word_at, at))
    if question.status == "open":
        return ladder.revived(turn, thread, question)
    if newest and (event.data.kind == "answer" or waits_for_nothing(figures, body)):
        # Whoever answers their own question waits for nobody.
        turn.disarm(next_answer.NEXT, thread.thread)
        return replace(question, waits_since=None, waits_by=None)
    return (
        next_answer.waits(turn, thread, question, since=at, by=event.id) if newest and not turn.backfill else question
    )


def _thanked(turn: Turn, thread: Thread, question: Question, event: AnyEvent) -> Question:
    """Thanks: a short reply before them was an answer, and nobody waits for the next one."""
    at = min(event.time, turn.now)
    word = question.last_reply
    question = replace(question, last_word_at=max(question.last_word_at, at))
    if word is None or word.at > at:
        return question
    if question.status == "open":
        question = questions.answered(turn, thread, question, word, by=event.id, thanks=True)
    best = _last_answer(question) or word
    expertise.credit(turn, thread, question, best, by=event.id, at=at)
    turn.disarm(next_answer.NEXT, thread.thread)
    question = questions.answered_again(turn, thread, question, word)
    return replace(question, thanked_at=at)


def _last_answer(question: Question) -> Word | None:
    return max(question.answers, key=lambda word: (word.at, word.post), default=None)


def accepted(turn: Turn, event: AnyEvent) -> None:
    """A post was marked as the answer."""
    data = event.data
    thread = turn.get(Thread, data.thread) or Thread(thread=data.thread, until=quiet_until(turn))
    if data.post in thread.gone:
        return
    thread = replace(thread, accepted=data.post, accepted_by=event.id)
    question = outcomes.solved(turn, thread, told_by="accepted", by=event.id, answer=data.post)
    if question is not None and question.status == "solved":
        question = replace(question, solved_by=data.post)
    keep(turn, replace(thread, question=question))


def withdrawn(turn: Turn, event: AnyEvent) -> None:
    """A post is no longer marked as the answer."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None or thread.accepted != data.post:
        return
    thread = replace(thread, accepted=None)
    question = thread.question
    if question is not None:
        word = next((word for word in question.answers if word.post == data.post), None)
        expertise.uncredit(turn, word.member if word is not None else data.answer_author, data.post)
        if question.status == "solved" and question.solved_by == data.post and not thread.resolved:
            question = outcomes.reopened(
                turn, thread, question, reason="answer_withdrawn", by=event.id, waits_from=turn.now
            )
    keep(turn, replace(thread, question=question))


def answer_gone(
    turn: Turn, thread: Thread, question: Question, post: str, *, reason: outcomes.Reopening, by: str
) -> Question:
    """A post below the question is gone; an answer with it, perhaps the only one. Not yet put."""
    word = next((word for word in question.answers if word.post == post), None)
    was_reply = question.last_reply is not None and question.last_reply.post == post
    solved_by_it = question.status == "solved" and question.solved_by == post
    if word is None and not was_reply and not solved_by_it:
        return question
    answers = tuple(known for known in question.answers if known.post != post)
    if word is not None:
        expertise.uncredit(turn, word.member, post)
    left = bool(answers or question.more_answers)
    latest = max((known.at for known in answers), default=None)
    question = replace(
        question,
        answers=answers,
        last_reply=(answers[-1] if answers else None) if was_reply else question.last_reply,
        last_answer_at=latest if not question.more_answers else question.last_answer_at,
    )
    if solved_by_it:
        return outcomes.reopened(turn, thread, question, reason=reason, by=by, waits_from=turn.now)
    if word is not None and not left and question.status in {"answered", "dormant"}:
        # The only answer is gone: the question is unanswered, and no unanswered question is left to die.
        return outcomes.reopened(turn, thread, question, reason=reason, by=by)
    return question


def resolved(turn: Turn, event: AnyEvent) -> None:
    """A thread was marked as solved."""
    data = event.data
    thread = turn.get(Thread, data.thread) or Thread(thread=data.thread, until=quiet_until(turn))
    thread = replace(thread, resolved=True, accepted_by=event.id)
    question = outcomes.solved(turn, thread, told_by="resolved", by=event.id, answer=thread.accepted)
    keep(turn, replace(thread, question=question))


def unresolved(turn: Turn, event: AnyEvent) -> None:
    """A thread is no longer marked as solved."""
    thread = turn.get(Thread, event.data.thread)
    if thread is None:
        return
    thread = replace(thread, resolved=False)
    question = thread.question
    if question is not None and question.status == "solved":
        question = outcomes.reopened(turn, thread, question, reason="unresolved", by=event.id, waits_from=turn.now)
    keep(turn, replace(thread, question=question))


def rated(turn: Turn, event: AnyEvent) -> None:
    """The asker said whether it helped."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    question = thread.question if thread is not None else None
    if thread is None or question is None or data.member != question.member:
        return
    keep(turn, replace(thread, question=_rated(turn, thread, question, helped=data.helped, by=event.id)))


def _rated(turn: Turn, thread: Thread, question: Question, *, helped: bool, by: str) -> Question:
    question = replace(question, asked_solved=True)
    if helped:
        best = _last_answer(question)
        answer = best.post if best is not None and question.status != "solved" else None
        return (
            outcomes.solved(turn, replace(thread, question=question), told_by="rated", by=by, answer=answer) or question
        )
    match question.status:
        case "solved" | "dormant":
            return outcomes.reopened(turn, thread, question, reason="not_helped", by=by, waits_from=turn.now)
        case "answered":
            return next_answer.waits(turn, thread, question, since=turn.now, by=by) if not turn.backfill else question
        case _:
            return question


def suggestion_answered(turn: Turn, event: AnyEvent) -> None:
    """The asker said whether a suggested thread helped."""
    data = event.data
    asked = turn.asked(data.request)
    if asked is None or asked.rule != suggestions.SUGGESTION:
        return
    thread = turn.get(Thread, asked.key)
    question = thread.question if thread is not None else None
    if thread is None or question is None or data.member != question.member or not question.offered:
        return
    helping = suggestions.helping(question, data.answer)
    if helping is None and data.answer != "not_helped":
        return
    question = suggestions.counted(turn, question, helped=helping)
    if helping is not None:
        question = (
            outcomes.solved(turn, replace(thread, question=question), told_by="rated", by=event.id, suggestion=helping)
            or question
        )
    keep(turn, replace(thread, question=question))
