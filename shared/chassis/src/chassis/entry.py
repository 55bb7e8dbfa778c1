"""One message of the log, read: its event, or the reason it was refused."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from contracts.envelope import LARGEST_EVENT_BYTES, AnyEvent
from contracts.errors import Refused, TooLarge, UnknownType
from contracts.identity import identity_key
from contracts.wire import decode, examine


class Entry(NamedTuple):
    """A message at its place in the log.

    Attributes:
        seq: its sequence in the stream, or its line in a file.
        event: what it says; None when refused or skipped.
        refusal: why it is a dead letter.
        skipped: an unknown type of a known entity: counted, nothing more.
        identity: the key under which an event is remembered as seen; made once, for all who fold it.
    """

    seq: int
    stored_at: datetime | None
    subject: str | None
    raw: bytes
    event: AnyEvent | None
    refusal: Refused | None = None
    skipped: bool = False
    identity: bytes = b""


def identity_of(event: AnyEvent) -> bytes:
    """The key under which an event is remembered as seen."""
    return identity_key(event.time, event.data.community, event.source, event.id)


def read(
    raw: bytes,
    *,
    seq: int,
    stored_at: datetime | None = None,
    subject: str | None = None,
    publishers: Mapping[str, str] | None = None,
) -> Entry:
    """Decode and examine one message. Never raises: what is wrong is in the entry.

    `publishers` maps a `source` to the publisher token that was registered for it.
    """
    try:
        if len(raw) > LARGEST_EVENT_BYTES:
            raise TooLarge(
                f"the event has {len(raw)} bytes, more than {LARGEST_EVENT_BYTES}",
                where="the whole message",
                cure="shorten the text or leave out what no rule reads",
            )
        event = decode(raw)
        examine(event, subject=subject, stored_at=stored_at, publishers=publishers or {})
    except UnknownType as refusal:
        if refusal.known_entity:
            return Entry(seq, stored_at, subject, raw, None, None, skipped=True)
        return Entry(seq, stored_at, subject, raw, None, refusal)
    except Refused as refusal:
        return Entry(seq, stored_at, subject, raw, None, refusal)
    return Entry(seq, stored_at, subject, raw, event, identity=identity_of(event))


def read_redriven(entry: Entry) -> Entry | None:
    """What a `letter.redriven` brings back, as a message at its place of the log; None where it is a deadline."""
    body = entry.event.data.event if entry.event is not None else {}
    if not body or body.get("deadline") is not None:
        return None
    return read(json.dumps(body).encode(), seq=entry.seq)._replace(subject=entry.subject)
