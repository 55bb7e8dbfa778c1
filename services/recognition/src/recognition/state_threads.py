"""What recognition knows of posts and threads of the last months."""

from datetime import date, datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from contracts.turn import Selection


class Waiting(NamedTuple):
    """A reaction or acceptance that came before its post, where the platform does not name the author."""

    kind: Literal["reaction", "acceptance"]
    member: str | None
    mark: str
    by: str
    at: datetime


class Post(Struct, frozen=True, kw_only=True):
    """A post of the last months.

    Attributes:
        by: the id of the fact; `day` the ordinal of its local day.
        touched_on: the day it was last touched; the sweep goes by it.
        replies: it is a reply in somebody else's thread.
        early: it came before the opening of its thread.
        fresh: it is no copy, and no further word of the same conversation.
        counts: it is in no restricted place, and nobody cried for help in its thread.
        gone: it was deleted: what comes late changes nothing.
        accepted_at, withdrawn_at: the last acceptance that stands, and the last that was taken back.
    """

    post: str
    thread: str
    touched_on: date
    member: str | None = None
    by: str = ""
    at: datetime | None = None
    day: int = 0
    reply_to: str | None = None
    characters: int = 0
    replies: bool = False
    early: bool = False
    fresh: bool = True
    counts: bool = True
    gone: bool = False
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    waiting: tuple[Waiting, ...] = ()
    url: str | None = None


class Thread(Struct, frozen=True, kw_only=True):
    """A thread of the last months.

    Attributes:
        author, post: who opened it, with which post; None while its opening has not come.
        channel: where it stands, as far as known.
        question: it asks; `quotable`: nothing forbids to name it in public.
        others: people other than the author who replied, in order; only the first few.
        heard: how many of them were there when the asker last spoke.
        early: replies that came before the opening.
        links: posts elsewhere that posts in it link to.
        skills: its tags as slugs.
    """

    thread: str
    touched_on: date
    author: str | None = None
    post: str | None = None
    channel: str | None = None
    title: str | None = None
    question: bool = False
    quotable: bool = True
    counts: bool = True
    solved: bool = False
    others: tuple[str, ...] = ()
    heard: int = 0
    early: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


POSTS_ON = Selection("posts_on", Post, lambda post: ((post.touched_on.isoformat(),),), lambda post: (post.post,))


POSTS_OF = Selection(
    "posts_of", Post, lambda post: ((post.member,),) if post.member is not None else (), lambda post: (post.post,)
)


POSTS_AT = Selection(
    "posts_at",
    Post,
    lambda post: ((post.url,),) if post.url is not None and post.member is not None else (),
    lambda post: (post.post,),
    limit=1,
)


POSTS_AWAITED_BY = Selection(
    "posts_awaited_by",
    Post,
    lambda post: tuple((waiting.member,) for waiting in post.waiting if waiting.member is not None),
    lambda post: (post.post,),
)


THREADS_ON = Selection(
    "threads_on", Thread, lambda thread: ((thread.touched_on.isoformat(),),), lambda thread: (thread.thread,)
)


THREADS_EARLY = Selection(
    "threads_early", Thread, lambda thread: ((),) if thread.early else (), lambda thread: (thread.thread,)
)


def people_of(thread: Thread) -> tuple[str, ...]:
    """Everybody whom a thread's row names, each once. Nobody is both its author and one of the others."""
    return thread.others if thread.author is None else (thread.author, *thread.others)


THREADS_NAMING = Selection(
    "threads_naming",
    Thread,
    lambda thread: tuple((member,) for member in people_of(thread)),
    lambda thread: (thread.thread,),
)
