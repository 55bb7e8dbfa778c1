"""What may be shown to others: nothing restricted, no complaint or care, nothing flagged, closed or gone."""

from datetime import timedelta

from contracts.community import is_restricted
from contracts.people import is_bot, may_be_named
from contracts.turn import Turn
from digest.state import Thread

QUOTABLE = frozenset({"talk", "question"})


def may_be_shown(turn: Turn, thread: Thread | None) -> bool:
    """Whether a text of ours may point at a thread and quote its heading, now."""
    return (
        thread is not None
        and thread.heading is not None
        and thread.author is not None
        and thread.nature in QUOTABLE
        and not thread.flagged
        and not thread.closed
        and not (thread.channel is not None and is_restricted(turn.place(thread.channel)))
        and _may_be_quoted(turn, thread.author)
    )


def _may_be_quoted(turn: Turn, member: str) -> bool:
    person = turn.person(member)
    return may_be_named(person) and not is_bot(person)


def is_waiting(turn: Turn, thread: Thread | None) -> bool:
    """Whether a question waits for somebody and may be pointed at; an old one of an import does not any more."""
    if thread is None or not thread.open or not may_be_shown(turn, thread):
        return False
    horizon = turn.community.horizon
    if not thread.history or horizon is None or thread.opened_at is None:
        return not thread.history
    return thread.opened_at >= horizon - timedelta(days=turn.playbook.support.history_dormant_days)


def heading_of(turn: Turn, thread: str) -> str | None:
    """A thread's heading, while it may be shown."""
    known = turn.get(Thread, thread)
    return known.heading if known is not None and may_be_shown(turn, known) else None
