"""Who is here: relays and those they look out for, who answers newcomers, who comes how often."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from msgspec import Struct


class Relay(Struct, frozen=True, kw_only=True):
    """Somebody of the circle, or asked to found it.

    Attributes:
        standing: invited to found it, said no, in it, resting.
        origin: named by the playbook, founding, or appointed by recognition.
        until: the end of a founding relay's time.
        paired_at: the last pairing.
    """

    member: str
    standing: Literal["invited", "declined", "in", "resting"]
    origin: Literal["playbook", "founding", "appointed"]
    since: datetime
    until: datetime | None = None
    paired_at: datetime | None = None


class Pairing(Struct, frozen=True, kw_only=True):
    """Who looks out for a newcomer.

    Attributes:
        state: a relay is asked; paired; the core team has it; the month is over, or it ended with nobody.
        relay: who is asked or paired.
        attempt: how many relays were asked in this round.
        tried: those asked in this round.
        paired: every relay ever paired, the last one last.
        began_by: the fact that was the sign of life.
        asked_by: the id of the last `relay.asked` or `relay.paired`.
        replaces: the relay who is no longer there, while another is sought.
    """

    newcomer: str
    state: Literal["asking", "paired", "team", "over"]
    relay: str | None
    attempt: int
    tried: tuple[str, ...]
    paired: tuple[str, ...]
    began_by: str
    asked_at: datetime
    asked_by: str = ""
    paired_at: datetime | None = None
    replaces: str | None = None


def relays_of(pairing: Pairing) -> Iterator[str]:
    """Every relay whom a pairing's row names, each once."""
    named = dict.fromkeys((*pairing.tried, *pairing.paired))
    named |= {name: None for name in (pairing.relay, pairing.replaces) if name is not None}
    return iter(named)


class Accepted(Struct, frozen=True, kw_only=True):
    """An answer on a tag that was accepted."""

    skill: str
    post: str
    at: datetime


class Guide(Struct, frozen=True, kw_only=True):
    """Somebody likely to answer newcomers: by skill, or because of having done so.

    Attributes:
        skills: slugs, declared.
        accepted: the newest accepted answers; three on a tag in 180 days make a skill, declared or not.
        answers: times of the newest answers to newcomers.
        count: how many of them there are (what sets are ordered by).
        named_at: when an introduction last named the person.
    """

    member: str
    skills: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    answers: tuple[datetime, ...] = ()
    count: int = 0
    named_at: datetime | None = None


def skills_of(guide: Guide) -> Iterator[str]:
    """Every skill under which somebody may be found, declared or accepted on, each once."""
    return iter(dict.fromkeys((*guide.skills, *(answer.skill for answer in guide.accepted))))


class Spoken(Struct, frozen=True, kw_only=True):
    """One of the last posts of somebody; `by` is the id of the fact."""

    post: str
    thread: str
    by: str
    at: datetime
    heard: bool = False


class Presence(Struct, frozen=True, kw_only=True):
    """When somebody is here: the rhythm of a member, and the last words.

    Attributes:
        first_at, last_at: the first and the last act that make a day active, and the facts of them.
        days: active local days.
        gaps: the newest gaps between them, in days outside quiet seasons.
        weeks: which of the first spans of 7 days were active, one bit each; -1 once they are over.
        posts: the newest posts, oldest first.
        unheard_due: when it will be judged that nobody answers.
        unheard_at: when it was last said that nobody answers.
        lapsed_by: the id of `member.lapsed`, until the person is back.
        invited_at: the last invitation to come back.
    """

    member: str
    first_at: datetime
    first_by: str
    last_at: datetime
    last_by: str
    last_day: date
    days: int = 1
    gaps: tuple[int, ...] = ()
    weeks: int = 1
    habit_at: datetime | None = None
    posts: tuple[Spoken, ...] = ()
    unheard_due: datetime | None = None
    unheard_at: datetime | None = None
    lapsed_at: datetime | None = None
    lapsed_by: str | None = None
    invited_at: datetime | None = None
