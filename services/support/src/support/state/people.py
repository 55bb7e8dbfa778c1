"""People, as far as support has to know them: askers, helpers, relays, and when they are here."""

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Asker(Struct, frozen=True, kw_only=True):
    """Somebody who asked, for what is said to a person once in a while.

    Attributes:
        questions: how many.
        first_thread: the first, which is a newcomer's.
        told_hours_at: when the next opening was last told.
        asked_solved_at: when it was last asked whether an answer helped.
    """

    member: str
    questions: int = 0
    first_thread: str | None = None
    told_hours_at: datetime | None = None
    asked_solved_at: datetime | None = None


class Rhythm(Struct, frozen=True, kw_only=True):
    """When somebody acts.

    Attributes:
        hours: hours since 1970 in which the person acted, the newest, each once.
        week: the ISO week in which the person was last counted among the actives.
        posted: whether the person ever wrote.
    """

    member: str
    hours: tuple[int, ...] = ()
    week: str = ""
    posted: bool = False


class Week(Struct, frozen=True, kw_only=True):
    """How many members were active in an ISO week."""

    week: str
    actives: int = 0


class Credit(Struct, frozen=True, kw_only=True):
    """An answer on a skill that was accepted or thanked; `by` is the fact."""

    skill: str
    post: str
    at: datetime
    by: str


class Helper(Struct, frozen=True, kw_only=True):
    """Somebody who can help, by skill.

    Attributes:
        declared: slugs of what the person declared.
        credits: the newest accepted or thanked answers; three on a tag in 180 days make a derived skill.
        proposed: derived skills put to the person; `refused`: those the person does not want.
        found: every slug under which the person is found, sorted.
        asked_at: when the person was last asked.
        silences: how many asks in a row had no word in reply.
    """

    member: str
    declared: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    proposed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    asked_at: datetime | None = None
    silences: int = 0


class Relay(Struct, frozen=True, kw_only=True):
    """Somebody of the circle, resting in it, out of it, or invited to found it (`request` is the invitation)."""

    member: str
    standing: Literal["invited", "in", "resting", "out"]
    origin: Literal["playbook", "founding", "appointed", "paired"]
    until: datetime | None = None
    request: str | None = None


class Pairing(Struct, frozen=True, kw_only=True):
    """The relays paired with a member, the last one last."""

    newcomer: str
    relays: tuple[str, ...]
