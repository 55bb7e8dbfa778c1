"""The ordered sets in which digest looks for rows; their SQL stands in `store`, under the same names."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contracts.identity import EPOCH
from contracts.silence import Pulse
from contracts.turn import Selection
from digest.state import Day, Follow, News, Thread, Use
from digest.state_told import Arrival, Editor, Feedback, Hush, Meetup, Note, Promise, Reader, Subject, Thanked

Everything = tuple[tuple[str, ...], ...]
ALL: Everything = ((),)
NONE: Everything = ()


def _at(moment: datetime | None) -> datetime:
    return EPOCH if moment is None else moment


def _asks(thread: Thread) -> bool:
    return thread.open and thread.nature == "question"


def named_in_thread(thread: Thread) -> tuple[str, ...]:
    """Everybody whom a thread's row names, each once."""
    names = thread.people
    for name in (thread.author, thread.answered_by, thread.lost_answer):
        if name is not None and name not in names:
            names = (*names, name)
    return names


def named_in_meetup(meetup: Meetup) -> Iterator[str]:
    """Everybody whom a meet-up's row names, each once."""
    names = dict.fromkeys((*meetup.registered, *meetup.attended))
    names |= {meetup.host: None} if meetup.host is not None else {}
    return iter(names)


def _liveliest(thread: Thread) -> tuple[Any, ...]:
    return (-thread.people_count, -thread.posts, _at(thread.opened_at), thread.thread)


THREADS_ENDING = Selection(
    "threads_ending", Thread, lambda thread: ((thread.ends_on,),), lambda thread: (thread.thread,)
)
THREADS_OPENED = Selection(
    "threads_opened",
    Thread,
    lambda thread: (
        ((thread.opened_on,),)
        if thread.opened_on is not None and thread.author is not None and not thread.ours
        else NONE
    ),
    _liveliest,
    limit=200,
)
THREADS_NAMING = Selection(
    "threads_naming",
    Thread,
    lambda thread: tuple((member,) for member in named_in_thread(thread)),
    lambda thread: (thread.thread,),
)
THREADS_TAGGED = Selection(
    "threads_tagged", Thread, lambda thread: tuple((tag,) for tag in thread.tags), _liveliest, limit=20
)
OPEN_QUESTIONS = Selection(
    "open_questions",
    Thread,
    lambda thread: ALL if _asks(thread) else NONE,
    lambda thread: (not thread.late, thread.shown, _at(thread.opened_at), thread.thread),
    limit=100,
)
OPEN_TAGGED = Selection(
    "open_tagged",
    Thread,
    lambda thread: tuple((tag,) for tag in thread.tags) if _asks(thread) else NONE,
    lambda thread: (_at(thread.opened_at), thread.thread),
    limit=20,
)
FOLLOWS_OF = Selection(
    "follows_of", Follow, lambda follow: ((follow.thread,),), lambda follow: (follow.member, follow.thread)
)
FOLLOWS_BY = Selection(
    "follows_by", Follow, lambda follow: ((follow.member,),), lambda follow: (follow.member, follow.thread)
)
DAYS = Selection("days", Day, lambda _day: ALL, lambda day: (day.day,))
NEWS = Selection("news", News, lambda _news: ALL, lambda news: (news.found_at, news.news))
USES = Selection("uses", Use, lambda _use: ALL, lambda use: (use.prompt,))
ARRIVALS = Selection("arrivals", Arrival, lambda _arrival: ALL, lambda arrival: (arrival.joined_at, arrival.member))
THANKED = Selection("thanked", Thanked, lambda _thanked: ALL, lambda thanked: (thanked.place, thanked.member))
EDITORS = Selection("editors", Editor, lambda _editor: ALL, lambda editor: (editor.member,))
READERS = Selection("readers", Reader, lambda _reader: ALL, lambda reader: (reader.member,))
FEEDBACK_OPEN = Selection(
    "feedback_open",
    Feedback,
    lambda feedback: ALL if feedback.outcome is None else NONE,
    lambda feedback: (feedback.submitted_at, feedback.feedback),
)
FEEDBACK_ANSWERED = Selection(
    "feedback_answered",
    Feedback,
    lambda feedback: ALL if feedback.outcome is not None else NONE,
    lambda feedback: (_at(feedback.answered_at), feedback.feedback),
)
FEEDBACK_BY = Selection(
    "feedback_by",
    Feedback,
    lambda feedback: ((feedback.member,),) if feedback.member is not None else NONE,
    lambda feedback: (feedback.feedback,),
)
PROMISES = Selection("promises", Promise, lambda _promise: ALL, lambda promise: (promise.due, promise.promise))
MEETUPS = Selection("meetups", Meetup, lambda _meetup: ALL, lambda meetup: (_at(meetup.at), meetup.meetup))
MEETUPS_NAMING = Selection(
    "meetups_naming",
    Meetup,
    lambda meetup: tuple((member,) for member in named_in_meetup(meetup)),
    lambda meetup: (meetup.meetup,),
)
SUBJECTS = Selection(
    "subjects",
    Subject,
    lambda subject: ((subject.month, subject.kind),),
    lambda subject: (-subject.count, subject.subject),
)
NOTES = Selection(
    "notes", Note, lambda note: ((note.slot,),), lambda note: (note.weight, note.since, note.note), limit=100
)
NOTES_ABOUT = Selection("notes_about", Note, lambda note: ((note.about,),), lambda note: (note.note,))
NOTES_NAMING = Selection(
    "notes_naming", Note, lambda note: ((note.member,),) if note.member is not None else NONE, lambda note: (note.note,)
)
HUSHES = Selection("hushes", Hush, lambda _hush: ALL, lambda hush: (hush.source,))
PULSES = Selection("pulses", Pulse, lambda _pulse: ALL, lambda pulse: (pulse.source,))
"""The pulses that the common rules keep, by the name of their selection."""
