"""What makes a day of somebody active, and what a local day and a week are."""

from datetime import date, datetime, tzinfo
from functools import lru_cache

from contracts.envelope import AnyEvent

ACTIVE_TYPES = frozenset(
    {
        "post.created",
        "reaction.added",
        "answer.accepted",
        "task.completed",
        "meetup.hosted",
        "meetup.attended",
        "poll.voted",
    }
)
"""A post, a reaction given, an answer accepted, a task done, a meet-up, a vote: one of them makes the day active."""


def active_member(event: AnyEvent) -> str | None:
    """Whose local day this event makes active: the member who acted; None for a bot, or when nobody is told.

    Reading, being reacted to, or being accepted makes nobody active: only one's own act does.
    """
    if event.type not in ACTIVE_TYPES or (event.type == "post.created" and event.data.bot):
        return None
    member: str | None = event.data.member
    return member


@lru_cache(maxsize=256)
def local_day(time: datetime, zone: tzinfo) -> date:
    """The day of a moment in a zone. One fact asks for its day again and again: the newest answers are kept."""
    return time.astimezone(zone).date()


def iso_week(day: date) -> str:
    """The ISO week of a day, as `2026-W07`; it sorts by time."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def week_start(day: date) -> date:
    """The Monday of a day's ISO week."""
    return date.fromordinal(day.toordinal() - day.weekday())
