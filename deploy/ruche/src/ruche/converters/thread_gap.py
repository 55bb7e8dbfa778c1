"""`thread-gap/1`: which messages of a flat chat are one conversation. A pure rule, one for every platform.

The platform's own word comes first: a message in one of its threads, or in reply to another, is in that thread. For
the rest of a channel, in order of time:

1. a person's message at most 30 minutes after the last word of the channel's talk continues it;
2. after a longer pause it opens a new one, and the talk is named by its opening post;
3. a reply to a post of the talk is a word of it and keeps it going; a reply to an older one leaves it as it is;
4. a program's message stands alone: it neither opens nor prolongs a talk.

Thirty minutes is what the public chat archive was cut by against which Ruche is tested. Another figure, or another
rule, is another name: what was converted under this one keeps saying so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

NAME = "thread-gap/1"
GAP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a channel talks about now: the opening post, and when its last word was."""

    thread: str
    last: datetime


def spoken(talk: Talk | None, post: str, at: datetime) -> Talk:
    """The talk of a channel after a person's message that says nothing of where it belongs; `thread` is where.

    Messages come in order of time. One that is told late, before the last word, continues the talk.
    """
    if talk is None or at - talk.last > GAP:
        return Talk(post, at)
    return Talk(talk.thread, max(at, talk.last))


def replied(talk: Talk | None, thread: str, at: datetime) -> Talk | None:
    """The talk of a channel after a message that the platform says is in `thread`."""
    if talk is None or talk.thread != thread:
        return talk
    return Talk(thread, max(at, talk.last))
