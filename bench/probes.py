"""Facts of this moment that each service answers at once with a decision: what latency is measured on."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bench.material import PLAYBOOK
from contracts.envelope import AnyEvent, Event
from contracts.registry import MODELS
from ruche import orders, playbooks

SOURCE = "/platforms/forum"
COMMUNITIES = ("reparation", "chorale", "cinema", "photo", "couture", "jardin", "livres", "atelier")
"""One in each of the eight partitions."""


def _fact(event_type: str, number: int, at: datetime, **data: Any) -> AnyEvent:
    model = MODELS[event_type]
    community = COMMUNITIES[number % len(COMMUNITIES)]
    return Event[model](  # type: ignore[valid-type]
        id=f"{event_type}/{at:%Y%m%d%H%M%S%f}/{number}",
        source=SOURCE,
        type=event_type,
        time=at,
        data=model.model_validate({"community": community, **data}),
    )


def _posted(number: int, at: datetime, **said: str) -> AnyEvent:
    return _fact(
        "post.created",
        number,
        at,
        member=f"m{at:%H%M%S}-{number // len(COMMUNITIES)}",
        post=f"p{at:%j%H%M%S}-{number}",
        thread=f"t{at:%j%H%M%S}-{number}",
        channel="general",
        **said,
    )


def posted(number: int, at: datetime) -> AnyEvent:
    """A post in a thread of its own: points are awarded."""
    return _posted(number, at, kind="message", body="La courroie est changée, la machine tourne.")


def asked(number: int, at: datetime) -> AnyEvent:
    """A question: it is opened."""
    body = "Bonjour, comment est-ce que je change la courroie de ma machine à laver ?"
    return _posted(number, at, kind="question", title="Comment changer la courroie ?", body=body)


def promised(number: int, at: datetime) -> AnyEvent:
    """A promise that was due a minute ago: it is late."""
    due = at - timedelta(minutes=1)
    return _fact(
        "promise.made", number, at, by="lucie", promise=f"r{at:%j%H%M%S}-{number}", what="prêter le local", due=due
    )


def reported(number: int, at: datetime) -> AnyEvent:
    """A figure that a goal is measured by: it is reported."""
    return _fact(
        "outcome.reported",
        number,
        at,
        goal="success",
        value=number,
        unit="objects",
        period=f"{at:%Y-%m}",
        source="helpdesk",
    )


def _reported_among_posts(number: int, at: datetime) -> AnyEvent:
    return reported(number, at) if number % 2 else posted(number, at)


def _promised_among_posts(number: int, at: datetime) -> AnyEvent:
    return promised(number, at) if number % 2 else posted(number, at)


TRAFFIC: Mapping[str, Callable[[int, datetime], AnyEvent]] = {
    "digest": _reported_among_posts,
    "onboarding": _promised_among_posts,
    "recognition": posted,
    "support": asked,
}
"""What is sent to a service: posts, and among them what it answers at once."""


def answered(service: str) -> Callable[[AnyEvent], bool]:
    """Which of its traffic a service answers at once."""
    every = service in {"recognition", "support"}
    return lambda event: every or event.type != "post.created"


def opening(at: datetime) -> list[AnyEvent]:
    """Every community configured and unmuted."""
    loaded = playbooks.load(PLAYBOOK)
    events = []
    for community in COMMUNITIES:
        events.append(orders.configured(community, loaded.for_years_around(at), at))
        events.append(orders.unmuted(community, at, by="bench"))
    return events
