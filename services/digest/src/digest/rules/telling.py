"""What digest can tell of a member: what they read and follow, what they need, what they fed back. It only reads."""

from collections.abc import Iterator

from contracts.telling import Tell
from contracts.turn import Turn
from digest.measures.state import WISHES_OF
from digest.state_sets import FEEDBACK_BY, FOLLOWS_BY
from digest.state_told import Editor, Reader


def tells(turn: Turn, member: str) -> Iterator[Tell]:
    """All of it."""
    reader, editor = turn.get(Reader, member), turn.get(Editor, member)
    if reader is not None:
        key = "digest_wanted" if reader.sent_at is None else "digest_sent"
        yield Tell(part="standing", key=key, values={"at": reader.sent_at})
    follows = turn.find(FOLLOWS_BY, member)
    if follows:
        yield Tell(part="standing", key="follows", values={"threads": len(follows)})
    for wish in turn.find(WISHES_OF, member):
        key = "need_open" if wish.answer is None else f"need_{wish.answer}"
        yield Tell(part="standing", key=key, values={"need": wish.need, "day": wish.declared.isoformat()})
        if wish.ask is not None:
            yield Tell(part="open", key="need_asked_on", values={"need": wish.need, "day": wish.ask})
    for feedback in turn.find(FEEDBACK_BY, member):
        key = "feedback_open" if feedback.outcome is None else "feedback_answered"
        values = {"title": feedback.title or "", "at": feedback.submitted_at, "outcome": feedback.outcome}
        yield Tell(part="standing", key=key, values=values)
    if editor is not None:
        key = "editor" if editor.asked_at is None else "editor_asked"
        yield Tell(part="standing", key=key, values={"at": editor.asked_at})
