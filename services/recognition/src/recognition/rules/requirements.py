"""What each stratum asks for, as lists that a member can read; and what somebody lacks for the next, at any time.

Everything here is a plain function of rows and figures, so that a command can answer a member as the rules would.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from msgspec import Struct

from contracts.decisions.recognition import Requirement
from contracts.identity import EPOCH
from contracts.playbook import Strata
from contracts.words import Stratum
from recognition.state import Activity, Day, Pair, Standing

KEYS: tuple[Stratum, ...] = ("listening", "taking_part", "lending_a_hand", "holding_up", "relay")
HOLDING_UP, RELAY = 3, 4
REACTIONS, ACCEPTED, KUDOS, TASKS = "reaction.added", "answer.accepted", "kudos.given", "task.completed"
TELLING = (REACTIONS, KUDOS, ACCEPTED, TASKS)
"""Types whose absence replaces a requirement."""


class Need(NamedTuple):
    """One requirement, with the days of everything that counts towards it.

    Attributes:
        needed: how much it takes.
        dated: the ordinal of each thing that counts, in order; it counts for the window of days.
        at_most: the figure may not be above what is needed.
        undated: a figure that no window limits, in place of `dated`; it may fall by itself.
        instead_of: the requirement it stands for, where a platform cannot tell that.
    """

    key: str
    needed: int
    dated: tuple[int, ...] = ()
    at_most: bool = False
    undated: int | None = None
    instead_of: str | None = None


class Known(Struct, frozen=True, kw_only=True):
    """All that the lists are about.

    Attributes:
        pairs: what others gave the member.
        able: types that the platforms can tell.
        lenient: types that they could not tell at the beginning of the window: to keep a stratum, either counts.
        nominations: that count for the circle; `manager`: one of them is the manager's.
        willing, appointed: the member's yes, and a human's.
        day: today, as an ordinal.
    """

    activity: Activity
    standing: Standing
    strata: Strata
    day: int
    pairs: tuple[Pair, ...] = ()
    able: tuple[str, ...] = TELLING
    lenient: tuple[str, ...] = ()
    nominations: int = 0
    manager: bool = False
    willing: bool = False
    appointed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a member lacks for the next stratum, and what keeps the present one."""

    stratum: Stratum
    next: Stratum | None
    for_next: tuple[Requirement, ...]
    keeping: tuple[Requirement, ...]


def _times(days: Iterable[Day], name: str, most: int) -> tuple[int, ...]:
    """The day of each thing counted under a name, in order; of one day no more than could matter."""
    at = Day._fields.index(name)
    result: list[int] = []
    for day in days:
        count = day[at]
        if isinstance(count, int) and count:
            result.extend([day.day] * min(count, most))
    return tuple(result)


def needs(level: int, known: Known, *, keeping: bool = False) -> Iterator[Need]:
    """The list of a stratum, what is quickest to count first. The circle's is in `circle_needs`."""
    figures, days = known.strata, known.activity.days
    active = tuple(day.day for day in days if day.acts)
    if level == 1:
        yield Need("active_days", figures.taking_part_active_days, active)
        yield Need("posts_or_meetups", figures.taking_part_posts, _times(days, "posts", figures.taking_part_posts))
        return
    threads = tuple(sorted(seen.day for seen in known.activity.threads if seen.replies > 0))
    if level == 2:
        yield Need("active_days", figures.lending_a_hand_active_days, active)
        yield Need("threads_of_others", figures.lending_a_hand_threads, threads)
        yield _given(known, figures.lending_a_hand_reactions_given, keeping=keeping)
        yield _received(known, figures.lending_a_hand_reactions_received, keeping=keeping)
        return
    free = figures.holding_up_sanction_free_days
    yield Need("active_days", figures.holding_up_active_days, active)
    yield Need("threads_of_others", figures.holding_up_threads, threads)
    yield Need("days_without_sanction", free, undated=min(free, _since_sanction(known)))
    yield _answers(known, figures.holding_up_answers, keeping=keeping)
    yield Need("flags_upheld", figures.holding_up_flags_most, _times(days, "flags", 1000), at_most=True)
    yield from _liked(known, keeping=keeping)


def _replaced(known: Known, *types: str, keeping: bool) -> tuple[bool, bool]:
    """Whether the equivalent counts, and whether the thing itself does: for keeping, both may."""
    told = any(name in known.able for name in types)
    lenient = keeping and told and all(name in known.lenient or name not in known.able for name in types)
    return not told or lenient, told


def _given(known: Known, needed: int, *, keeping: bool) -> Need:
    instead, told = _replaced(known, REACTIONS, keeping=keeping)
    days = known.activity.days
    if not instead:
        return Need("reactions_given", needed, _times(days, "given", needed))
    names = ("given", "replies") if told else ("replies",)
    dated = tuple(sorted(day for name in names for day in _times(days, name, needed)))
    return Need("replies_given", needed, dated, instead_of="reactions_given")


def _received(known: Known, needed: int, *, keeping: bool) -> Need:
    instead, told = _replaced(known, REACTIONS, keeping=keeping)
    days = known.activity.days
    own = tuple(sorted((*_times(days, "received", needed), *_times(days, "unknown", needed))))
    if not instead:
        return Need("reactions_received", needed, own)
    dated = tuple(sorted((*(own if told else ()), *_times(days, "replied", needed))))
    return Need("replies_received", needed, dated, instead_of="reactions_received")


def _liked(known: Known, *, keeping: bool) -> tuple[Need, ...]:
    """So many reactions or kudos, from so many people, on so many days."""
    figures, days = known.strata, known.activity.days
    instead, told = _replaced(known, REACTIONS, keeping=keeping)
    most = figures.holding_up_reactions
    names = ("received", "unknown", "replied") if instead else ("received", "unknown")
    dated = tuple(sorted(day for name in names for day in _times(days, name, most)))
    on_days = tuple(day.day for day in days if any(getattr(day, name) for name in names))
    people = [pair.days[-1].day for pair in known.pairs if pair.days]
    if instead:
        heard = {pair.giver: pair.heard for pair in known.pairs if pair.heard}
        given = {pair.giver: pair.days[-1].day for pair in known.pairs if pair.days}
        people = [max(heard.get(name, 0), given.get(name, 0)) for name in sorted({*heard, *given})]
    # Nobody knows who the unnamed are: each may be somebody else, and that is never held against anyone.
    people += _times(days, "unknown", figures.holding_up_reaction_people)
    word, stands = ("replies", "reactions_or_kudos") if instead and not told else ("reactions_or_kudos", None)
    return (
        Need(word, most, dated, instead_of=stands),
        Need(f"{word}_days", figures.holding_up_reaction_days, on_days, instead_of=stands and f"{stands}_days"),
        Need(
            f"{word}_people",
            figures.holding_up_reaction_people,
            tuple(sorted(people)),
            instead_of=stands and f"{stands}_people",
        ),
    )


def _answers(known: Known, needed: int, *, keeping: bool) -> Need:
    instead, _ = _replaced(known, ACCEPTED, keeping=keeping)
    days = known.activity.days
    helped = _times(days, "helped", needed)
    if not instead:
        return Need("answers_or_tasks", needed, helped)
    dated = tuple(sorted((*helped, *_times(days, "followed", needed))))
    return Need("answers_followed", needed, dated, instead_of="answers_or_tasks")


def _since_sanction(known: Known) -> int:
    ends = known.standing.sanction_ends
    if ends is None:
        return known.strata.holding_up_sanction_free_days
    return max(0, known.day - (EPOCH.date().toordinal() + (ends - EPOCH).days))


def circle_needs(known: Known) -> tuple[Need, ...]:
    """What the circle takes: time at stratum 3, nominations or the manager's, one's own yes, a human's yes."""
    figures, since = known.strata, known.standing.holding_since
    held = 0 if since is None else known.day - (EPOCH.date().toordinal() + (since - EPOCH).days)
    nominations = figures.relay_nominations if known.manager else known.nominations
    return (
        Need("days_holding_up", figures.relay_days, undated=min(held, figures.relay_days)),
        Need("humans_yes", 1, undated=int(known.appointed)),
        Need("members_yes", 1, undated=int(known.willing)),
        Need("nominations", figures.relay_nominations, undated=min(nominations, figures.relay_nominations)),
    )


def kept(strata: Strata, needed: int) -> int:
    """How much of a figure keeps a stratum: nine tenths, rounded up; a small figure whole."""
    return needed if needed < strata.keep_whole_below else _share_of(needed, strata.keep_share)


@lru_cache(maxsize=256)
def _share_of(needed: int, share: float) -> int:
    """A share of a figure, rounded up, as the playbook writes the share: exact, and asked for of few figures."""
    return ceil(needed * Fraction(str(share)))


def actual(need: Need, known: Known) -> int:
    """The figure there is today."""
    if need.undated is not None:
        return need.undated
    oldest = known.day - known.strata.window_days
    return len(need.dated) - bisect_right(need.dated, oldest)


def holds(need: Need, known: Known, *, keeping: bool = False) -> bool:
    """Whether a requirement is met; for keeping, at nine tenths."""
    there = actual(need, known)
    if need.at_most:
        return there <= need.needed
    return there >= (kept(known.strata, need.needed) if keeping else need.needed)


def meets(level: int, known: Known) -> bool:
    """Whether somebody has all that a stratum asks for."""
    return all(holds(need, known) for need in needs(level, known))


def keeps(level: int, known: Known) -> bool:
    """Whether somebody keeps what a stratum asks for. The circle's keep stratum 3's."""
    return level == 0 or all(
        holds(need, known, keeping=True) for need in needs(min(level, HOLDING_UP), known, keeping=True)
    )


def fails_on(level: int, known: Known) -> date | None:
    """The first day on which a stratum is not kept, if nothing more is done; None: it never falls by itself."""
    window, first = known.strata.window_days, None
    for need in needs(min(level, HOLDING_UP), known, keeping=True) if level else ():
        if need.at_most or need.undated is not None:
            continue
        needed = kept(known.strata, need.needed)
        if needed == 0:
            continue
        day = need.dated[-needed] + window if len(need.dated) >= needed else known.day
        first = day if first is None else min(first, day)
    return None if first is None else date.fromordinal(first)


def readable(wanted: Iterable[Need], known: Known, *, keeping: bool = False) -> tuple[Requirement, ...]:
    """Requirements as a member can read them, in order of their keys."""
    return tuple(
        Requirement(
            key=need.key,
            needed=kept(known.strata, need.needed) if keeping and not need.at_most else need.needed,
            actual=actual(need, known),
            met=holds(need, known, keeping=keeping),
            window_days=None if need.undated is not None else known.strata.window_days,
            at_most=need.at_most,
            instead_of=need.instead_of,
        )
        for need in sorted(wanted, key=lambda need: need.key)
    )


def missing(known: Known) -> Missing:
    """What somebody lacks for the next stratum, and what keeps the present one."""
    level = known.standing.stratum
    following = level + 1 if level < RELAY else None
    wanted: tuple[Need, ...] = ()
    if following == RELAY:
        wanted = (*needs(HOLDING_UP, known), *circle_needs(known))
    elif following is not None:
        wanted = tuple(needs(following, known))
    held = tuple(needs(min(level, HOLDING_UP), known, keeping=True)) if level else ()
    return Missing(
        stratum=KEYS[level],
        next=None if following is None else KEYS[following],
        for_next=readable((need for need in wanted if not holds(need, known)), known),
        keeping=readable(held, known, keeping=True),
    )
