"""After a take-over or a lost connection: which of the messages to publish are in the log already."""

import asyncio
import contextlib
from collections.abc import Iterable

import orjson

from chassis.bus import EVENTS, Bus, Unavailable
from chassis.committing import identity_of
from chassis.log import Reader, Stored
from chassis.publish import Parcel
from chassis.settings import Settings


async def already_said(
    bus: Bus, partition: int, after: int, parcels: Iterable[Parcel], *, publisher: str, settings: Settings
) -> dict[int, int]:
    """Which of the parcels, by position, stand in the log behind a sequence, and where; it is read to its end.

    What a batch says is published after the cursor moved, so it can stand only behind it.
    """
    sought = {parcel.identity: parcel.position for parcel in parcels if parcel.stream == EVENTS}
    found: dict[int, int] = {}
    if not sought:
        return found
    heard = asyncio.Event()
    reader = Reader(
        bus, partition, batch=settings.batch_size, heartbeat_seconds=settings.heartbeat_seconds, wake=heard.set
    )
    try:
        await reader.open(after)
        while not reader.at_end:
            if reader.broken is not None:
                raise Unavailable(f"the log could not be read to its end: {reader.broken}")
            heard.clear()
            messages = await reader.take(settings.batch_size)
            if not messages and not reader.at_end:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(heard.wait(), settings.heartbeat_seconds)
            for message in messages:
                if message.subject.endswith(f".{publisher}"):
                    position = sought.get(_identity(message))
                    if position is not None:
                        found.setdefault(position, message.seq)
    finally:
        await reader.close()
    return found


def _identity(message: Stored) -> str:
    try:
        document = orjson.loads(message.raw)
        return identity_of(str(document["source"]), str(document["id"]))
    except (ValueError, KeyError, TypeError):
        return ""
