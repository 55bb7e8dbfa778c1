"""What a service waits for before it works, and what no waiting mends."""

import asyncio
from collections.abc import Awaitable, Callable

from chassis.bus import EVENTS, ApiRefused, Bus, Unavailable
from chassis.postgres import passes
from chassis.provision import describe, partitions_of

_RETRY_SECONDS = 1.0


class NoLog(Exception):  # noqa: N818 - what was found, not a fault of the program
    """The stream is missing: no waiting makes it."""


async def patiently(work: Callable[[], Awaitable[object]], tell: Callable[[str], None]) -> None:
    """Do it as soon as Postgres answers; `tell` hears why it is not done yet."""
    while True:
        try:
            await work()
        except Exception as error:
            if not passes(error):
                raise
            tell(f"waiting for Postgres: {type(error).__name__}")
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


async def partitions_found(bus: Bus, tell: Callable[[str], None]) -> int:
    """How many partitions the log has, as soon as NATS answers. `NoLog` when it has no such stream."""
    while True:
        try:
            found = await describe(bus, EVENTS)
        except (Unavailable, ApiRefused) as error:
            tell(f"waiting for NATS: {error}")
            if await bus.connected_within(_RETRY_SECONDS):
                await asyncio.sleep(_RETRY_SECONDS / 10)
            continue
        if found is None:
            raise NoLog(f"there is no stream {EVENTS}: run `ruche log provision`")
        return partitions_of(found)
