"""What is said of questions: accepted, solved, opened again; by platforms, by humans, by support."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.facts import QuestionMarked
from contracts.turn import Turn
from digest.rules import notes, prompts, rhythm, voice
from digest.state import Nature, Thread


def answered(turn: Turn, event: AnyEvent) -> None:
    """A question has its answer, by whoever's word: accepted, resolved, answered, solved."""
    thread = turn.get(Thread, event.data.thread)
    notes.settle(turn, event.data.thread)
    if thread is None:
        return
    if thread.open:
        rhythm.answered(turn)
    after = replace(thread, open=False, late=False, answered_by=thread.answered_by or _helper(event))
    if after != thread:
        turn.put(after)


def _helper(event: AnyEvent) -> str | None:
    """Who answered, where the word tells; of a thread that was only resolved nobody is named."""
    if event.type in {"question.answered", "question.solved"}:
        member: str | None = event.data.member
        return member
    return getattr(event.data, "answer_author", None)


def reopened(turn: Turn, event: AnyEvent) -> None:
    """The answer was taken back, or did not help: the question waits again. One that was gone is back as it was."""
    thread = turn.get(Thread, event.data.thread)
    if thread is not None and thread.nature == "question" and not thread.closed and thread.opened_by is not None:
        back = getattr(event.data, "reason", None) == "restored"
        answered_by = thread.answered_by if back else None
        turn.put(replace(thread, open=not thread.ours and answered_by is None, answered_by=answered_by))


def withdrawn(turn: Turn, event: AnyEvent) -> None:
    """An acceptance is taken back; where nobody but its author ever answered, the question waits again."""
    thread = turn.get(Thread, event.data.thread)
    author = event.data.answer_author
    if thread is not None and not thread.open and author is not None and thread.people_count <= 1:
        reopened(turn, event)


def over(turn: Turn, event: AnyEvent) -> None:
    """Support's word that nobody is asked about it any more."""
    notes.settle(turn, event.data.thread)
    thread = turn.get(Thread, event.data.thread)
    if thread is not None and thread.open:
        turn.put(replace(thread, open=False, late=False))


def cancelled(turn: Turn, event: AnyEvent) -> None:
    """It is no question; one that is only gone is one again when it comes back."""
    over(turn, event)
    thread = turn.get(Thread, event.data.thread)
    gone = getattr(event.data, "reason", None) in {"deleted", "moderated", "erased"}
    if thread is not None and thread.nature == "question" and not gone:
        turn.put(replace(thread, nature="talk", open=False, late=False))


def opened(turn: Turn, event: AnyEvent) -> None:
    """Support found a question, a complaint, or somebody who needs humans."""
    data = event.data
    _is(turn, event, data.thread, data.nature)


def needs_care(turn: Turn, event: AnyEvent) -> None:
    """Somebody may need humans now: nothing of it is ever repeated, only that a human is awaited."""
    _is(turn, event, event.data.thread, "care")
    notes.waits(turn, event, kind="care", about=event.data.thread, weight=0, days=7)


def unanswered(turn: Turn, event: AnyEvent) -> None:
    """A question passed another stage: with the third the core team has it, with the last every synthesis shows it."""
    data = event.data
    if data.stage == 3:
        notes.waits(turn, event, kind="question", about=data.thread, weight=20, days=14)
    thread = turn.get(Thread, data.thread)
    if thread is not None and thread.open and data.stage == 4 and not thread.late:
        turn.put(replace(thread, late=True))


def marked(turn: Turn, event: AnyEvent) -> None:
    """A human said what a thread is."""
    match event.data.value or "question":
        case "question" | "complaint" | "care" as nature:
            _is(turn, event, event.data.thread, nature)
        case "solved":
            answered(turn, event)
        case _:
            cancelled(turn, event)


def _is(turn: Turn, event: AnyEvent, name: str, nature: Nature) -> None:
    thread = turn.get(Thread, name)
    human = event.type == QuestionMarked.TYPE
    if thread is None or thread.nature == nature or (thread.nature == "care" and not human):
        return
    waits = nature == "question" and thread.answered_by is None and not thread.ours and not thread.closed
    after = replace(thread, nature=nature, open=waits and thread.opened_by is not None)
    turn.put(after)
    if nature in {"complaint", "care"}:
        prompts.thread_gone(turn, after)
    if after.opened_by is not None:
        voice.asked(turn, after, event)
