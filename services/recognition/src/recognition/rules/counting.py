"""Who counts, and what somebody did and got by day."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from contracts.activity import iso_week
from contracts.people import Person, is_deceased, is_staff
from contracts.playbook import Playbook
from contracts.turn import Turn
from recognition.rules.clocks import day_of, today
from recognition.rules.speech import book_of
from recognition.state import Activity, Day, Standing
from recognition.state_book import SamePerson
from recognition.state_circle import Relay

FIRST_LOOK_DAYS = 21


def counts(turn: Turn, member: str) -> bool:
    """Whether somebody can earn: a known person, no program, not of the house, who did not object."""
    person = turn.person(member)
    return person is not None and may_earn(person, turn.playbook)


def may_earn(person: Person, playbook: Playbook) -> bool:
    """Bots and staff never earn; nor does anybody who wants no profile, or who died."""
    return (
        not person.bot
        and person.profiling
        and not is_deceased(person)
        and not is_staff(person, person.member, playbook)
    )


def is_self(turn: Turn, giver: str | None, receiver: str) -> bool:
    """Whether two ids are one person: what one gives oneself is nothing."""
    if giver is None:
        return False
    if giver == receiver:
        return True
    same = turn.get(SamePerson, giver)
    return same is not None and receiver in same.others


def kept_days(playbook: Playbook) -> int:
    """How many days of somebody's activity any rule looks back."""
    figures = playbook.recognition
    return max(
        figures.strata.window_days,
        figures.fading_act_days,
        7 * (figures.fading_median_weeks + figures.fading_weeks + 1),
        figures.fairness.one_giver_days,
        figures.fairness.pair_days,
    )


def ordinal_at(turn: Turn, moment: datetime) -> int:
    """The ordinal of the local day of a moment; one ahead of the community's now counts as now."""
    return day_of(min(moment, turn.now), turn.playbook.zone).toordinal()


def day_at(activity: Activity, ordinal: int) -> Day:
    """What is known of one day."""
    days = activity.days
    if days and days[-1].day == ordinal:
        return days[-1]
    return next((day for day in reversed(days) if day.day == ordinal), Day(ordinal))


def with_day(days: tuple[Day, ...], day: Day, keep: int) -> tuple[Day, ...]:
    """The days with one of them put in; those that nothing looks back to are left out."""
    if days and days[-1].day == day.day:
        return (*days[:-1], day)
    oldest = max(day.day, days[-1].day if days else 0) - keep
    return tuple(sorted((*(known for known in days if known.day != day.day and known.day > oldest), day)))


def activity_of(turn: Turn, member: str) -> Activity:
    """What is known of somebody's activity; nothing at first."""
    return turn.get(Activity, member) or Activity(member=member)


def standing_of(turn: Turn, member: str) -> Standing:
    """Where somebody stands; listening in at first."""
    known = turn.get(Standing, member)
    if known is not None:
        return known
    fresh = Standing(member=member, since=turn.now, look_on=_later(turn, FIRST_LOOK_DAYS))
    if turn.get(Relay, member) is not None:
        # Somebody whom the playbook named as a relay before the first act.
        return replace(fresh, stratum=4, holding_since=turn.now)
    return fresh


def _later(turn: Turn, days: int) -> Any:
    day = today(turn)
    return day.fromordinal(day.toordinal() + days)


def week_now(turn: Turn) -> str:
    """The ISO week of now: under it the weekly thanks find who gained something."""
    return iso_week(today(turn))


def touched(turn: Turn, activity: Activity, day: Day) -> Activity:
    """The activity with a day changed, not yet put."""
    if activity.days and activity.days[-1].day == day.day:
        return Activity(
            member=activity.member,
            last_at=activity.last_at,
            last_by=activity.last_by,
            week=activity.week,
            days=(*activity.days[:-1], day),
            threads=activity.threads,
            texts=activity.texts,
        )
    week = week_now(turn)
    return Activity(
        member=activity.member,
        last_at=activity.last_at,
        last_by=activity.last_by,
        week=max(week, activity.week),
        days=with_day(activity.days, day, kept_days(turn.playbook)),
        threads=activity.threads,
        texts=activity.texts,
    )


def got(turn: Turn, member: str, ordinal: int, **more: int) -> None:
    """Count something that somebody got on a day; below zero to take it off."""
    activity = activity_of(turn, member)
    day = day_at(activity, ordinal)
    added = {name: max(0, getattr(day, name) + count) for name, count in more.items()}
    turn.put(touched(turn, activity, day._replace(**added)))


def first_in_month(turn: Turn, activity: Activity, ordinal: int) -> None:
    """Count somebody among the actives of the month, at the first act of theirs in it."""
    today_ = today(turn)
    month = f"{today_.year:04}-{today_.month:02}"
    book = turned(turn, month)
    start = today_.replace(day=1).toordinal()
    if ordinal < start or any(day.acts and day.day >= start for day in activity.days):
        return
    turn.put(replace(book, actives=book.actives + 1))


def turned(turn: Turn, month: str) -> Any:
    """The book in a month: with a new one the count starts again, and the last one's is kept."""
    book = book_of(turn)
    if book.month == month:
        return book
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 2, 12)
    before = f"{year:04}-{number + 1:02}"
    return replace(book, month=month, actives=0, last_actives=book.actives if book.month == before else 0)


def actives(turn: Turn) -> int:
    """People active in a month: the last whole one or the present one, whichever had more."""
    book = book_of(turn)
    return max(book.last_actives, book.actives)
