"""The head of the log, let go: what every cursor has passed, and an archive holds to the byte."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from chassis import archive
from chassis.bus import EVENTS, Bus
from ruche import standing
from ruche.exits import Code, Problem
from ruche.history import Archive, archives
from ruche.lines import lines
from ruche.output import progress
from ruche.recorder import Extent, extent


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What was let go: `first` to `last`, how many messages; and what keeps the rest."""

    first: int
    last: int
    messages: int
    kept_by: str


async def trim(bus: Bus, connection: asyncpg.Connection, file: Path) -> Trimmed:
    """Drop the head of the log, as far as an archive goes and every reader has passed.

    `Problem` when the archive does not begin where the log does, does not hold what the log holds, or when there is
    nothing to drop.
    """
    log = await extent(bus)
    one = archives((file,), log)[0]
    if one.manifest.first > log.first:
        raise Problem(
            f"the log begins at {log.first:,}, {file.name} at {one.manifest.first:,}: what lies between is in no"
            " archive given here",
            Code.REFUSED,
        )
    reached, who = await standing.reached_by_all(connection, log.stream.partitions)
    waits, whose = await _deliveries(bus, log)
    places = ((one.manifest.last, f"the end of {file.name}"), (reached, who), (waits, whose))
    last, kept_by = min(places, key=lambda place: place[0])
    if last < log.first:
        raise Problem(f"nothing can be dropped: {kept_by} stands at {last:,}, and the log begins at {log.first:,}")
    await _same(bus, one, log, last)
    await bus.api(f"STREAM.PURGE.{EVENTS}", {"seq": last + 1})
    after = await extent(bus)
    return Trimmed(log.first, last, log.messages - after.messages + (after.last - log.last), kept_by)


async def _deliveries(bus: Bus, log: Extent) -> tuple[int, str]:
    """How far every durable consumer, which a platform receives by, has acknowledged what it was sent."""
    least, whose, offset = log.last, "the end of the log", 0
    while True:
        page = await bus.api(f"CONSUMER.LIST.{EVENTS}", {"offset": offset})
        consumers: list[dict[str, Any]] = page.get("consumers") or []
        for one in consumers:
            if not one["config"].get("durable_name") or not (one["num_pending"] or one["num_ack_pending"]):
                continue
            floor = int(one["ack_floor"]["stream_seq"])
            if floor < least:
                least, whose = floor, f"what {one['name']} has yet to receive"
        offset += len(consumers)
        if not consumers or offset >= int(page["total"]):
            return least, whose


async def _same(bus: Bus, one: Archive, log: Extent, last: int) -> None:
    """`Problem` unless the archive holds what the log holds, message by message, from its first to `last`."""
    recorded = (line for line in archive.archived(one.path) if line.seq >= log.first)
    with progress("comparing", last - log.first + 1, "messages") as advance:
        async for line in lines(bus, last, after=log.first - 1):
            held = next(recorded, None)
            if held != line:
                what = "ends" if held is None else f"has another message {held.seq:,}"
                raise Problem(
                    f"{one.path.name} {what} where the log holds message {line.seq:,}: nothing was dropped",
                    Code.DIFFERS,
                )
            advance()
    left = next(recorded, None)
    if left is not None and left.seq <= last:
        raise Problem(
            f"{one.path.name} holds message {left.seq:,}, which the log lacks: nothing was dropped", Code.DIFFERS
        )
