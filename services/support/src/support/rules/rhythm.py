"""Rhythm: when people act, learned from their acts; who was active in a week."""

from datetime import timedelta

from msgspec.structs import replace

from contracts.activity import active_member, iso_week, local_day
from contracts.envelope import AnyEvent
from contracts.identity import EPOCH
from contracts.people import Person, is_bot
from contracts.purse import zone_of
from contracts.turn import Turn
from support.rules.clocks import hour_of
from support.state import Rhythm, Week

MOST_HOURS = 96
"""Hours kept of one person: enough for several acts a week over the weeks that count."""


def acted(turn: Turn, event: AnyEvent) -> None:
    """An act that makes a day active: its hour is learned, once; the week counts the person, once."""
    member = active_member(event)
    if member is None:
        return
    hour = hour_of(min(event.time, turn.now))
    known = turn.get(Rhythm, member)
    posts = event.type == "post.created"
    if known is not None and hour in known.hours[-3:] and (known.posted or not posts):
        return  # another act within the same hour teaches nothing
    if is_bot(turn.person(member)):
        return
    week = iso_week(local_day(turn.now, turn.playbook.zone))
    if known is None:
        turn.put(Rhythm(member=member, hours=(hour,), week=week, posted=posts))
        _count(turn, week)
        return
    after = known
    if hour not in known.hours[-3:]:
        oldest = hour_of(turn.now) - turn.playbook.support.helper_hours_weeks * 7 * 24
        kept = tuple(sorted({*(past for past in known.hours if past > oldest), hour}))[-MOST_HOURS:]
        after = replace(after, hours=kept)
    if known.week != week:
        after = replace(after, week=week)
        _count(turn, week)
    if posts and not known.posted:
        after = replace(after, posted=True)
    if after is not known:
        turn.put(after)


def _count(turn: Turn, week: str) -> None:
    known = turn.get(Week, week) or Week(week=week)
    turn.put(replace(known, actives=known.actives + 1))


def weekly_actives(turn: Turn) -> int:
    """Members active in this ISO week or in the last, whichever had more: the week may have just begun."""
    today = local_day(turn.now, turn.playbook.zone)
    weeks = (turn.get(Week, iso_week(today - timedelta(days=back))) for back in (0, 7))
    return max((week.actives for week in weeks if week is not None), default=0)


def own_hours(turn: Turn, person: Person) -> tuple[int, ...] | None:
    """The person's own hours of the day, learned: the fewest that hold so much of their acts; None: too few acts.

    Acts of one hour count once, so that an evening of chat does not outweigh a month.
    """
    figures = turn.playbook.support
    rhythm = turn.get(Rhythm, person.member)
    oldest = hour_of(turn.now) - figures.helper_hours_weeks * 7 * 24
    hours = [hour for hour in (rhythm.hours if rhythm is not None else ()) if hour > oldest]
    if len(hours) < figures.helper_hours_acts:
        return None
    zone = zone_of(person, turn.playbook)
    counts = [0] * 24
    for hour in hours:
        counts[(EPOCH + timedelta(hours=hour)).astimezone(zone).hour] += 1
    wanted = figures.helper_hours_share * len(hours)
    chosen: list[int] = []
    held = 0
    for hour in sorted(range(24), key=lambda hour: (-counts[hour], hour)):
        if held >= wanted:
            break
        chosen.append(hour)
        held += counts[hour]
    return tuple(sorted(chosen))


def is_usually_here(turn: Turn, person: Person) -> bool:
    """Whether it is an hour at which the person is usually here; declared hours are the purse's matter."""
    if person.hours is not None:
        return True
    hours = own_hours(turn, person)
    return hours is None or turn.now.astimezone(zone_of(person, turn.playbook)).hour in hours
