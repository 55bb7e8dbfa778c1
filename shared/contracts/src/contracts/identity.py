"""Who an event is: (source, id), and the ids that consequences derive from their cause."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SERVICES = "/services/"
"""Every service's `source` is this prefix and its name."""
CALENDAR = "/calendar"
"""The `source` of a cause that is no event: a calendar rule of a community and its due."""

_TIME_BITS = len("xxxxxxxx-xxxx-")
_VARIANT = {f"{digit:x}": f"{digit & 3 | 8:x}" for digit in range(16)}
"""The first digit of the fourth group: its upper two bits are the variant of RFC 9562."""


class Cause(NamedTuple):
    """What a decision or a deadline follows from: an event, or a calendar rule's due."""

    source: str
    id: str
    correlation: str


def service_source(service: str) -> str:
    """The `source` of what a service emits."""
    return SERVICES + service


def milliseconds(time: datetime) -> int:
    """Whole milliseconds since 1970-01-01T00:00Z, by integer arithmetic (floats would round)."""
    return (time - EPOCH) // MILLISECOND


def tail(service_id: str) -> str:
    """The id of something a service said, without its time: the same however it moves from one run to another."""
    return service_id[_TIME_BITS:]


def timeless(source: str, event_id: str) -> str:
    """An identity without the time bits of a service's id, so that a moved cause keeps its consequences' hashes."""
    if source.startswith(SERVICES):
        return f"{source} {tail(event_id)}"
    return f"{source} {event_id}"


def uuid8(time: datetime, *parts: str) -> str:
    """A UUIDv8 (RFC 9562): 48 bits of milliseconds, then 74 bits of a hash of the parts. Sorts by time."""
    moment = f"{milliseconds(time) & (1 << 48) - 1:012x}"
    digest = blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
    return f"{moment[:8]}-{moment[8:]}-8{digest[13:16]}-{_VARIANT[digest[16]]}{digest[17:20]}-{digest[20:]}"


def consequence_id(time: datetime, cause: Cause, service: str, rule: str, key: str) -> str:
    """The id of what `service` says at `time` because of `cause`: the same cause, the same id."""
    return uuid8(time, timeless(cause.source, cause.id), service, rule, key)


def identity_key(time: datetime, community: str, source: str, event_id: str) -> bytes:
    """The 16-byte key under which an identity is remembered as seen: time first, so that an index stays warm."""
    head = (milliseconds(time) & (1 << 48) - 1).to_bytes(6, "big")
    return head + blake2b(f"{community}\x1f{source}\x1f{event_id}".encode(), digest_size=10).digest()
