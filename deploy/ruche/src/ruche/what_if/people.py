"""Whom it touches: messages to each member before and after, and those for whom most changes, with the reason."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import NamedTuple

from ruche.what_if.compared import Compared
from ruche_replay.difference import Change, Field, Kind

TOUCHING: tuple[Kind, ...] = ("appeared", "vanished", "moved")
"""What a member notices; that a decision says something else at the same moment is told by its kind alone."""
MOST = 10
REASONS = 3
_PLAIN = (int, float, str)


class Typical(NamedTuple):
    """What holds for most of several changes: how far they move, and what of their reason is another.

    Attributes:
        otherwise: the threshold, else what there was, else what is said; None where it is on one side only.
        times: for how many of how many.
        example: one of them.
    """

    shift: timedelta
    otherwise: Field | None
    times: int
    of: int
    example: Change


class Reason(NamedTuple):
    """Why somebody is affected: how often which decision appears, vanishes or moves, and what it takes.

    Attributes:
        takes: of what appeared or vanished, what the rule takes, as its first reason says it.
    """

    kind: Kind
    service: str
    type: str
    rule: str
    times: int
    typical: Typical
    takes: object


@dataclass(frozen=True)
class Affected:
    """A member, and what changes for them."""

    member: str
    name: str | None
    counts: Counter[Kind]
    messages_before: int
    messages_after: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Messages:
    """Messages to members, before or after: how many to how many, to the middle one of them, and at most."""

    total: int
    members: int
    middle: float
    most: int


def messages(counts: Counter[str]) -> Messages:
    """The sums of a count by member; who got none is not counted."""
    numbers = [number for number in counts.values() if number]
    return Messages(sum(numbers), len(numbers), median(numbers) if numbers else 0, max(numbers, default=0))


def most_affected(found: Compared, most: int = MOST) -> list[Affected]:
    """Those for whom most decisions appear, vanish or move; among equals by messages, then by id."""
    by_member: defaultdict[str, list[Change]] = defaultdict(list)
    for change in found.difference.changes:
        if change.kind in TOUCHING:
            for member in change.decision.members:
                by_member[member].append(change)

    def rank(member: str) -> tuple[int, int, str]:
        return -len(by_member[member]), -abs(_more(found, member)), member

    return [_affected(found, member, by_member[member]) for member in sorted(by_member, key=rank)[:most]]


def _more(found: Compared, member: str) -> int:
    return found.after.to_members[member] - found.before.to_members[member]


def _affected(found: Compared, member: str, changes: Sequence[Change]) -> Affected:
    return Affected(
        member=member,
        name=found.after.names.get(member),
        counts=Counter(change.kind for change in changes),
        messages_before=found.before.to_members[member],
        messages_after=found.after.to_members[member],
        reasons=tuple(reasons(changes)[:REASONS]),
    )


def reasons(changes: Sequence[Change]) -> list[Reason]:
    """Changes by what happened to which decision, the most frequent first."""
    groups: defaultdict[tuple[Kind, str, str, str], list[Change]] = defaultdict(list)
    for change in changes:
        one = change.decision
        groups[change.kind, one.service, one.type, one.rule].append(change)
    found = [
        Reason(*key, len(group), typical(group), group[0].decision.reasons[0].threshold)
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda reason: (-reason.times, reason.type, reason.kind, reason.rule))


def typical(changes: Sequence[Change]) -> Typical:
    """What holds for most of those that move, else for most of all; among equals the shortest way."""
    told = [change for change in changes if change.kind == "moved"] or changes
    alike: defaultdict[tuple[timedelta, Field | None], list[Change]] = defaultdict(list)
    for change in told:
        alike[change.shift, _otherwise(change)].append(change)
    (shift, field), found = min(alike.items(), key=lambda pair: (-len(pair[1]), abs(pair[0][0]), str(pair[0][1])))
    return Typical(shift, field, len(found), len(told), found[0])


def _otherwise(change: Change) -> Field | None:
    """The threshold that is another, else what there was, else the first field, as text; evidence is none."""
    reasons = [one for one in change.reasons if one.name != "evidence"]
    named = [one for one in reasons if one.name == "threshold"] or reasons
    if not named and change.kind == "changed":
        named = [one for one in change.fields if isinstance(one.before, _PLAIN) and isinstance(one.after, _PLAIN)]
    return Field(named[0].name, str(named[0].before), str(named[0].after)) if named else None
