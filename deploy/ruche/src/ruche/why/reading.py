"""The log, or files of it, read for one decision or one member."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from chassis.bus import Bus
from chassis.entry import read
from contracts.envelope import AnyEvent
from ruche.exits import Problem
from ruche.facts import entries
from ruche.following import last_sequence, until
from ruche.why.remembered import Remembered

SHORTEST = 8
"""So many characters of an id are enough to look for it."""


def from_files(files: Sequence[Path]) -> Iterator[tuple[AnyEvent, bytes]]:
    """The events of files, in their order; what is no event is passed over."""
    return ((entry.event, entry.raw) for entry in entries(files) if entry.event is not None)


async def from_log(bus: Bus, community: str) -> Remembered:
    """A community's part of the log as it stands."""
    log = Remembered(community)
    async for stored in until(bus, await last_sequence(bus), filters=[f"*.*.*.{community}.*"]):
        entry = read(stored.raw, seq=stored.seq, stored_at=stored.time, subject=stored.subject)
        if entry.event is not None:
            log.learn(entry.event, entry.raw)
    return log


async def community_of(bus: Bus, decision: str) -> str:
    """Whose event an id, or its beginning, is. Raises Problem when the log does not hold it."""
    needle, found = decision.encode(), set()
    async for stored in until(bus, await last_sequence(bus)):
        if needle in stored.raw:
            entry = read(stored.raw, seq=stored.seq, stored_at=stored.time, subject=stored.subject)
            if entry.event is not None and entry.event.id.startswith(decision):
                found.add(entry.event.data.community)
    return _one(found, decision, "communities", "the log")


def community_in(files: Sequence[Path], decision: str) -> str:
    """The same for files."""
    found = {event.data.community for event, _ in from_files(files) if event.id.startswith(decision)}
    return _one(found, decision, "communities", "the files")


def whole_id(log: Remembered, decision: str) -> str:
    """The id that begins so. Raises Problem when there is none, or more than one."""
    if log.find(decision) is not None:
        return decision
    return _one(set(log.like(decision)), decision, "events", "what was read")


def _one(found: set[str], decision: str, what: str, where: str) -> str:
    if len(decision) < SHORTEST:
        raise Problem(f"{decision!r} is too short to tell: give at least {SHORTEST} characters of the id")
    if not found:
        raise Problem(f"no event of {where} has the id {decision!r}; `ruche tail --json` shows ids")
    if len(found) > 1:
        raise Problem(f"{decision!r} is the beginning of ids of {len(found)} {what}: give more of it")
    return found.pop()
