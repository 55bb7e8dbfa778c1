"""Acts: what makes a day active is counted, and the first act of a day earns its point."""

from datetime import date

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.turn import Turn
from recognition.rules.counting import (
    activity_of,
    counts,
    day_at,
    first_in_month,
    kept_days,
    ordinal_at,
    standing_of,
    week_now,
    with_day,
)
from recognition.rules.ledger import HUNDRED, Earning, award
from recognition.rules.strata import judge
from recognition.state import Activity, Day, InThread, Standing

MOST_THREADS = 40


def acted(
    turn: Turn,
    member: str,
    event: AnyEvent,
    activity: Activity | None = None,
    *,
    posts: int = 0,
    given: int = 0,
    post: str | None = None,
    thread: str | None = None,
    texts: tuple[tuple[int, str], ...] | None = None,
) -> None:
    """Count an act of somebody who counts; the first of a local day makes it active.

    Args:
        turn: the turn.
        member: who acted; the caller knows that they count.
        event: the act.
        activity: the person's, where the caller has it at hand.
        posts: posts or meet-ups in it.
        given: reactions given in it.
        post: the post that it is, if it is one.
        thread: the thread of somebody else's in which it is a reply, if it is one.
        texts: the person's last texts with this one.
    """
    if activity is None:
        activity = activity_of(turn, member)
    ordinal = ordinal_at(turn, event.time)
    day = day_at(activity, ordinal)
    first = day.acts == 0
    if first:
        first_in_month(turn, activity, ordinal)
    turn.put(_after(turn, activity, event, day, counted=(posts, given), thread=thread, texts=texts))
    known = turn.get(Standing, member)
    standing = known or standing_of(turn, member)
    if posts and post is not None and standing.first_post_on is None:
        standing = replace(standing, first_post_on=date.fromordinal(ordinal), first_post_by=event.id)
    if standing is not known:
        turn.put(standing)
    if first:
        full = turn.playbook.recognition.points.active_day_points * HUNDRED
        award(turn, Earning(member, "active_day", full, full, event.id, ordinal, post=post))


def _after(
    turn: Turn,
    activity: Activity,
    event: AnyEvent,
    day: Day,
    *,
    counted: tuple[int, int],
    thread: str | None,
    texts: tuple[tuple[int, str], ...] | None,
) -> Activity:
    """The activity after an act, in one go: it is made for nearly every post."""
    days, week, (posts, given) = activity.days, activity.week, counted
    newest = days[-1].day if days else 0
    if newest == day.day:
        days = (*days[:-1], _with(day, event.id, posts, given, thread))
    elif not days or day.day > newest - kept_days(turn.playbook):
        days = with_day(days, _with(day, event.id, posts, given, thread), kept_days(turn.playbook))
        week = max(week, week_now(turn))
    later = activity.last_at is None or event.time > activity.last_at
    return Activity(
        member=activity.member,
        last_at=event.time if later else activity.last_at,
        last_by=event.id if later else activity.last_by,
        week=week,
        days=days,
        threads=activity.threads if thread is None else in_thread(activity.threads, thread, day.day),
        texts=activity.texts if texts is None else texts,
    )


def _with(day: Day, by: str, posts: int, given: int, thread: str | None) -> Day:
    return day._replace(
        by=day.by or by,
        acts=day.acts + 1,
        posts=day.posts + posts,
        given=day.given + given,
        replies=day.replies + (thread is not None),
    )


def in_thread(threads: tuple[InThread, ...], thread: str, day: int) -> tuple[InThread, ...]:
    """The threads of others with one more reply in one of them, newest last."""
    if threads and threads[-1].thread == thread:
        last = threads[-1]
        return (*threads[:-1], InThread(thread, max(day, last.day), last.replies + 1))
    known = next((seen for seen in threads if seen.thread == thread), InThread(thread, day, 0))
    seen = InThread(thread, max(day, known.day), known.replies + 1)
    return (*(other for other in threads if other.thread != thread), seen)[-MOST_THREADS:]


def alive(activity: Activity, event: AnyEvent) -> Activity:
    """The activity after a sign of life; one older than the last changes nothing."""
    if activity.last_at is not None and event.time <= activity.last_at:
        return activity
    return Activity(
        member=activity.member,
        last_at=event.time,
        last_by=event.id,
        week=activity.week,
        days=activity.days,
        threads=activity.threads,
        texts=activity.texts,
    )


def voted(turn: Turn, event: AnyEvent) -> None:
    """A vote makes the day active."""
    member = event.data.member
    if member is not None and counts(turn, member):
        acted(turn, member, event)
        judge(turn, member, event.id)
