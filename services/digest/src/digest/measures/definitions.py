"""What each indicator means, and what all of them are computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from contracts.decisions import Indicator
from contracts.envelope import EvidenceRange
from contracts.turn import Turn
from digest.measures import rounding
from digest.measures.periods import FACTS, Days
from digest.measures.state import Talk

DEFINITIONS: Mapping[str, tuple[int, str, str]] = {
    "activation": (1, "share", "of those who joined so many days ago, who were active within as many days"),
    "answers_by": (1, "answers", "first answers of the span, by members, relays and staff"),
    "contributor_absence_factor": (1, "people", "fewest members who wrote half of the posts of 13 weeks (CHAOSS)"),
    "contributors": (1, "people", "members who posted in 13 weeks (CHAOSS)"),
    "contributors_inactive": (1, "people", "of them, without an act in the last 28 days (CHAOSS)"),
    "contributors_new": (1, "people", "members whose first act is of the span (CHAOSS)"),
    "core_team_answer_time_office": (1, "minutes", "median office time to staff's first word, over 28 days' questions"),
    "core_team_answer_time_wall": (1, "minutes", "the same on the wall"),
    "daily_actives": (1, "people", "active on the day, or a day of the span at the mean"),
    "feedback_outcomes": (1, "pieces", "outcomes given in the span, by kind, and how many wait"),
    "answered_within": (1, "share", "of questions whose time ran out in the span, with a first response; office clock"),
    "answered_within_wall": (1, "share", "the same by the clock on the wall"),
    "first_answer_median": (1, "minutes", "Kaplan-Meier median over 28 days' questions, the unanswered kept in"),
    "first_response_median": (1, "minutes", "Kaplan-Meier median over 28 days' questions, the unanswered kept in"),
    "freshness": (1, "share", "member-started threads of the span, over what is usual on its weekdays"),
    "member_content": (1, "share", "of posts, those of members and not of the organisation"),
    "monthly_actives": (1, "people", "active in the last 30 local days"),
    "needs_met": (1, "share", "of those who said whether their need is met, who said yes"),
    "newcomers": (1, "people", "who joined, or first acted, in the span"),
    "obstacles": (1, "answers", "what newcomers say is in the way, by kind"),
    "participation_inequality": (1, "index", "Gini over posting members' posts of 13 weeks: 0 all alike, 1 one alone"),
    "posts": (1, "posts", "of the span, bots left out"),
    "questions": (1, "questions", "asked in the span"),
    "reciprocity": (1, "share", "of member threads and feedback whose time ran out, with the organisation's word"),
    "referrals_activated": (1, "people", "invited by somebody, whose first act is of the span"),
    "retention": (
        1,
        "share",
        "of those whose first act is old enough, active again from so many days on to twice that",
    ),
    "solved": (1, "questions", "solved in the span"),
    "strata": (1, "people", "members by stratum, by recognition's word"),
    "strata_flows": (1, "moves", "moves between strata in the span, by recognition's word"),
    "support_cost_avoided": (1, "cost", "first answers by members and relays, at the playbook's cost of one"),
    "threads": (1, "threads", "started by members in the span"),
    "unanswered_after": (1, "share", "of questions that became so old in the span, without a first response"),
    "weekly_actives": (1, "people", "active in the last 7 local days"),
    "without_answer_after": (1, "share", "of questions that became so old in the span, without a first answer"),
}
"""Version, unit and meaning by name.

Some have their figure in the key: `activation_7d`, `answered_within_60_minutes`, `retention_30d` …
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the indicators of a span are computed from, read once."""

    turn: Turn
    first: date
    last: date
    days: Days
    questions: tuple[Talk, ...]
    since: datetime
    until: datetime


def indicator(
    name: str,
    *,
    key: str | None = None,
    value: Fraction | Decimal | int | None = None,
    numerator: int | None = None,
    denominator: int | None = None,
    parts: Mapping[str, int] | None = None,
    events: EvidenceRange | None = None,
) -> Indicator:
    """One indicator; a share is its numerator over its denominator."""
    version, unit, _ = DEFINITIONS[name]
    if unit == "share" and value is None and numerator is not None and denominator:
        value = Fraction(numerator, denominator)
    said = None if value is None else rounding.number(Fraction(value), rounding.SHARE_PLACES)
    return Indicator(
        key=key or name,
        definition=version,
        value=said,
        unit=unit,
        numerator=numerator,
        denominator=denominator,
        parts=dict(sorted((parts or {}).items())),
        events=events,
    )


def opening_facts(talks: Iterable[Talk]) -> EvidenceRange | None:
    """The facts that asked these questions, or opened these threads."""
    ids = [talk.opened_by for talk in talks if talk.opened_by]
    return EvidenceRange(first=ids[0], last=ids[-1], count=len(ids)) if ids else None


def merged(days: Days, names: Iterable[str], first: date, last: date) -> EvidenceRange | None:
    """The events of several counts together: those of the whole span that lie between the first and the last fact."""
    ranges = [found for name in names if (found := days.events(name, first, last)) is not None]
    if len(ranges) == 1:
        return ranges[0]
    return days.events(FACTS, first, last) if ranges else None
