"""What platforms publish in a trial: facts of several communities, some of them twice, some of them nonsense."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

from contracts.envelope import AnyEvent
from contracts.subjects import subject_of
from contracts.wire import decode
from facts_said import posted
from recorded import fortnight, recent_monday
from toy.service import BOOM
from trials.plan import TOY, Plan

COMMUNITIES = ("atelier", "verger", "fablab", "jardin", "chorale")
_TOY_POSTS = 50
_SIMULATED = 70
ANY_TIME = "2026-03-02 10:00"


class Parcel(NamedTuple):
    """One message as a platform means to publish it. The id is the platform's own, as `Nats-Msg-Id`."""

    subject: str
    body: bytes
    message_id: str


def parcels(plan: Plan) -> dict[str, list[Parcel]]:
    """For each community, what its platform publishes, in order; the same for the same seed and week."""
    chance = Random(f"load {plan.seed}")  # noqa: S311 - a load is no secret
    result = {}
    communities = COMMUNITIES if plan.services == (TOY,) else COMMUNITIES[:3]
    for number, community in enumerate(communities):
        events = _toy(community, chance, plan) if plan.services == (TOY,) else _simulated(community, plan.seed + number)
        result[community] = list(_sent(community, events, chance))
    return result


def _toy(community: str, chance: Random, plan: Plan) -> Iterator[AnyEvent]:
    # Recent ones: the last is ten minutes of silence old within seconds from now. Else all of it is due already; no
    # longer ago than identities are remembered, so that what is sent again counts once.
    ago = timedelta(minutes=10, seconds=20 * _TOY_POSTS - chance.randrange(60)) if plan.recent else timedelta(days=3)
    at = datetime.now(UTC) - ago
    for number in range(_TOY_POSTS):
        # Late events too, and silences long enough to fall due among the posts.
        at += timedelta(seconds=chance.choice((20, 20, 20, 20, -60, 60)), microseconds=number)
        yield posted(
            ANY_TIME,
            member=f"m{chance.randrange(7)}",
            community=community,
            thread=f"t{chance.randrange(3)}",
            post=f"p{number}",
            event_id=f"{community}-{number}",
            body=BOOM if chance.random() < 0.01 else "Bonjour",
        ).model_copy(update={"time": at})


def _simulated(community: str, seed: int) -> Iterator[AnyEvent]:
    facts = fortnight(seed=seed % 7, community=community, start=recent_monday())
    for fact in facts[:_SIMULATED]:
        yield decode(json.dumps(fact, ensure_ascii=False).encode())


def _sent(community: str, events: Iterator[AnyEvent], chance: Random) -> Iterator[Parcel]:
    """Each fact, now and then an earlier one again under its old or a new id, now and then nonsense."""
    sent: list[Parcel] = []
    for number, event in enumerate(events):
        parcel = Parcel(str(subject_of(event)), event.to_json(), f"{event.source} {event.id}")
        sent.append(parcel)
        yield parcel
        draw = chance.random()
        if draw < 0.1:
            yield chance.choice(sent)._replace(message_id=f"{community} again {number}")
        elif draw < 0.15:
            yield chance.choice(sent)
        elif draw < 0.17:
            yield Parcel(f"post.created.{community}.forum", b"{ nonsense", f"{community} nonsense {number}")
