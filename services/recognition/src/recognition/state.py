"""What recognition knows of members, one struct per table. Rows are bounded.

Days are local days of the community, as ordinals where there are many of them.
"""

from datetime import date, datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from contracts.turn import Selection


class Day(NamedTuple):
    """What somebody did and got on one local day.

    Attributes:
        day: its ordinal.
        by: the id of the first act of the day; empty when the person only got something.
        acts: what makes a day active.
        posts: posts and meet-ups.
        given: reactions given.
        received: reactions, kudos and acceptances from somebody known.
        unknown: reactions from nobody the platform names.
        replies: replies in threads of others.
        replied: people who replied, on platforms that know no reactions.
        helped: accepted answers and tasks.
        followed: answers after which the asker spoke again.
        flags: upheld flags.
        capped: hundredths of a point under the day's limit; a withdrawal frees nothing.
        earned: hundredths of a point in all, what was withdrawn taken off.
    """

    day: int
    by: str = ""
    acts: int = 0
    posts: int = 0
    given: int = 0
    received: int = 0
    unknown: int = 0
    replies: int = 0
    replied: int = 0
    helped: int = 0
    followed: int = 0
    flags: int = 0
    capped: int = 0
    earned: int = 0


class InThread(NamedTuple):
    """A thread of somebody else's in which a member replied: on which day last, and how often."""

    thread: str
    day: int
    replies: int


class Activity(Struct, frozen=True, kw_only=True):
    """What somebody did lately; dropped when all of it is too old to count.

    Attributes:
        days: the newest days, in order.
        threads: the newest threads of others with a reply, newest last.
        texts: the newest posts long enough to compare: how many shingles, and their hashes in order.
        last_at, last_by: the last act, as a time and a fact; acts in restricted places are signs of life too.
        week: the ISO week of the last act or gain.
    """

    member: str
    last_at: datetime | None = None
    last_by: str = ""
    week: str = ""
    days: tuple[Day, ...] = ()
    threads: tuple[InThread, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()


class Account(Struct, frozen=True, kw_only=True):
    """Somebody's points, exact: lines whose days are the same modulo the half-life fade in step and are one sum.

    Attributes:
        half_life: in days; another one in the playbook rebuilds the account from the ledger.
        base: the number of whole half-lives before which no line of the account lies.
        phases: (day modulo the half-life, sum of hundredths, each doubled for every half-life after `base`).
    """

    member: str
    half_life: int
    base: int
    phases: tuple[tuple[int, int], ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """A line of the ledger. It is written once; erasing somebody is the only thing that touches it.

    Attributes:
        line: the id of the decision that wrote it.
        hundredths: of a point; below zero for what is taken back.
        day: from which it fades: a withdrawal fades with what it takes back, so that the two are always nothing.
        event: the id of the event it is for; its own, once whoever gave it was erased.
        giver: whose reaction, word or acceptance it was.
        mark: which reaction; or why it was taken back.
        settles: the line it takes back, or the taking back that it undoes.
    """

    line: str
    member: str
    act: str
    hundredths: int
    day: date
    written_at: datetime
    event: str
    post: str | None = None
    giver: str | None = None
    mark: str | None = None
    settles: str | None = None


class Greeting(NamedTuple):
    """The first human reply to a newcomer, while the newcomer's next word may still make it count."""

    member: str
    post: str
    thread: str
    by: str
    at: datetime


class Standing(Struct, frozen=True, kw_only=True):
    """Where somebody stands.

    Attributes:
        stratum: 0 to 4.
        since: since when; `moved_at`: the last step, if any.
        grace_from: the day on which a figure was first not kept.
        locked: a human fixed the stratum.
        holding_since: since when at stratum 3 or above without a break.
        look_on: the next day on which time alone may change something.
        first_post_on, first_post_by: the first post ever, as a day and a fact.
        last_by: the last act, once the activity of which it was is forgotten.
        accepted: accepted answers ever.
        milestones: those passed, for life.
        sanction_ends: the end of the last sanction.
        greeted: had a first human reply; `greeting` while it is not known whether it counts.
        referred: whoever invited them had the points for it.
        faded_on: when it was last said that they grew quiet.
    """

    member: str
    stratum: int = 0
    since: datetime
    moved_at: datetime | None = None
    grace_from: date | None = None
    locked: bool = False
    holding_since: datetime | None = None
    look_on: date | None = None
    first_post_on: date | None = None
    first_post_by: str = ""
    last_by: str = ""
    accepted: int = 0
    milestones: tuple[str, ...] = ()
    sanction_ends: datetime | None = None
    greeted: bool = False
    greeting: Greeting | None = None
    referred: bool = False
    faded_on: date | None = None


class Given(NamedTuple):
    """A reaction that somebody gave a moment ago: when, and the line it wrote, if any."""

    at: datetime
    line: str | None


class Giver(Struct, frozen=True, kw_only=True):
    """What somebody gives: kudos in a week, reactions in the last minute."""

    member: str
    week: str = ""
    kudos: int = 0
    recent: tuple[Given, ...] = ()


class PairDay(NamedTuple):
    """What one gave another on a day: how often, and how many hundredths of a point it brought."""

    day: int
    events: int
    hundredths: int


class Pair(Struct, frozen=True, kw_only=True):
    """What one person gave another lately.

    Attributes:
        touched_on: the day it was last touched; the sweep goes by it.
        times: of the reactions that still halve the next.
        first_by, last_by: the first and the last of these events.
        heard: the day of the giver's last reply to the receiver, on platforms that know no reactions.
        suspicion: the open suspicion that holds what the two give each other.
        until: until that day a human's verdict holds: `fair` or `void`.
    """

    receiver: str
    giver: str
    touched_on: date
    times: tuple[datetime, ...] = ()
    days: tuple[PairDay, ...] = ()
    first_by: str = ""
    last_by: str = ""
    heard: int = 0
    suspicion: str | None = None
    verdict: Literal["fair", "void"] | None = None
    until: date | None = None


LINES_OF = Selection("lines_of", Line, lambda line: ((line.member,),), lambda line: (line.written_at, line.line))


LINES_ABOUT = Selection(
    "lines_about",
    Line,
    lambda line: ((line.post,),) if line.post is not None else (),
    lambda line: (line.written_at, line.line),
)


LINES_GIVEN = Selection(
    "lines_given",
    Line,
    lambda line: ((line.giver,),) if line.giver is not None else (),
    lambda line: (line.written_at, line.line),
)


ACTIVE_IN_WEEK = Selection(
    "active_in_week", Activity, lambda activity: ((activity.week,),), lambda activity: (activity.member,)
)


TO_LOOK_AT = Selection(
    "to_look_at",
    Standing,
    lambda standing: ((standing.look_on.isoformat(),),) if standing.look_on is not None else (),
    lambda standing: (standing.member,),
)


AT_STRATUM = Selection(
    "at_stratum",
    Standing,
    lambda standing: ((str(standing.stratum),),) if standing.stratum else (),
    lambda standing: (standing.member,),
)


GREETED_BY = Selection(
    "greeted_by",
    Standing,
    lambda standing: ((standing.greeting.member,),) if standing.greeting is not None else (),
    lambda standing: (standing.member,),
)


PAIRS_GIVEN = Selection("pairs_given", Pair, lambda pair: ((pair.giver,),), lambda pair: (pair.receiver,))


PAIRS_RECEIVED = Selection("pairs_received", Pair, lambda pair: ((pair.receiver,),), lambda pair: (pair.giver,))


PAIRS_ON = Selection(
    "pairs_on", Pair, lambda pair: ((pair.touched_on.isoformat(),),), lambda pair: (pair.receiver, pair.giver)
)
