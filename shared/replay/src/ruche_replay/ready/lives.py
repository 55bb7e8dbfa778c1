"""Stretches of a community's life, for stories that need a past: conversations, a regular, a platform that speaks."""

from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import AnyEvent
from ruche_replay.facts import accepted, days, hours, joined, minutes, posted, reacted, replied, seen


def people(*names: str, at: datetime, **data: Any) -> list[AnyEvent]:
    """They all join."""
    return [joined(name, at, **data) for name in names]


def conversation(asker: str, helper: str, at: datetime, *, post: str, **data: Any) -> list[AnyEvent]:
    """A question and its answer, an hour apart."""
    question = {"kind": "question", "title": f"Question {post} ?", **data}
    return [
        posted(asker, at, post=post, body=f"Je cherche pourquoi {post} ne marche plus.", **question),
        replied(helper, post, at + hours(1), post=f"{post}-a", body=f"Pour {post}, regarde du côté du fusible."),
    ]


def pulse(since: datetime, count: int, member: str = "zoe") -> list[AnyEvent]:
    """The platform speaks once a day: silence of people is no silence of it."""
    return [seen(member, since + days(n)) for n in range(count)]


def reactions(member: str, since: datetime, *offsets: int) -> list[AnyEvent]:
    """A reaction on each of these days."""
    return [reacted(member, "p", since + days(day)) for day in offsets]


def regular(
    member: str, since: datetime, count: int, *, asker: str = "zoe", fans: int = 6, named: str | None = None
) -> list[AnyEvent]:
    """So many days of answers to somebody's questions, with reactions; one answer a month is accepted."""
    happened: list[AnyEvent] = []
    named = named or member
    for n in range(count):
        at = since + days(n)
        name = f"{named}-q{n}"
        happened += conversation(asker, member, at, post=name)
        happened.append(reacted(f"fan{n % fans}", f"{name}-a", at + hours(2)))
        happened.append(reacted(member, name, at + hours(2) + minutes(5)))
    for n in range(0, count, 30):
        happened.append(accepted(f"{named}-q{n}-a", f"{named}-q{n}", asker, since + days(n) + hours(3)))
    return in_order(happened)


def weeks_of_threads(until: datetime, weeks: int = 8) -> list[AnyEvent]:
    """Two threads a day by members, at 08:30 and 09:30 UTC, up to a day."""
    first = until.replace(hour=0, minute=0) - timedelta(weeks=weeks)
    return [
        posted(f"m{number % 7}", first + days(day) + hours(hour), post=f"old-{day}-{number}")
        for day in range(weeks * 7)
        for number, hour in enumerate((8.5, 9.5))
    ]


def in_order(happened: list[AnyEvent]) -> list[AnyEvent]:
    """By time."""
    return sorted(happened, key=lambda event: event.time)
