"""Who arrives, how the arrival goes, and what holds for everybody meanwhile."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

FRESH, LATE, HELD = "fresh", "late", "held"
"""The gatherings in which a welcome can wait: the present one, the one of those who joined long ago, the raid's."""
WAVE = "wave:"
"""With the slug of a closed wave: its newcomers wait for it."""


class FirstAction(Struct, frozen=True, kw_only=True):
    """The action that was offered last.

    Attributes:
        action, kind: of the playbook's catalogue.
        step: 1 is the first action; 2, the next, is offered once the first is done.
        proposed_by: the id of `action.proposed`.
        done_by: the id of the fact that did it.
        nudged: whether the one reminder was wanted.
        set_aside: the person said later: nobody speaks of it again.
    """

    action: str
    kind: str
    step: int
    due: datetime
    proposed_by: str
    done_at: datetime | None = None
    done_by: str | None = None
    expired: bool = False
    nudged: bool = False
    set_aside: bool = False


class FirstPost(Struct, frozen=True, kw_only=True):
    """A newcomer's first post, and whether anybody has to be told that it is unanswered.

    Attributes:
        by: the id of the fact.
        state: waiting, answered by a human, left to support, or gone (deleted, closed, called off).
        told: the stages said: 1 the relay or the welcomers, 2 the core team.
    """

    post: str
    thread: str
    by: str
    at: datetime
    title: str | None
    url: str | None
    state: Literal["waiting", "answered", "support", "gone"] = "waiting"
    told: tuple[int, ...] = ()


class Newcomer(Struct, frozen=True, kw_only=True):
    """Somebody who arrived, from the first act or joining on. The row stays: a welcome is once for life.

    Attributes:
        joined_at, joined_by: the joining, as a time and a fact; None while only acts are known.
        waits: the gathering in which the welcome waits.
        alive_at, alive_by: the first sign of life: a post, the action done, a motivation, a yes to the introduction.
        introduction: not answered, wanted, refused, introduced, or over its time without a turn; `introduction_by`:
            the fact that answered.
        done: kinds of actions ever done.
        replied_at, replied_by: the first human reply.
        nudged_on: the day of the nudge, while it may still be on its way.
        wave: the wave in which the person was welcomed; `called_in`: a human said not to wait for it.
        alone: the search for a relay was broken off by a rest or a leaving; the next act begins it again.
    """

    member: str
    joined_at: datetime | None = None
    joined_by: str | None = None
    waits: str | None = None
    welcomed_at: datetime | None = None
    welcomed_by: str | None = None
    left_at: datetime | None = None
    alive_at: datetime | None = None
    alive_by: str | None = None
    introduction: Literal["open", "wanted", "refused", "introduced", "passed"] = "open"
    introduction_by: str | None = None
    wanted_at: datetime | None = None
    action: FirstAction | None = None
    done: tuple[str, ...] = ()
    first_post: FirstPost | None = None
    replied_at: datetime | None = None
    replied_by: str | None = None
    nudged_on: date | None = None
    stalled_at: datetime | None = None
    onboarded_at: datetime | None = None
    wave: str | None = None
    called_in: bool = False
    alone: bool = False
    activated: bool = False


class Arrival(Struct, frozen=True, kw_only=True):
    """An uninvited, unannounced joining that the raid guard still counts."""

    member: str
    at: datetime
    by: str


class Door(Struct, frozen=True, kw_only=True):
    """Who is coming in now.

    Attributes:
        recent: the newest arrivals within the guard's window, no more than decide a raid.
        hold: the raid that is on: its name.
    """

    recent: tuple[Arrival, ...] = ()
    hold: str | None = None
    hold_since: datetime | None = None


class Surge(Struct, frozen=True, kw_only=True):
    """Arrivals that were announced."""

    opens: datetime
    closes: datetime


class Climate(Struct, frozen=True, kw_only=True):
    """What holds for everybody at the moment.

    Attributes:
        crises: those that are on.
        surges: those announced and not over.
        purposes: (purpose, channel) as platforms described them.
    """

    crises: tuple[str, ...] = ()
    surges: tuple[Surge, ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()


class Said(Struct, frozen=True, kw_only=True):
    """A decision of the last 30 days that a human may overrule.

    Attributes:
        about: the member, or the wave, hold or promise, that it is about.
        text: the key of the text about it, where that is not the member's.
        day: when it was made; the daily sweep goes by it.
    """

    decision: str
    type: str
    about: str
    text: str
    day: date
