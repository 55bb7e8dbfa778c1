"""Members' part in the figures: arriving, being active, coming back, their stratum, going, being forgotten."""

import re
from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from contracts.activity import active_member, week_start
from contracts.envelope import AnyEvent
from contracts.people import Person, is_bot, is_staff
from contracts.turn import Turn
from digest.measures import periods
from digest.measures.periods import DAY, FACTS, iso_week
from digest.measures.state import (
    DAYS_KEPT,
    PERIODS,
    RECENT,
    TALKS_OF,
    WEEKS_KEPT,
    WISHES_OF,
    Cohort,
    Part,
    Period,
    Talk,
    Totals,
    Wish,
)

RETENTION_DAYS = (7, 30)
COHORT_WEEKS = 13
LISTENING = "listening"
_ALL_DAYS = (1 << DAYS_KEPT) - 1


def counts(turn: Turn, member: str, person: Person | None) -> bool:
    """Whether somebody is a member in the figures: no bot, not of the organisation."""
    return not is_bot(person) and not is_staff(person, member, turn.playbook)


def joined(turn: Turn, event: AnyEvent) -> None:
    """Somebody joined: a newcomer, unless they were known before."""
    member = event.data.member
    person = turn.person(member)
    day = periods.day_of(turn, event.time)
    names = [FACTS]
    if counts(turn, member, person) and not event.data.bot:
        part = turn.get(Part, member)
        if part is None:
            told = not event.data.inferred
            part = Part(member=member, arrived=day, told=told, invited=event.data.invited_by is not None)
            names += _arrival(turn, part, event, day)
        elif not part.here:
            part = replace(part, here=True)
            _members(turn, 1, part.stratum)
        turn.put(part)
    periods.count(turn, day, event.id, names)


def _arrival(turn: Turn, part: Part, event: AnyEvent, day: date) -> list[str]:
    _members(turn, 1, None)
    periods.count_week(turn, day, event.id, ("newcomers",))
    return ["newcomers", *(["newcomers.told"] if part.told else ()), *(["newcomers.invited"] if part.invited else ())]


def acted(turn: Turn, event: AnyEvent) -> None:
    """An act that is no post: a reaction, an acceptance, a task, a meet-up, a vote."""
    member = active_member(event)
    if member is None:
        return
    day = periods.day_of(turn, event.time)
    periods.count(turn, day, event.id, [FACTS, *active(turn, event, member, person=turn.person(member), day=day)])


def active(turn: Turn, event: AnyEvent, member: str, *, person: Person | None, day: date, posts: int = 0) -> list[str]:
    """A member was active on a day; answers what that adds to the day's counts."""
    if not counts(turn, member, person):
        return []
    known = turn.get(Part, member)
    part = known or Part(member=member, arrived=day)
    names = ["acts"]
    if known is None:
        names += _arrival(turn, part, event, day)
    if not part.here and (person is None or person.left_at is None):
        part = replace(part, here=True)
        _members(turn, 1, part.stratum)
    seen_then = _was_active(part, day)
    if not seen_then:
        part = _active_day(turn, event, part, day, names)
    if posts:
        part = replace(part, posts=_posted(part.posts, iso_week(day)), recent=True)
    elif not part.recent:
        part = replace(part, recent=True)
    if part is not known:
        turn.put(part)
    return names


def _was_active(part: Part, day: date) -> bool:
    if part.last_act is None:
        return False
    ago = (part.last_act - day).days
    # What is older than the row remembers was counted or is too late to be told apart.
    return ago >= DAYS_KEPT or (ago >= 0 and bool(part.days >> ago & 1))


def _active_in_week(part: Part, day: date) -> bool:
    monday = week_start(day)
    return any(_was_active(part, monday + step * DAY) for step in range(7)) if part.last_act is not None else False


def _active_day(turn: Turn, event: AnyEvent, part: Part, day: date, names: list[str]) -> Part:
    names.append("actives")
    if part.first_act is None:
        names.append("first_acts")
        if part.invited:
            names.append("referrals")
    first = part.first_act or day
    reached = _reach(turn, event, part, first, day)
    if not _active_in_week(part, day):
        periods.count_week(turn, day, event.id, ("actives",))
        _in_cohort(turn, first, day)
    last = part.last_act
    if last is None or day > last:
        if last is not None:
            periods.uncount(turn, last, "last")
        names.append("last")
        shift = 0 if last is None else (day - last).days
        days = (part.days << min(shift, DAYS_KEPT) & _ALL_DAYS) | 1
        return replace(part, first_act=first, last_act=day, days=days, reached=reached)
    return replace(part, first_act=first, days=part.days | 1 << (last - day).days, reached=reached)


def _reach(turn: Turn, event: AnyEvent, part: Part, first: date, day: date) -> tuple[str, ...]:
    """What this day shows for the first time: taking part soon after joining, coming back after a while."""
    reached = part.reached
    if part.told and part.arrived is not None and day >= part.arrived:
        for days in turn.playbook.digest.activation_days:
            name = f"activated.{days}"
            if name not in reached and (day - part.arrived).days <= days:
                reached = (*reached, name)
                periods.count(turn, part.arrived, event.id, (name,))
    for days in RETENTION_DAYS:
        name = f"kept.{days}"
        if name not in reached and days <= (day - first).days < 2 * days:
            reached = (*reached, name)
            periods.count(turn, first, event.id, (name,))
    return reached


def _in_cohort(turn: Turn, first: date, day: date) -> None:
    later = (week_start(day) - week_start(first)).days // 7
    if not 0 <= later < COHORT_WEEKS:
        return
    week = iso_week(first)
    cohort = turn.get(Cohort, week) or Cohort(week=week, size=0)
    active_in = list(cohort.active) + [0] * (later + 1 - len(cohort.active))
    active_in[later] += 1
    turn.put(Cohort(week=week, size=max(cohort.size, active_in[0]), active=tuple(active_in)))


def _posted(posts: tuple[tuple[str, int], ...], week: str) -> tuple[tuple[str, int], ...]:
    if posts and posts[-1][0] == week:
        return (*posts[:-1], (week, posts[-1][1] + 1))
    tally = dict(posts)
    tally[week] = tally.get(week, 0) + 1
    return tuple(sorted(tally.items()))[-WEEKS_KEPT:]


def _members(turn: Turn, step: int, stratum: str | None) -> None:
    totals = turn.get(Totals) or Totals()
    strata = dict(totals.strata)
    if stratum is not None and stratum != LISTENING:
        strata[stratum] = strata.get(stratum, 0) + step
    turn.put(Totals(members=max(0, totals.members + step), strata=strata))


def left(turn: Turn, event: AnyEvent) -> None:
    """Somebody left: the count of members has one less; what was counted stays."""
    periods.count(turn, periods.day_of(turn, event.time), event.id, (FACTS,))
    part = turn.get(Part, event.data.member)
    person = turn.person(event.data.member)
    if part is not None and part.here and person is not None and person.left_at is not None:
        turn.put(replace(part, here=False))
        _members(turn, -1, part.stratum)
        _ask_no_more(turn, event.data.member)


def _ask_no_more(turn: Turn, member: str) -> None:
    for wish in turn.find(WISHES_OF, member):
        if wish.ask is not None:
            turn.put(replace(wish, ask=None))


def stratum_moved(turn: Turn, event: AnyEvent) -> None:
    """Recognition's word: a member takes a larger or a smaller part."""
    data = event.data
    day = periods.day_of(turn, event.time)
    known = turn.get(Part, data.member)
    part = known or Part(member=data.member, here=False)
    totals = turn.get(Totals) or Totals()
    strata = dict(totals.strata)
    if part.here:
        if part.stratum is not None and part.stratum != LISTENING:
            strata[part.stratum] = strata.get(part.stratum, 0) - 1
        if data.stratum != LISTENING:
            strata[data.stratum] = strata.get(data.stratum, 0) + 1
    strata.setdefault(data.stratum, 0)
    turn.put(Totals(members=totals.members, strata=strata))
    if known is not None:
        turn.put(replace(part, stratum=data.stratum, relay=data.stratum == "relay" or part.relay))
    way = "raised" if event.type == "stratum.raised" else "lowered"
    periods.count(turn, day, event.id, (f"strata.{way}.{data.stratum}",))


def appointed(turn: Turn, event: AnyEvent) -> None:
    """A member is of the circle: their answers are a relay's."""
    part = turn.get(Part, event.data.member)
    if part is not None and not part.relay:
        turn.put(replace(part, relay=True))


def retired(turn: Turn, event: AnyEvent) -> None:
    """A member left the circle."""
    part = turn.get(Part, event.data.member)
    if part is not None and part.relay:
        turn.put(replace(part, relay=False))


def swept(turn: Turn, today: date) -> None:
    """Once a week: who has not acted for a quarter weighs nothing among contributions any more."""
    oldest = today - WEEKS_KEPT * 7 * DAY
    for part in turn.find(RECENT):
        if part.last_act is None or part.last_act < oldest:
            turn.put(replace(part, recent=False, posts=()))


def erased(turn: Turn, event: AnyEvent) -> None:
    """Somebody is forgotten: no row holds them, no id of an event that names them; totals stay."""
    member = event.data.member
    part = turn.get(Part, member)
    if part is not None:
        if part.here:
            _members(turn, -1, part.stratum)
        turn.drop(Part, member)
    for talk in turn.find(TALKS_OF, member):
        turn.put(_without(talk, member))
    for wish in turn.find(WISHES_OF, member):
        turn.drop(Wish, wish.member, wish.need)
    _scrub(turn, member, periods.day_of(turn, turn.now))


def _without(talk: Talk, member: str) -> Talk:
    early = tuple(reply for reply in talk.early if reply.member != member)
    short = None if talk.short is not None and talk.short.member == member else talk.short
    if talk.author == member:
        return replace(talk, author=None, opened_by=None, early=early, short=short)
    return replace(talk, early=early, short=short)


def _scrub(turn: Turn, member: str, today: date) -> None:
    """Ids of events often hold the id of whom they are about."""
    naming = re.compile(rf"(?<![0-9A-Za-z]){re.escape(member)}(?![0-9A-Za-z])")
    for period in _held(turn, today):
        marks = {
            name: (number, "" if naming.search(first) else first, "" if naming.search(last) else last)
            for name, (number, first, last) in period.marks.items()
        }
        if marks != period.marks:
            turn.put(replace(period, marks=marks))


def _held(turn: Turn, today: date) -> Iterable[Period]:
    weeks = (iso_week(today - step * 7 * DAY) for step in range(-1, periods.DAYS_HELD // 7 + 2))
    years = (f"{today.isocalendar()[0] + step:04}" for step in range(-3, 2))
    for parent in dict.fromkeys((*weeks, *years)):
        yield from turn.find(PERIODS, parent)
