"""Who was erased stays so: what is told of them late is not written down, and what names them is heard without them.

What is kept of them for that is a keyed hash and two instants; whoever has no key can try names and learns nothing.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import orjson
from pydantic import ValidationError

from chassis.common import Tombstone
from chassis.shelf import Shelf
from chassis.turn import LiveTurn
from contracts.community import Community
from contracts.envelope import AnyEvent
from contracts.facts import MemberErased, MemberForgotten
from contracts.identity import SERVICES
from contracts.persons import people_in, renamed
from contracts.registry import MODELS

EMBEDDED_SECRET = b"embedded"
"""Protects nothing: of embedded servers, which listen on loopback alone, and of replays."""
_CHARACTERS = 32


def nameless(secret: bytes, community: str, member: str) -> str:
    """What a person is called after they were erased: always the same, and nobody's name without the secret."""
    text = f"erased\x1f{community}\x1f{member}"
    return hmac.new(secret, text.encode(), sha256).hexdigest()[:_CHARACTERS]


def without_erased(event: AnyEvent, community: Community, shelf: Shelf, secret: bytes) -> AnyEvent | None:
    """An event as it may be written down; None when nothing of it may. What is older than an erasure names nobody."""
    slug = event.data.community
    if community.forgotten_until is None or event.time > community.forgotten_until:
        return event
    decision = event.source.startswith(SERVICES)

    def is_gone(member: str) -> bool:
        stone: Tombstone | None = shelf.row(Tombstone, (slug, nameless(secret, slug, member)))
        return stone is not None and event.time <= (stone.until if decision else stone.erased_at)

    return without(event, is_gone)


def bury(turn: LiveTurn, event: AnyEvent, secret: bytes) -> None:
    """Who is erased leaves a stone without a name."""
    if event.type == MemberErased.TYPE:
        person = nameless(secret, turn.slug, event.data.member)
        turn.put(Tombstone(person=person, erased_at=event.time, until=turn.now))
    elif event.type == MemberForgotten.TYPE:
        data = event.data
        known = turn.get(Tombstone, data.person)
        if known is None or known.until < data.until:
            turn.put(Tombstone(person=data.person, erased_at=data.erased_at, until=data.until))


def without(event: AnyEvent, is_gone: Callable[[str], bool]) -> AnyEvent | None:
    """An event without those of whom nothing may be written down; None when nothing of it is left.

    What somebody did goes with them; whoever only stands in it is taken out of it.
    """
    # What was left out stays so: an empty list would be somebody's word.
    data: dict[str, Any] = event.data.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    gone = {member for member in people_in(event.type, data) if is_gone(member)}
    if not gone:
        return event
    if data.get("member") in gone and not event.source.startswith(SERVICES):
        return None
    left = renamed(event.type, data, lambda member: None if member in gone else member)
    if left is None:
        return None
    try:
        return event.model_copy(update={"data": MODELS[event.type].model_validate_json(orjson.dumps(left))})
    except ValidationError:
        return None
