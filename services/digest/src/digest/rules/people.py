"""People's own decisions about themselves: they leave, rest, are forgotten."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.people import is_paused
from contracts.turn import Turn
from digest.rules import editor, freshness, personal, prompts, synthesis
from digest.rules.synthesis import words_of
from digest.state import Floor, Thread
from digest.state_sets import (
    FEEDBACK_BY,
    MEETUPS_NAMING,
    NOTES_ABOUT,
    NOTES_NAMING,
    PROMISES,
    THREADS_NAMING,
)
from digest.state_told import Arrival, Editor, Meetup, Note, Promise, Synthesis, Thanked


def left(turn: Turn, event: AnyEvent) -> None:
    """Somebody left: they are presented and thanked no more, and the next editor is asked."""
    member = event.data.member
    person = turn.person(member)
    if person is not None and person.left_at is None:
        return  # they are back already: the leaving came late
    turn.drop(Arrival, member)
    turn.drop(Thanked, member)
    _next_editor(turn, member, "left")


def paused(turn: Turn, event: AnyEvent) -> None:
    """Somebody asked for rest: nothing is asked of them."""
    member = event.data.member
    if is_paused(turn.person(member), turn.now):
        _next_editor(turn, member, "paused")


def _next_editor(turn: Turn, member: str, why: str) -> None:
    waiting = editor.lost(turn, member, why=why)
    if waiting is not None:
        editor.ask_next(turn, waiting, words=words_of(turn, waiting))


def refused(turn: Turn, event: AnyEvent) -> None:
    """An editor said: not this time."""
    waiting = editor.refused(turn, event)
    if waiting is not None:
        editor.ask_next(turn, waiting, words=words_of(turn, waiting))


def tapped(turn: Turn, event: AnyEvent) -> None:
    """The same, where a platform only tells which action was chosen."""
    match event.data.answer:
        case "yes":
            editor.accepted(turn, event)
        case "not_this_time" | "later":
            refused(turn, event)
        case _:
            pass


def erased(turn: Turn, event: AnyEvent) -> None:
    """Somebody is forgotten: gone from every table, with their own words; totals stay."""
    member = event.data.member
    for row in (Arrival, Thanked, Editor):
        turn.drop(row, member)
    personal.forget(turn, member)
    _forget_threads(turn, member)
    floor = turn.get(Floor)
    if floor is not None:
        turn.put(freshness.forget(floor, member))
    for feedback in turn.find(FEEDBACK_BY, member):
        turn.put(replace(feedback, member=None, title=None, quotable=False))
        for note in turn.find(NOTES_ABOUT, f"feedback/{feedback.feedback}"):
            turn.put(replace(note, title=None))
    for meetup in turn.find(MEETUPS_NAMING, member):
        turn.put(_without(meetup, member))
    for promise in turn.find(PROMISES):
        if promise.by == member:
            turn.drop(Promise, promise.promise)
    for note in turn.find(NOTES_NAMING, member):
        turn.drop(Note, note.note)
    synthesis.forget(turn, member)


def _without(meetup: Meetup, member: str) -> Meetup:
    return replace(
        meetup,
        host=None if meetup.host == member else meetup.host,
        registered=tuple(name for name in meetup.registered if name != member),
        attended=tuple(name for name in meetup.attended if name != member),
    )


def _forget_threads(turn: Turn, member: str) -> None:
    for thread in turn.find(THREADS_NAMING, member):
        own = thread.author == member
        after = replace(
            thread,
            author=None if own else thread.author,
            heading=None if own else thread.heading,
            url=None if own else thread.url,
            open=False if own else thread.open,
            people=tuple(name for name in thread.people if name != member),
            answered_by=None if thread.answered_by == member else thread.answered_by,
            lost_answer=None if thread.lost_answer == member else thread.lost_answer,
        )
        turn.put(after)
        if own:
            prompts.thread_gone(turn, after)
            _forget_item(turn, thread)


def _forget_item(turn: Turn, thread: Thread) -> None:
    """A draft that quotes the thread loses it, by its author's name or without."""
    draft = turn.get(Synthesis)
    if draft is None:
        return
    kept = []
    for section in draft.sections:
        items = tuple(item for item in section.items if item.thread != thread.thread)
        if items:
            kept.append(replace(section, items=items))
    if tuple(kept) != draft.sections:
        turn.put(replace(draft, sections=tuple(kept), text=None, edited_by=None, edited=None))
