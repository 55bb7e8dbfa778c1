"""What onboarding knows, one dataclass per table. Rows are bounded: what can no longer matter is dropped."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar

from contracts.identity import EPOCH
from contracts.turn import Selection

FRESH, LATE, HELD = "fresh", "late", "held"
"""The gatherings in which a welcome can wait: the present one, the one of those who joined long ago, the raid's."""
R = TypeVar("R")
_set = object.__setattr__
_new = object.__new__

WAVE = "wave:"
"""With the slug of a closed wave: its newcomers wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAction:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPost:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An uninvited, unannounced joining that the raid guard still counts."""

    member: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who is coming in now.

    Attributes:
        recent: the newest arrivals within the guard's window, no more than decide a raid.
        hold: the raid that is on: its name.
    """

    recent: tuple[Arrival, ...] = ()
    hold: str | None = None
    hold_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """Arrivals that were announced."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """What holds for everybody at the moment.

    Attributes:
        crises: those that are on.
        surges: those announced and not over.
        purposes: (purpose, channel) as platforms described them.
    """

    crises: tuple[str, ...] = ()
    surges: tuple[Surge, ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An answer on a tag that was accepted."""

    skill: str
    post: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One of the last posts of somebody; `by` is the id of the fact."""

    post: str
    thread: str
    by: str
    at: datetime
    heard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """When somebody is here: the rhythm of a member, and the last words.

    Attributes:
        first_at, last_at: the first and the last act that make a day active; `last_by` is the fact of the last.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One of the last human words in a thread; `to` is the post it answers."""

    member: str
    at: datetime
    to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread of the last 30 days.

    Attributes:
        author: who opened it; None while its opening has not come, or when nobody is told.
        question: whether it asks; `open` while nobody has answered it and it can be given to somebody.
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
    asked_at: datetime | None = None
    skills: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    awaiting: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorSeen:
    """When a sponsor last gave a sign; `told_at`: when the manager was last given words for a silent one."""

    member: str
    last_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something that was promised; it stays, so that a playbook applied again does not revive what was kept."""

    promise: str
    by: str
    promised_to: str | None
    what: str
    due: datetime
    made_by: str
    kept_at: datetime | None = None
    late_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A wave that opened: how many were welcomed in it, how many of them took part in time."""

    wave: str
    opened_at: datetime
    joined: int = 0
    activated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a prerequisite of the launch stands, and since when."""

    key: str
    met: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """How the launch stood when it was last checked; `told_at`: when the manager was last told what is missing."""

    standings: tuple[Standing, ...] = ()
    told_at: datetime | None = None


def _newest_first(at: datetime | None) -> int:
    return (
        0
        if at is None
        else (EPOCH - at).days * 86_400_000_000 + (EPOCH - at).seconds * 1_000_000 + (EPOCH - at).microseconds
    )


def changed(row: R, **changes: object) -> R:
    """`dataclasses.replace` for the rows that every post changes: no check, a third of the time.

    Every post pays for it; `replace` gathers all fields into a mapping first and calls the constructor with them.
    """
    after = _new(type(row))
    for name in row.__slots__:  # type: ignore[attr-defined]
        _set(after, name, changes[name] if name in changes else getattr(row, name))
    return after


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


def skills_of(guide: Guide) -> Iterator[str]:
    """Every skill under which somebody may be found, declared or accepted on, each once."""
    return iter(dict.fromkeys((*guide.skills, *(answer.skill for answer in guide.accepted))))


def relays_of(pairing: Pairing) -> Iterator[str]:
    """Every relay whom a pairing's row names, each once."""
    named = dict.fromkeys((*pairing.tried, *pairing.paired))
    named |= {name: None for name in (pairing.relay, pairing.replaces) if name is not None}
    return iter(named)


WAITING = Selection(
    "waiting",
    Newcomer,
    lambda newcomer: ((newcomer.waits,),) if newcomer.waits is not None else (),
    lambda newcomer: (newcomer.joined_at or EPOCH, newcomer.member),
)
WANTING = Selection(
    "wanting_introduction",
    Newcomer,
    lambda newcomer: ((),) if newcomer.introduction == "wanted" else (),
    lambda newcomer: (newcomer.wanted_at or EPOCH, newcomer.member),
)
NUDGED = Selection(
    "nudged",
    Newcomer,
    lambda newcomer: ((),) if newcomer.nudged_on is not None else (),
    lambda newcomer: (newcomer.member,),
)
RELAYS = Selection("relays", Relay, lambda _relay: ((),), lambda relay: (relay.member,))
PAIRINGS_WITH = Selection(
    "pairings_with",
    Pairing,
    lambda pairing: ((pairing.relay,),) if pairing.relay is not None and pairing.state in {"asking", "paired"} else (),
    lambda pairing: (pairing.asked_at, pairing.newcomer),
)
OPEN_PAIRINGS = Selection(
    "open_pairings",
    Pairing,
    lambda pairing: ((),) if pairing.relay is not None and pairing.state in {"asking", "paired"} else (),
    lambda pairing: (pairing.newcomer,),
)
PAIRINGS_NAMING = Selection(
    "pairings_naming",
    Pairing,
    lambda pairing: tuple((relay,) for relay in relays_of(pairing)),
    lambda pairing: (pairing.newcomer,),
)
GUIDES_BY_SKILL = Selection(
    "guides_by_skill",
    Guide,
    lambda guide: tuple((skill,) for skill in skills_of(guide)),
    lambda guide: (-guide.count, guide.named_at or EPOCH, guide.member),
    limit=50,
)
GUIDES_ANSWERING = Selection(
    "guides_answering",
    Guide,
    lambda guide: ((),) if guide.count else (),
    lambda guide: (-guide.count, guide.named_at or EPOCH, guide.member),
    limit=50,
)
THREADS_OF_DAY = Selection(
    "threads_of_day", Thread, lambda thread: ((thread.day.isoformat(),),), lambda thread: (thread.thread,)
)
THREADS_NAMING = Selection(
    "threads_naming",
    Thread,
    lambda thread: tuple((member,) for member in people_of(thread)),
    lambda thread: (thread.thread,),
)
OPEN_BY_SKILL = Selection(
    "open_by_skill",
    Thread,
    lambda thread: tuple((skill,) for skill in thread.skills) if thread.open else (),
    lambda thread: (_newest_first(thread.asked_at), thread.thread),
    limit=10,
)
OPEN_QUESTIONS = Selection(
    "open_questions",
    Thread,
    lambda thread: ((),) if thread.open else (),
    lambda thread: (_newest_first(thread.asked_at), thread.thread),
    limit=10,
)
SAID_OF_DAY = Selection("said_of_day", Said, lambda said: ((said.day.isoformat(),),), lambda said: (said.decision,))
PROMISES_BY = Selection("promises_by", Promise, lambda promise: ((promise.by,),), lambda promise: (promise.promise,))
SAID_ABOUT = Selection("said_about", Said, lambda said: ((said.about,),), lambda said: (said.decision,))
