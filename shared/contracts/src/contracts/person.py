"""A person, as far as every service has to know them; and what may be asked, said and sent because of it."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from contracts.office_time import Week
from contracts.playbook import Playbook

DECEASED = "deceased"
EVERYTHING = "all"
"""The kind in `stop` that means every kind."""
SpentPurse = Literal["attention", "duty"]
LONGEST_COUNTED = timedelta(days=7)
"""No limit of a purse looks further back."""
MOST_COUNTED = 64


class Person(Struct, frozen=True, kw_only=True):
    """A member of one community, by the platform's id.

    Attributes:
        member: the id.
        hours: when the person likes to be asked, by weekday in minutes of the person's own day; None: not said.
        introduce: the person's yes or no to being introduced; None: not asked, or not answered.
        thanks: `public`, `private` or `none`.
        digest: wants the personal digest.
        profiling: False: no points, strata, fading, thanks.
        stop: kinds of messages the person wants no more, sorted; `all` among them: any.
        joined_at: the latest join; None for somebody known only by acts.
        first_seen_at: the earliest fact about the person.
        inferred: the join is concluded from a first post.
        from_history: known from an import before any live fact: no newcomer.
        left_at: when the person left; None while here.
        left_reason: why; `deceased` is final.
        away_since: the last leaving that a return ended; None for somebody who never left.
        paused: asked for rest; it ends at `paused_until`, or with the next word about it.
        told: for each thing that can be said again, when the newest word on it was said.
        attention: when messages took the person's attention, in order; only what still counts.
        duty: when the person was asked to help, in order; only what still counts.
    """

    member: str
    display_name: str | None = None
    locale: str | None = None
    timezone: str | None = None
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    experience: str | None = None
    motivations: tuple[str, ...] = ()
    population: str | None = None
    invited_by: str | None = None
    account_created_at: datetime | None = None
    customer: bool | None = None
    bot: bool = False
    staff: bool = False
    hours: Week | None = None
    introduce: bool | None = None
    thanks: str = "public"
    digest: bool = False
    profiling: bool = True
    stop: tuple[str, ...] = ()
    joined_at: datetime | None = None
    first_seen_at: datetime
    inferred: bool = False
    from_history: bool = False
    left_at: datetime | None = None
    left_reason: str | None = None
    away_since: datetime | None = None
    paused: bool = False
    paused_until: datetime | None = None
    told: tuple[tuple[str, datetime], ...] = ()
    attention: tuple[datetime, ...] = ()
    duty: tuple[datetime, ...] = ()


def spend(person: Person, purse: SpentPurse, at: datetime) -> Person:
    """The person with one more message paid from that purse; what is too old to count is forgotten.

    The same moment counts as often as it comes: every request is one.
    """
    times = sorted((*getattr(person, purse), at))
    oldest = times[-1] - LONGEST_COUNTED
    counted = tuple(time for time in times if time > oldest)[-MOST_COUNTED:]
    return replace(person, attention=counted) if purse == "attention" else replace(person, duty=counted)


def is_staff(person: Person | None, member: str, playbook: Playbook) -> bool:
    """Named in the playbook as core team, sponsor or manager, or staff by the platform's word."""
    return (person is not None and person.staff) or member in playbook.staff


def is_bot(person: Person | None) -> bool:
    """A program: it never earns, never stops a clock, is never welcomed."""
    return person is not None and person.bot


def is_deceased(person: Person | None) -> bool:
    """Nothing is ever sent or printed again."""
    return person is not None and person.left_reason == DECEASED


def is_paused(person: Person | None, now: datetime) -> bool:
    """Whether the person asked for rest that is not over: nothing is asked, the stratum is frozen."""
    return person is not None and person.paused and (person.paused_until is None or now < person.paused_until)


def may_be_written_to(person: Person | None) -> bool:
    """Whether a message may go to the person at all: not after they left, never after they died, never to a bot."""
    return person is None or (person.left_at is None and not person.bot)


def may_be_asked(person: Person | None, now: datetime) -> bool:
    """Whether anything may be asked of the person: somebody who left or asked for rest is left alone."""
    return may_be_written_to(person) and not is_paused(person, now)


def may_be_named(person: Person | None) -> bool:
    """Whether a text that others read may name the person: nobody who left, never anybody who died."""
    return person is None or person.left_at is None


def may_be_thanked_in_public(person: Person | None) -> bool:
    """Whether thanks that others read may name the person: it is the person's choice."""
    return may_be_named(person) and (person is None or (person.thanks == "public" and person.profiling))


def stopped(person: Person | None, kind: str) -> bool:
    """Whether the person wants no more messages of this kind."""
    return person is not None and bool(person.stop) and (kind in person.stop or EVERYTHING in person.stop)
