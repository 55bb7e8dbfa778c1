"""What holds for a community: solved threads and their index, shares, complaints, crises."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct


class Solved(Struct, frozen=True, kw_only=True):
    """A solved thread that may be suggested.

    Attributes:
        member: who asked.
        terms: its stemmed words, under which `Term` finds it.
        helped, not_helped: what askers said of it when it was suggested.
    """

    thread: str
    member: str
    channel: str
    title: str
    url: str | None
    terms: tuple[str, ...]
    solved_at: datetime
    solved_by: str
    suggested: int = 0
    helped: int = 0
    not_helped: int = 0


class Term(Struct, frozen=True, kw_only=True):
    """A stemmed word, and the newest solved threads that hold it, the newest last."""

    term: str
    threads: tuple[str, ...]


class Library(Struct, frozen=True, kw_only=True):
    """How many solved threads are at hand, and what suggestions came to in all."""

    threads: int = 0
    suggested: int = 0
    helped: int = 0
    not_helped: int = 0


class Share(Struct, frozen=True, kw_only=True):
    """First answers of a month, by who gave them."""

    month: str
    members: int = 0
    relays: int = 0
    staff: int = 0


class Complaint(Struct, frozen=True, kw_only=True):
    """One complaint; `member` is None once that person was erased, and `by`, the fact, with it."""

    member: str | None
    at: datetime
    by: str | None


class Outcry(Struct, frozen=True, kw_only=True):
    """Complaints on one subject.

    Attributes:
        subject: `tag:…`, `thread:…` or `channel:…`.
        recent: those of the window, in order of time.
        hours: (hour since 1970, complaints in it) of the last weeks, in order.
        people: everybody in `recent`, sorted.
        calm_until: a human said that it is no crisis; it is not proposed again before.
        until: the day of the round that forgets it.
    """

    subject: str
    recent: tuple[Complaint, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    people: tuple[str, ...] = ()
    calm_until: datetime | None = None
    until: date


class Crisis(Struct, frozen=True, kw_only=True):
    """A crisis, proposed or open.

    Attributes:
        kind, about: the subject.
        people: who complained, sorted; `gone`: how many of them were erased.
        complaints: how many in all.
        needed: complaints in the window from which on it is one.
        hot_until: until when the window stayed at or above what is needed.
        evidence: the newest complaints.
        proposal: the id of `crisis.proposed`; None when a human declared it outright.
        told: requests to call back or answered by their id.
    """

    crisis: str
    stage: Literal["proposed", "inside", "full"]
    kind: Literal["tag", "thread", "channel", "named"]
    about: str
    since: datetime
    opened_at: datetime | None = None
    people: tuple[str, ...] = ()
    gone: int = 0
    complaints: int = 0
    needed: int = 0
    needed_people: int = 0
    hot_until: datetime
    evidence: tuple[str, ...] = ()
    proposal: str | None = None
    channel: str | None = None
    thread: str | None = None


class Climate(Struct, frozen=True, kw_only=True):
    """What holds for everybody at the moment: crises that are on, and (purpose, channel) as platforms said."""

    crises: tuple[str, ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()


class Said(Struct, frozen=True, kw_only=True):
    """A decision of the last 30 days that a human may overrule; `about`: its thread or crisis, `who`: the helper."""

    decision: str
    type: str
    about: str
    who: str | None
    day: date
