"""The receiving side of a platform: a durable consumer of the log that holds its decisions until it has acted."""

from typing import Any

from chassis.bus import EVENTS, ApiRefused, Bus
from ruche.access.registry import Principal
from ruche.exits import Code, Problem

ACK_WAIT_SECONDS = 30
"""What was not acknowledged for so long is given out again."""
MOST_UNACKNOWLEDGED = 1000
_NANOSECONDS = 1_000_000_000
_NO_SUCH_STREAM, _NO_SUCH_CONSUMER = 10059, 10014


def consumer_config(principal: Principal) -> dict[str, Any]:
    """The consumer of a platform: from now on, its types in its communities, each until it is acknowledged."""
    return {
        "name": principal.name,
        "durable_name": principal.name,
        "description": f"What the platform {principal.name} receives.",
        "deliver_policy": "new",
        "ack_policy": "explicit",
        "ack_wait": ACK_WAIT_SECONDS * _NANOSECONDS,
        "max_ack_pending": MOST_UNACKNOWLEDGED,
        "filter_subjects": [
            f"*.{type_}.{community}.*" for community in principal.communities for type_ in principal.receives
        ],
    }


async def make_consumer(bus: Bus, principal: Principal) -> None:
    """Make a platform's consumer, or give the one there is what it receives now; it keeps its place."""
    body = {"stream_name": EVENTS, "config": consumer_config(principal)}
    try:
        await bus.api(f"CONSUMER.CREATE.{EVENTS}.{principal.name}", body)
    except ApiRefused as refused:
        if refused.code == _NO_SUCH_STREAM:
            raise Problem("there is no log yet: `ruche log provision` makes it", Code.UNREACHABLE) from None
        raise


async def drop_consumer(bus: Bus, name: str) -> None:
    """Take a platform's consumer away, with its place in the log."""
    try:
        await bus.api(f"CONSUMER.DELETE.{EVENTS}.{name}")
    except ApiRefused as refused:
        if refused.code not in {_NO_SUCH_STREAM, _NO_SUCH_CONSUMER}:
            raise
