"""Order is not trusted: what came before what it is about is heard again with it.

A post may be edited, closed or judged before the post itself comes, be back before it was taken away, or come while it
is known to be gone; an acceptance may be withdrawn before it was made. Rules that could make nothing of a fact hear it
again at its place, in the order of times. Such facts are put by for two days; who is forgotten is in none of them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from chassis.common import AHEAD, AHEAD_NAMING, Ahead
from contracts.envelope import AnyEvent
from contracts.facts import (
    AnswerAccepted,
    AnswerWithdrawn,
    PostCreated,
    PostDeleted,
    PostFlagged,
    PostModerated,
    PostRestored,
    ThreadResolved,
    ThreadUnresolved,
)
from contracts.identity import Cause
from contracts.persons import people_in
from contracts.wire import decode

if TYPE_CHECKING:  # a turn knows its service, which says what its rules hear again
    from chassis.service import Early, Service
    from chassis.turn import LiveTurn

KEPT = timedelta(days=2)
MOST_FACTS = 8
_UNDONE_BY: Mapping[str, str] = {
    PostDeleted.TYPE: PostRestored.TYPE,
    AnswerAccepted.TYPE: AnswerWithdrawn.TYPE,
    ThreadResolved.TYPE: ThreadUnresolved.TYPE,
    PostFlagged.TYPE: PostModerated.TYPE,
}
"""What takes a fact back: where it comes first, it still has the last word."""
_UNDOING = frozenset(_UNDONE_BY.values())
_OF_THE_THREAD = frozenset({AnswerAccepted.TYPE, AnswerWithdrawn.TYPE})
"""Facts that name another post, and tell something of the thread."""


def concerned(service: "Service") -> frozenset[str]:
    """The types of facts of which the order can matter to a service."""
    if not service.early:
        return frozenset()
    heard = {model.TYPE for early in service.early for model in early.hears}
    return frozenset({PostCreated.TYPE, *_UNDONE_BY, *_UNDOING, *heard})


def deaf(turn: "LiveTurn", event: AnyEvent, service: "Service") -> tuple["Early", ...] | None:
    """Before the reactions to an event: the rules that can make nothing of it, or may learn of an opening by it.

    None: after them nothing has to be heard, as with nearly every post.
    """
    thread = event.data.thread
    if thread is None or (event.type == PostCreated.TYPE and turn.get(Ahead, thread) is None):
        return None
    if event.type == PostRestored.TYPE:
        return tuple(early for early in service.early if early.gone(turn, thread, event.data.post))
    return tuple(early for early in service.early if not early.known(turn, thread))


def hear(turn: "LiveTurn", event: AnyEvent, service: "Service", were_deaf: tuple["Early", ...]) -> None:
    """After the reactions to an event: what was put by is heard now; what came too early is put by."""
    if event.type == PostCreated.TYPE:
        _came(turn, event, service, were_deaf)
        return
    if event.type == PostRestored.TYPE:
        for post in _about(turn, event, PostCreated.TYPE):
            _again(were_deaf, turn, [post])
            _opened(turn, post, were_deaf)
    elif event.type in _UNDONE_BY:
        _taken_back(turn, event, service)
    if _matters_later(event) or any(type(event.data) in early.hears for early in were_deaf):
        _put_by(turn, event)


def _matters_later(event: AnyEvent) -> bool:
    """What takes something back may come before it; and a post may come when it is gone already."""
    if event.type == PostModerated.TYPE:
        return event.data.upheld is False
    return event.type in {PostCreated.TYPE, PostDeleted.TYPE} or event.type in _UNDOING


def _came(turn: "LiveTurn", event: AnyEvent, service: "Service", were_deaf: tuple["Early", ...]) -> None:
    """A post: if it opens its thread, what was told of it before is heard; if it is known to be gone, it is put by."""
    if any(early.gone(turn, event.data.thread, event.data.post) for early in service.early):
        _put_by(turn, event)
    _opened(turn, event, were_deaf)


def _opened(turn: "LiveTurn", event: AnyEvent, were_deaf: tuple["Early", ...]) -> None:
    """What was told of the post, or of the thread that it opens, is heard by those who had not known of it."""
    row = turn.get(Ahead, event.data.thread)
    heard = tuple(early for early in were_deaf if early.known(turn, event.data.thread))
    if row is None or not heard:
        return
    facts = _facts(row)
    for fact in facts:
        about = getattr(fact.data, "post", None)
        if fact.type != PostCreated.TYPE and (about in {None, event.data.post} or fact.type in _OF_THE_THREAD):
            _again(heard, turn, [fact])
    if len(heard) == len(were_deaf):
        _keep(turn, row, [fact for fact in facts if _matters_later(fact)])


def _again(heard: tuple["Early", ...], turn: "LiveTurn", facts: Iterable[AnyEvent]) -> None:
    for fact in facts:
        for early in heard:
            _run(early.hears.get(type(fact.data), ()), turn, fact)


def _run(reactions: Iterable[Callable[["LiveTurn", AnyEvent], None]], turn: "LiveTurn", fact: AnyEvent) -> None:
    """As if the fact had come just now: what follows from it follows from it, and not from what it waited for."""
    brought, turn.cause = turn.cause, Cause(fact.source, fact.id, fact.correlationid or fact.id)
    for reaction in reactions:
        reaction(turn, fact)
    turn.cause = brought


def _taken_back(turn: "LiveTurn", event: AnyEvent, service: "Service") -> None:
    """Something was told of which it is known already that it was taken back since."""
    for fact in _about(turn, event, _UNDONE_BY[event.type]):
        if fact.time > event.time:
            _run(service.reactions.get(fact.type, ()), turn, fact)


def _about(turn: "LiveTurn", event: AnyEvent, type_: str) -> list[AnyEvent]:
    """What was put by of a type about the same post, or the same thread where it names none."""
    row = turn.get(Ahead, event.data.thread)
    post = getattr(event.data, "post", None)
    facts = _facts(row) if row is not None else []
    return [fact for fact in facts if fact.type == type_ and getattr(fact.data, "post", None) == post]


def _facts(row: Ahead) -> list[AnyEvent]:
    return [decode(fact.encode()) for fact in row.facts]


def _put_by(turn: "LiveTurn", event: AnyEvent) -> None:
    row = turn.get(Ahead, event.data.thread) or Ahead(thread=event.data.thread, until=turn.now)
    facts = sorted((*_facts(row), event), key=lambda fact: (fact.time, fact.id))
    _keep(turn, row, facts[-MOST_FACTS:])


def _keep(turn: "LiveTurn", row: Ahead, facts: list[AnyEvent]) -> None:
    if not facts:
        turn.drop(Ahead, row.thread)
        return
    people = {member for fact in facts for member in _named(fact)}
    said = tuple(fact.to_json().decode() for fact in facts)
    turn.put(Ahead(thread=row.thread, until=turn.now + KEPT, facts=said, people=tuple(sorted(people))))


def _named(fact: AnyEvent) -> frozenset[str]:
    return people_in(fact.type, fact.data.model_dump(mode="json", by_alias=True, exclude_none=True))


def forget(turn: "LiveTurn", member: str) -> None:
    """Somebody is forgotten: so is what was put by and names them, with whatever stands beside it."""
    for row in turn.find(AHEAD_NAMING, member):
        turn.drop(Ahead, row.thread)


def tidy(turn: "LiveTurn") -> None:
    """Once a day: what it is about has not come by now, and will not come."""
    for row in turn.find(AHEAD):
        if row.until <= turn.now:
            turn.drop(Ahead, row.thread)
