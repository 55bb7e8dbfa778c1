"""The daily round: what time alone changes, for whoever it is due; and what can no longer matter is dropped."""

from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.community import can_emit
from contracts.people import is_paused
from contracts.turn import Selection, Turn
from recognition.rules import (
    absence,
    appointing,
    circle,
    contributions,
    milestones,
    perks,
    relays,
    strata,
    stratum_falls,
    thanks,
)
from recognition.rules.clocks import DAY, today, waking_day_after
from recognition.rules.counting import counts, kept_days, turned
from recognition.rules.ledger import HUNDRED, Earning, award
from recognition.rules.replies import count_reply
from recognition.rules.requirements import HOLDING_UP, RELAY, TELLING, fails_on
from recognition.rules.speech import book_of
from recognition.state import AT_STRATUM, PAIRS_ON, TO_LOOK_AT, Activity, Pair, Standing
from recognition.state_book import FEEDBACK_ON, MEETUPS_ON, SAID_ON, Book, Feedback, Knows, Meetup, Said
from recognition.state_circle import TASKS_ON, Task
from recognition.state_threads import POSTS_ON, THREADS_EARLY, THREADS_ON, Post, Thread

SAID_DAYS, TASK_DAYS, FEEDBACK_DAYS, MEETUP_DAYS = 30, 60, 400, 60
MOST_CATCH_UP = 800


def judged(turn: Turn, due: datetime) -> None:
    """Once a day, at 04:00: everybody on whom time alone may have changed something; on Mondays, habits."""
    day = local_day(due, turn.playbook.zone)
    book = _opened(turn, day)
    settle_unopened(turn)
    first = book.looked_on + DAY if book.looked_on is not None else day
    turn.put(replace(book, version=turn.version))
    looked: dict[str, None] = {}
    for back in range(min(MOST_CATCH_UP, max(0, (day - first).days)), -1, -1):
        for standing in turn.find(TO_LOOK_AT, (day - back * DAY).isoformat()):
            looked[standing.member] = None
    if book.version != turn.version:
        for level in "1234":
            looked |= {standing.member: None for standing in turn.find(AT_STRATUM, level)}
    for member in looked:
        look(turn, member)
    if day.weekday() == 0:
        for stratum in range(turn.playbook.recognition.fading_least_stratum, RELAY + 1):
            for standing in turn.find(AT_STRATUM, str(stratum)):
                absence.weekly(turn, standing)
        absence.count_told(turn)
    appointing.seats_counted(turn, day)
    relays.tend(turn)
    circle.tend(turn)
    perks.tend(turn)
    thanks.forget_rounds(turn)
    sweep(turn, day)


def _opened(turn: Turn, day: date) -> Book:
    """The book on a new day: the month, and what platforms have learnt to tell."""
    book: Book = turned(turn, f"{day.year:04}-{day.month:02}")
    told = [name for name in TELLING if can_emit(turn.community, name)]
    learnt = tuple(Knows(name, day.toordinal()) for name in told if name in book.unable)
    known = tuple(knows for knows in book.able if knows.type not in {one.type for one in learnt})
    return replace(
        book, able=tuple(sorted((*known, *learnt))), unable=tuple(name for name in TELLING if name not in told)
    )


def look(turn: Turn, member: str) -> None:
    """All that time alone may have changed for somebody; and when to look again."""
    standing = turn.get(Standing, member)
    if standing is None:
        return
    if turn.person(member) is None or not counts(turn, member):
        turn.put(replace(standing, look_on=None))
        return
    celebrated = milestones.years(turn, standing)
    if celebrated is not standing:
        turn.put(celebrated)
    standing = celebrated
    before = standing.stratum
    standing = relays.review(turn, standing) if before == RELAY else stratum_falls.fall(turn, standing)
    activity = turn.get(Activity, member)
    if activity is not None and standing.stratum == before and before < HOLDING_UP:
        strata.judge(turn, member, activity.last_by or standing.first_post_by)
        standing = turn.get(Standing, member) or standing
    standing = absence.look(turn, standing)
    roles = contributions.lapsed(turn, member)
    standing = turn.get(Standing, member) or standing
    stale = _stale_on(turn, activity)
    if stale is not None and stale <= today(turn):
        standing = replace(standing, last_by=activity.last_by if activity is not None else "")
        turn.drop(Activity, member)
        activity, stale = None, None
    days = [day for day in (*_next(turn, standing, activity), roles, stale) if day is not None]
    turn.put(replace(standing, look_on=max(min(days), today(turn) + DAY) if days else None))


def _stale_on(turn: Turn, activity: Activity | None) -> date | None:
    """The day from which nothing of somebody's activity counts any more."""
    if activity is None:
        return None
    last = date.fromordinal(activity.days[-1].day) if activity.days else date.min
    if activity.last_at is not None:
        last = max(last, local_day(activity.last_at, turn.playbook.zone))
    return last + (kept_days(turn.playbook) + 1) * DAY


def _next(turn: Turn, standing: Standing, activity: Activity | None) -> list[date | None]:
    """Days on which something may change: strata, their grace and steps, anniversaries, silence."""
    figures = turn.playbook.recognition
    result: list[date | None] = [milestones.next_year(turn, standing)]
    if standing.moved_at is not None and standing.stratum < HOLDING_UP:
        free = standing.moved_at + timedelta(days=figures.strata.step_days)
        result.append(local_day(free, turn.playbook.zone) + DAY if free > turn.now else None)
    if is_paused(turn.person(standing.member), turn.now):
        return [*result, today(turn) + 7 * DAY]
    if standing.stratum and not standing.locked:
        if standing.grace_from is not None:
            ends = stratum_falls.falls_on(turn, standing)
            free = standing.moved_at + timedelta(days=figures.strata.step_days) if standing.moved_at else turn.now
            free_on = local_day(free, turn.playbook.zone) + (1 if free > turn.now else 0) * DAY
            ends = max(ends, free_on)
            result.append(ends if standing.stratum < RELAY else max(ends, today(turn) + 7 * DAY))
        else:
            fails = fails_on(standing.stratum, strata.known_of(turn, standing, activity))
            # A relay whose figures were never kept misses nothing: a look a week sees when they are.
            over = standing.stratum == RELAY and fails is not None and fails <= today(turn)
            result.append(today(turn) + 7 * DAY if over else fails)
    if standing.holding_since is not None and standing.stratum == HOLDING_UP:
        eligible = local_day(standing.holding_since, turn.playbook.zone) + figures.strata.relay_days * DAY
        result.append(eligible if eligible > today(turn) else None)
    if standing.sanction_ends is not None and standing.stratum == HOLDING_UP - 1:
        free_on = (
            local_day(standing.sanction_ends, turn.playbook.zone) + figures.strata.holding_up_sanction_free_days * DAY
        )
        result.append(free_on if free_on > today(turn) else None)
    if activity is not None and activity.last_at is not None and standing.faded_on is None:
        last = local_day(activity.last_at, turn.playbook.zone)
        silent = waking_day_after(turn.playbook, last, figures.fading_silent_days)
        result.append(silent if silent > today(turn) else _still_silent(turn, activity))
    elif activity is not None and standing.faded_on is not None:
        result.append(max(standing.faded_on + figures.fading_again_days * DAY, today(turn) + DAY))
    return result


def _still_silent(turn: Turn, activity: Activity) -> date | None:
    """A silence that a silent platform or a quiet season holds up is looked at again; one that is over is not."""
    figures = turn.playbook.recognition
    if sum(day.acts for day in activity.days) < figures.fading_acts:
        return None
    return today(turn) + 7 * DAY


def settle_unopened(turn: Turn) -> None:
    """Replies whose thread has no opening yet are replies to somebody: it was said before all that is known."""
    for thread in turn.find(THREADS_EARLY):
        for name in thread.early:
            post = turn.get(Post, name)
            if post is None or post.gone or post.member is None or not post.early:
                continue
            turn.put(replace(post, early=False, replies=True))
            if post.fresh and counts(turn, post.member):
                full = turn.playbook.recognition.points.reply_points * HUNDRED
                earning = Earning(post.member, "reply", full, full, post.by, post.day, post=name, thread=thread.thread)
                award(turn, earning)
                count_reply(turn, post.member, thread.thread, post.day)
                strata.judge(turn, post.member, post.by)
        turn.put(replace(thread, early=()))


def sweep(turn: Turn, day: date) -> None:
    """Drop what no rule looks back to any more, by the day it was last touched; missed days are made up for."""
    figures = turn.playbook.recognition
    keep = max(kept_days(turn.playbook), figures.strata.window_days, figures.fairness.pair_days) + 1
    book = book_of(turn)
    ends = day - keep * DAY
    first = book.swept_to + DAY if book.swept_to is not None else ends
    for back in range(min(MOST_CATCH_UP, max(0, (ends - first).days)), -1, -1):
        _sweep_day(turn, ends - back * DAY)
    missed = min(MOST_CATCH_UP, (day - book.looked_on).days - 1) if book.looked_on is not None else 0
    for row, (selection, age, key) in _FORGOTTEN.items():
        for back in range(max(0, missed), -1, -1):
            _forget(turn, selection, row, key, day - (age + back) * DAY)
    turn.put(replace(book_of(turn), swept_to=max(ends, book.swept_to or ends), looked_on=day))


def _sweep_day(turn: Turn, day: date) -> None:
    name = day.isoformat()
    for post in turn.find(POSTS_ON, name):
        turn.drop(Post, post.post)
    for thread in turn.find(THREADS_ON, name):
        turn.drop(Thread, thread.thread)
    for pair in turn.find(PAIRS_ON, name):
        if pair.suspicion is None:
            turn.drop(Pair, pair.receiver, pair.giver)
        else:
            turn.put(replace(pair, touched_on=today(turn)))


def _forget(turn: Turn, selection: Selection[Any], row: type[Any], key: str, day: date) -> None:
    """Rows of a day, where a fixed number of days is enough; a task that is not done stays."""
    for old in turn.find(selection, day.isoformat()):
        if row is Task and old.state in {"open", "offered", "assigned"}:
            turn.put(replace(old, touched_on=today(turn)))
        else:
            turn.drop(row, getattr(old, key))


_FORGOTTEN: dict[type[Any], tuple[Selection[Any], int, str]] = {
    Said: (SAID_ON, SAID_DAYS, "decision"),
    Task: (TASKS_ON, TASK_DAYS, "task"),
    Feedback: (FEEDBACK_ON, FEEDBACK_DAYS, "feedback"),
    Meetup: (MEETUPS_ON, MEETUP_DAYS, "meetup"),
}
"""For each of these rows: where those of a day are found, how many days they are kept, and their key."""
