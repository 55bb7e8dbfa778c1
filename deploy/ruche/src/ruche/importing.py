"""A history on its way onto the log: each fact once, in order, marked as history, whatever was interrupted before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

import orjson

from chassis.bus import Bus
from contracts.errors import Refused
from contracts.registry import publisher_kind
from contracts.wire import decode
from ruche.adopting import PLATFORM, Found, is_adopted
from ruche.commands.send import Fact
from ruche.exits import Problem
from ruche.following import last_sequence, until
from ruche.publishing import publish


@dataclass(slots=True)
class Held:
    """What the log already holds of a community.

    Attributes:
        identities: of everything platforms said in it, hashed.
        live_from: the time of the earliest live fact of a platform; None while there is none.
    """

    identities: set[bytes] = field(default_factory=set)
    live_from: datetime | None = None


async def bring(
    bus: Bus,
    facts: Iterable[Fact],
    history: Mapping[str, Found],
    *,
    late: bool = False,
    advance: Callable[[], object] = lambda: None,
) -> dict[str, int]:
    """Publish the facts of a history that the log has not; answers how many of each community.

    Raises Problem, with nothing sent, where a community is live already in the time that the history tells of, unless
    it may be `late`. A fact that is in the log, live or not, is left alone: identities are looked up in the log itself,
    since a service forgets them after 30 days of the community's time, which an import leaves behind quickly.
    """
    held = {slug: await _held(bus, slug) for slug in history}
    for slug, one in history.items():
        _expect_before_live(slug, one, held[slug], late=late)
    sent = dict.fromkeys(history, 0)
    for fact in facts:
        if not is_adopted(fact.event):
            continue
        advance()
        slug, identity = fact.event.data.community, _identity(fact.event.source, fact.event.id)
        if identity in held[slug].identities:
            continue
        raw = as_history(fact.raw)
        await publish(bus, decode(raw), raw)
        held[slug].identities.add(identity)
        sent[slug] += 1
    return sent


def as_history(raw: bytes) -> bytes:
    """The same fact, marked as history."""
    return orjson.dumps({**orjson.loads(raw), "backfill": True})


def _identity(source: str, event_id: str) -> bytes:
    return blake2b(f"{source}\x1f{event_id}".encode(), digest_size=16).digest()


async def _held(bus: Bus, slug: str) -> Held:
    """What platforms said of a community, as far as the log has it."""
    held = Held()
    async for stored in until(bus, await last_sequence(bus), filters=[f"*.*.*.{slug}.*"]):
        try:
            event = decode(stored.raw)
        except Refused:
            continue
        if publisher_kind(event.type) != PLATFORM:
            continue
        held.identities.add(_identity(event.source, event.id))
        if not event.backfill and (held.live_from is None or event.time < held.live_from):
            held.live_from = event.time
    return held


def _expect_before_live(slug: str, one: Found, held: Held, *, late: bool) -> None:
    if held.live_from is None or one.last is None or held.live_from > one.last or late:
        return
    raise Problem(
        f"{slug} is live since {held.live_from:%Y-%m-%d %H:%M} UTC and this history goes on until"
        f" {one.last:%Y-%m-%d %H:%M}: what is live already would be told again as history. Cut the file at that time,"
        " or say --late if none of it is in the log under another id"
    )
