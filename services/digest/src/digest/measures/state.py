"""What the measures know, one struct per table. No name of a member stands beside a figure that outlives them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct, field

from contracts.turn import Selection

Mark = tuple[int, str, str]
"""A figure, and the ids of the first and the last event that it was counted from; empty where they may not be kept."""
Answer = Literal["yes", "partly", "no"]

DAYS_KEPT = 63
"""How many days before the last active one a member's row remembers."""
WEEKS_KEPT = 13
"""Over how many weeks contributions are weighed: a quarter."""


class Period(Struct, frozen=True, kw_only=True):
    """What was counted in one local day, or of what is told apart by week in one ISO week.

    Attributes:
        period: `2026-03-02`, or `2026-W10`.
        parent: of a day its week, of a week its ISO year: what is read together.
        marks: the counts by name.
    """

    period: str
    parent: str
    marks: Mapping[str, Mark] = field(default_factory=dict)


class Part(Struct, frozen=True, kw_only=True):
    """A member's part in the figures. Staff and bots have none.

    Attributes:
        arrived: the local day of joining, or of the first act where that came first.
        told: the platform told of the joining: activation is counted from it.
        invited: somebody invited the person.
        first_act, last_act: the first and the last active local day.
        days: bit n is set when the person was active n days before `last_act`.
        reached: what is counted once in a person's life and was: `activated.7`, `kept.30` …
        posts: posts by ISO week, the newest weeks.
        recent: active within the weeks over which contributions are weighed.
        stratum: by recognition's word; None while it said nothing.
        relay: in the circle.
        here: has not left.
    """

    member: str
    arrived: date | None = None
    told: bool = False
    invited: bool = False
    first_act: date | None = None
    last_act: date | None = None
    days: int = 0
    reached: tuple[str, ...] = ()
    posts: tuple[tuple[str, int], ...] = ()
    recent: bool = False
    stratum: str | None = None
    relay: bool = False
    here: bool = True


class Reply(Struct, frozen=True, kw_only=True):
    """A reply in a thread of which the opening post, or the asker's word on it, has not come yet."""

    member: str
    at: datetime
    responder: Literal["member", "relay", "staff"]
    says: bool
    enough: bool


class Talk(Struct, frozen=True, kw_only=True):
    """A thread, while something about it is still to be measured.

    Attributes:
        post, author, at, opened_by: the opening post, who wrote it, when, the fact; None while only replies are known,
            the author also when they are forgotten.
        own: opened by a member for themselves, not by the organisation.
        month: of its day, if it is a question that counts: under it the question is found.
        asks: it is a question, by the platform's word or by support's.
        gone: deleted, cancelled or taken away.
        office_target, wall_target: by when a first response is wanted.
        response_at, answer_at: the first human reply, and the first that can be an answer; `responder` gave the answer.
        staff_at: the first word of the organisation.
        early: replies that came before the opening post; `short`: the newest one too short to be an answer by itself.
        word_due: the local day by whose end the organisation owes it a word; None once that was counted.
        last: the local day of its last post; `look`: on which day to see whether the row can go.
    """

    thread: str
    post: str | None = None
    author: str | None = None
    at: datetime | None = None
    opened_by: str | None = None
    own: bool = False
    asks: bool = False
    gone: bool = False
    month: str | None = None
    office_target: datetime | None = None
    wall_target: datetime | None = None
    response_at: datetime | None = None
    answer_at: datetime | None = None
    responder: str | None = None
    staff_at: datetime | None = None
    early: tuple[Reply, ...] = ()
    short: Reply | None = None
    solved: bool = False
    word_due: str | None = None
    last: date
    look: str


class Cohort(Struct, frozen=True, kw_only=True):
    """Members whose first active day lies in one ISO week: how many there are, and were active in each later week."""

    week: str
    size: int
    active: tuple[int, ...] = ()


class Wish(Struct, frozen=True, kw_only=True):
    """What one member needs, and what they said of it.

    Attributes:
        declared: the local day on which it was said first.
        ask: the local day on which the person is asked whether it is met; None: not any more.
        asked: how many of the playbook's days of asking are behind.
        answer: the newest word.
    """

    member: str
    need: str
    declared: date
    by: str
    ask: str | None
    asked: int = 0
    answer: Answer | None = None


class NeedTotal(Struct, frozen=True, kw_only=True):
    """How many had a need, and what they said of it last. It names nobody, and stays when people are forgotten."""

    need: str
    declared: int = 0
    yes: int = 0
    partly: int = 0
    no: int = 0


class Remark(Struct, frozen=True, kw_only=True):
    """A piece of feedback: what came of it, and whether the organisation said a word in time. It names nobody."""

    feedback: str
    at: datetime
    due: str | None
    word_at: datetime | None = None
    outcome: str | None = None


class Aim(Struct, frozen=True, kw_only=True):
    """What is known of one goal of the playbook: the last figure and, of an outside one, where it came from."""

    goal: str
    value: str | None = None
    unit: str = ""
    period: str = ""
    by: str | None = None
    source: str | None = None
    trend: str | None = None


class Check(Struct, frozen=True, kw_only=True):
    """One line of why a community is in its stage, in the order in which they are asked."""

    rule: str
    threshold: str
    actual: str | None
    holds: bool


class Life(Struct, frozen=True, kw_only=True):
    """A community's life stage.

    Attributes:
        stage: None before the first; `since`: the ISO week of it.
        candidate, weeks: another stage, and for how many weeks in a row it has been found.
        judged: the last week that was judged; `checks`: with what outcome.
        compared_with: the same week a year ago, where a quiet season made it the measure.
        resting: a quiet season hides the slopes, and there is no year before to compare it with.
    """

    stage: str | None = None
    since: str | None = None
    candidate: str | None = None
    weeks: int = 0
    judged: str | None = None
    checks: tuple[Check, ...] = ()
    compared_with: str | None = None
    resting: bool = False


class Totals(Struct, frozen=True, kw_only=True):
    """How many members there are, and in which stratum; a stratum that recognition never named is not known."""

    members: int = 0
    strata: Mapping[str, int] = field(default_factory=dict)


PERIODS = Selection("measured_periods", Period, lambda row: ((row.parent,),), lambda row: (row.period,))
RECENT = Selection("measured_recent", Part, lambda row: ((),) if row.recent else (), lambda row: (row.member,))
QUESTIONS = Selection(
    "measured_questions",
    Talk,
    lambda row: ((row.month,),) if row.month is not None else (),
    lambda row: (row.thread,),
)
WORDS_DUE = Selection(
    "measured_words_due",
    Talk,
    lambda row: ((row.word_due,),) if row.word_due is not None else (),
    lambda row: (row.thread,),
)
LOOK_AT = Selection("measured_look", Talk, lambda row: ((row.look,),), lambda row: (row.thread,))


def _named(row: Talk) -> tuple[tuple[str, ...], ...]:
    names = [row.author, *(reply.member for reply in row.early), row.short.member if row.short is not None else None]
    return tuple((name,) for name in dict.fromkeys(names) if name is not None)


TALKS_OF = Selection("measured_talks_of", Talk, _named, lambda row: (row.thread,))
ASKS_DUE = Selection(
    "measured_asks_due",
    Wish,
    lambda row: ((row.ask,),) if row.ask is not None else (),
    lambda row: (row.member, row.need),
)
WISHES_OF = Selection("measured_wishes_of", Wish, lambda row: ((row.member,),), lambda row: (row.need,))
NEED_TOTALS = Selection("measured_needs", NeedTotal, lambda _row: ((),), lambda row: (row.need,))
REMARKS_DUE = Selection(
    "measured_remarks_due",
    Remark,
    lambda row: ((row.due,),) if row.due is not None else (),
    lambda row: (row.feedback,),
)
REMARKS_OPEN = Selection(
    "measured_remarks_open",
    Remark,
    lambda row: ((),) if row.outcome is None else (),
    lambda row: (row.feedback,),
)
AIMS = Selection("measured_aims", Aim, lambda _row: ((),), lambda row: (row.goal,))
