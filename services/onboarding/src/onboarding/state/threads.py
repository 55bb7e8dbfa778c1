"""What is written: a thread, and who waits in it for a reply."""

from datetime import date, datetime

from msgspec import Struct


class Word(Struct, frozen=True, kw_only=True):
    """One of the last human words in a thread, the post it stands in, and the one it answers."""

    member: str
    at: datetime
    to: str | None
    post: str


class Thread(Struct, frozen=True, kw_only=True):
    """A thread of the last 30 days.

    Attributes:
        author: who opened it; None while its opening has not come, or when nobody is told.
        question: whether it asks; `open` while nobody has answered it and it can be given to somebody.
        hidden: a complaint, or somebody cries for help in it: nothing of it is quoted, and it is for the core team.
        skills: its tags as slugs.
        words: the newest human words by two different people, newest last: a reply may come before its question.
        awaiting: authors whose last words here have no human reply yet.
        day: the day of its last post; the daily sweep goes by it.
        gone: posts that were deleted: an edit or a copy of them changes nothing.
    """

    thread: str
    day: date
    author: str | None = None
    post: str | None = None
    channel: str | None = None
    title: str | None = None
    url: str | None = None
    question: bool = False
    open: bool = False
    hidden: bool = False
    asked_at: datetime | None = None
    skills: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    awaiting: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def people_of(thread: Thread) -> list[str]:
    """Everybody whom a thread's row names, each once."""
    named = [thread.author] if thread.author is not None else []
    for word in thread.words:
        if word.member not in named:
            named.append(word.member)
    for author in thread.awaiting:
        if author not in named:
            named.append(author)
    return named
