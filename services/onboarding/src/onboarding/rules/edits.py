"""What becomes of what was written: edited, moved, deleted, closed, back; and what support says of a question."""

from typing import Any

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.sensitive import said, sensitive
from contracts.skills import skills_named
from contracts.turn import Turn
from onboarding.rules import first_action, first_post, onboarded, unheard
from onboarding.rules.clocks import today
from onboarding.rules.conversation import MOST_GONE
from onboarding.rules.speech import one_line
from onboarding.state import Newcomer, Presence, Thread


def updated(turn: Turn, event: AnyEvent) -> None:
    """An edit: a new title or other tags of the post that opens a thread; of one that is gone, nothing."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is None or data.post in thread.gone:
        return
    opens = thread.post == data.post
    found = sensitive(turn.playbook, said(data.title, data.body))
    changes: dict[str, Any] = {}
    if found == "care" or (opens and found == "complaint"):
        changes = {"hidden": True, "open": False}
    if not opens:
        if changes:
            turn.put(replace(thread, **changes))
        return
    title = one_line(data.title)
    if title is not None:
        changes["title"] = title
    if data.tags is not None:
        changes["skills"] = skills_named(turn.playbook.skill_index, data.tags)
    if changes:
        turn.put(replace(thread, **changes))
    newcomer = turn.get(Newcomer, thread.author) if thread.author is not None else None
    if newcomer is not None and title is not None:
        first_post.retitled(turn, newcomer, data.post, title)


def moved(turn: Turn, event: AnyEvent) -> None:
    """A thread stands elsewhere, or has another title."""
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is not None:
        title = thread.title if thread.post in thread.gone else one_line(data.title) or thread.title
        turn.put(replace(thread, channel=data.channel or thread.channel, title=title))


def deleted(turn: Turn, event: AnyEvent) -> None:
    """A post is gone: nobody is told of it, asked about it or given it any more."""
    data = event.data
    known = turn.get(Thread, data.thread)
    thread = known or Thread(thread=data.thread, day=today(turn))
    if data.post not in thread.gone:
        words = tuple(word for word in thread.words if word.post != data.post)
        thread = replace(thread, gone=(*thread.gone, data.post)[-MOST_GONE:], words=words)
    if thread.post == data.post or (known is None and data.post == data.thread):
        thread = replace(thread, open=False, title=None)
    turn.put(thread)
    for author in dict.fromkeys((*thread.awaiting, *([thread.author] if thread.author is not None else []))):
        there = turn.get(Presence, author)
        if there is not None:
            rest = unheard.removed(turn, there, data.post)
            if rest is not there:
                turn.put(rest)
        newcomer = turn.get(Newcomer, author)
        if newcomer is not None:
            after = first_post.removed(turn, newcomer, data.post)
            if after is not newcomer:
                turn.put(after)


def closed(turn: Turn, event: AnyEvent) -> None:
    """A post, or its thread, takes no more answers, is under moderation, or is solved: it is given to nobody."""
    thread = turn.get(Thread, event.data.thread) if event.data.thread is not None else None
    if thread is None:
        return
    if thread.open:
        turn.put(replace(thread, open=False))
    post = getattr(event.data, "post", None)
    newcomer = turn.get(Newcomer, thread.author) if thread.author is not None else None
    if newcomer is not None and post is not None and event.type in {"post.closed", "post.moderated"}:
        after = first_post.removed(turn, newcomer, post)
        if after is not newcomer:
            turn.put(after)


def restored(turn: Turn, event: AnyEvent) -> None:
    """A post is back: it waits for an answer again, and what is written about it counts."""
    thread = turn.get(Thread, event.data.thread)
    if thread is None:
        return
    post = event.data.post
    if post in thread.gone:
        gone = tuple(other for other in thread.gone if other != post)
        turn.put(replace(thread, gone=gone, open=thread.open or (post == thread.post and _waits(thread))))
    newcomer = turn.get(Newcomer, thread.author) if thread.author is not None else None
    if newcomer is not None:
        first_post.restored(turn, newcomer, event.data.post)


def _waits(thread: Thread) -> bool:
    """Whether a thread asks something that nobody has answered, and that may be given to somebody."""
    answered = any(word.member != thread.author for word in thread.words)
    return thread.question and not answered and not thread.hidden and bool(thread.title)


def question_opened(turn: Turn, event: AnyEvent) -> None:
    """Support found a question: support alone escalates it, it may be given to somebody, and it is asked."""
    first_post.question_opened(turn, event)
    data = event.data
    thread = turn.get(Thread, data.thread)
    if thread is not None and data.nature != "question" and not thread.hidden:
        turn.put(replace(thread, hidden=True, open=False))
    elif thread is not None and thread.post == data.post and not thread.question and data.nature == "question":
        asking = replace(thread, question=True)
        turn.put(replace(asking, open=_waits(asking)))
    newcomer = turn.get(Newcomer, data.member)
    if newcomer is not None and "ask" not in newcomer.done:
        newcomer = first_action.completed(turn, newcomer, "ask", by=event.id, at=event.time)
        onboarded.check(turn, newcomer)


def care_needed(turn: Turn, event: AnyEvent) -> None:
    """Support's word that somebody may need humans now: nothing of the thread is quoted or given to anybody."""
    thread = turn.get(Thread, event.data.thread)
    if thread is not None and not thread.hidden:
        turn.put(replace(thread, hidden=True, open=False))


def question_over(turn: Turn, event: AnyEvent) -> None:
    """Support's word that a question is answered, solved, dormant or none: it is given to nobody."""
    if event.type == "question.cancelled":
        first_post.question_cancelled(turn, event)
    thread = turn.get(Thread, event.data.thread)
    if thread is not None and thread.open:
        turn.put(replace(thread, open=False))


def question_reopened(turn: Turn, event: AnyEvent) -> None:
    """Support's word that a question is back, or has lost its only answer: it may be given to somebody again."""
    thread = turn.get(Thread, event.data.thread)
    if thread is None or thread.open or thread.post in thread.gone:
        return
    if _waits(thread):
        turn.put(replace(thread, open=True))
