"""Whom to thank: a few people, each for what they did and what it changed."""

from datetime import date
from typing import NamedTuple

from contracts.activity import iso_week, local_day
from contracts.choice import stable_hash
from contracts.people import may_be_named
from contracts.turn import Turn
from recognition.rules.clocks import DAY, today
from recognition.rules.contributions import HELPER, contribution_of, roles_of
from recognition.rules.counting import counts
from recognition.rules.speech import book_of
from recognition.rules.traces import may_be_told
from recognition.state import ACTIVE_IN_WEEK, Activity
from recognition.state_book import Contribution, Done
from recognition.state_threads import Post, Thread

MOST_DEEDS_NAMED = 3


WEEK_DAYS = 7


_LAST = 1_000_000


class Chosen(NamedTuple):
    """Somebody who can be thanked: the points of the week, and for what."""

    member: str
    points: int
    deeds: tuple[Done, ...]
    helper: bool


def choose(turn: Turn) -> tuple[Chosen, ...]:
    """Whom to thank: by points of the week, then roles nobody was thanked for longest; a helper among them."""
    figures = turn.playbook.recognition
    day = today(turn)
    weeks = (iso_week(day), iso_week(day - WEEK_DAYS * DAY))
    seen = {activity.member: activity for week in weeks for activity in turn.find(ACTIVE_IN_WEEK, week)}
    able = [one for member in sorted(seen) if (one := candidate(turn, seen[member], day)) is not None]
    able.sort(key=lambda one: _rank(turn, one))
    chosen = able[: figures.thanks_most]
    helpers = sum(one.helper for one in chosen)
    spare = [one for one in able[figures.thanks_most :] if one.helper]
    while helpers < figures.thanks_helpers_least and spare:
        out = max((at for at, one in enumerate(chosen) if not one.helper), default=None)
        if out is None:
            break
        del chosen[out]
        chosen.append(spare.pop(0))
        helpers += 1
    return tuple(chosen)


def candidate(turn: Turn, activity: Activity, day: date) -> Chosen | None:
    """Somebody who did something in the week before a day, agreed to thanks, and was not thanked in the last weeks."""
    member, person = activity.member, turn.person(activity.member)
    contribution = turn.get(Contribution, member)
    if contribution is None or person is None or not counts(turn, member) or not may_be_named(person):
        return None
    if person.thanks == "none":
        return None
    if contribution.thanked_on is not None:
        weeks = (_monday(day) - _monday(contribution.thanked_on)) // WEEK_DAYS
        if weeks < turn.playbook.recognition.thanks_rest_weeks:
            return None
    oldest = day.toordinal() - WEEK_DAYS
    points = sum(known.earned for known in activity.days if known.day > max(oldest, _last_day_of_history(turn)))
    recent = (_as_it_stands(turn, deed) for deed in contribution.deeds if deed.day > oldest and not deed.history)
    deeds = tuple(deed for deed in recent if deed is not None)
    if points <= 0 or not deeds:
        return None
    helper = HELPER in roles_of(contribution) or any(deed.kind == "answer" for deed in deeds)
    best = sorted(deeds, key=lambda deed: (_ORDER.index(deed.kind), deed.title is None, -deed.day, deed.event))
    return Chosen(member, points, tuple(best[:MOST_DEEDS_NAMED]), helper)


def _last_day_of_history(turn: Turn) -> int:
    """The last whole day that was imported: what people did until then is nothing to thank for now."""
    horizon = turn.community.horizon
    return -1 if horizon is None else local_day(horizon, turn.playbook.zone).toordinal() - 1


_ORDER = (*("task", "answer", "meetup", "welcome", "feedback", "synthesis", "test", "referral", "advocacy", "kudos"),)
"""Which deed a text tells first."""


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()


def _as_it_stands(turn: Turn, deed: Done) -> Done | None:
    """A deed under the title its thread has now; None of a complaint, a care thread, a restricted place."""
    name = deed.about if deed.kind == "answer" else None
    if name is None and deed.post is not None:
        post = turn.get(Post, deed.post)
        name = post.thread if post is not None else None
    thread = turn.get(Thread, name) if name is not None else None
    if thread is None:
        return deed
    if not may_be_told(turn, thread):
        return None
    return deed._replace(title=thread.title) if deed.kind == "answer" else deed


def _rank(turn: Turn, one: Chosen) -> tuple[int, int, int, int, str]:
    contribution = contribution_of(turn, one.member)
    last = dict(book_of(turn).thanked)
    roles = min((last.get(role, 0) for role in roles_of(contribution)), default=_LAST)
    before = contribution.thanked_on.toordinal() if contribution.thanked_on is not None else 0
    return -one.points, roles, before, stable_hash("thanks", today(turn).isoformat(), one.member), one.member
