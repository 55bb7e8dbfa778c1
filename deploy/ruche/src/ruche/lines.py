"""The log as it reads: its messages in order, and in the place of those that an erasure took out, what stands there."""

from collections import deque
from collections.abc import AsyncIterator, Sequence

from chassis.bus import Bus
from chassis.erasures import SUBJECT, Erasures
from chassis.recording import Line
from ruche.following import last_sequence, until


async def lines(bus: Bus, last: int, *, after: int = 0, filters: Sequence[str] = ()) -> AsyncIterator[Line]:
    """Lines after one sequence and up to another; of some subjects alone, if they are given."""
    told = await erasures(bus, after=after)
    placed = deque(
        line
        for seq, line in sorted(told.copies.items())
        if after < seq <= last and (not filters or any(_matches(one, line.subject or "") for one in filters))
    )
    async for message in until(bus, last, after=after, filters=filters):
        while placed and placed[0].seq < message.seq:
            yield placed.popleft()
        if placed and placed[0].seq == message.seq:
            yield placed.popleft()
        elif not told.took(message.seq):
            # One that was taken out and is still there belongs to an erasure that broke off: it is to be gone.
            yield Line(message.seq, message.time, message.subject, message.raw)
    for line in placed:
        yield line


async def erasures(bus: Bus, *, after: int = 0) -> Erasures:
    """All erasures that the log tells of behind a place."""
    told = Erasures()
    async for message in until(bus, await last_sequence(bus), after=after, filters=(SUBJECT,)):
        told.add(message.raw)
    return told


def _matches(pattern: str, subject: str) -> bool:
    wanted, found = pattern.split("."), subject.split(".")
    return len(wanted) == len(found) and all(want in {"*", token} for want, token in zip(wanted, found, strict=True))
