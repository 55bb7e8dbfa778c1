"""Where a service stands in a partition of the log, and whether the log is still the one it stood in."""

import base64
from hashlib import blake2b
from typing import NamedTuple

from chassis.bus import EVENTS, ApiRefused, Bus, Unavailable
from chassis.erasures import explained, tells_of_any

_NO_MESSAGE = 10037
_NO_SUCH_STREAM = 10059


class Cursor(NamedTuple):
    """Where a service stands in a partition, and in which log.

    Attributes:
        seq: the last message that was folded; 0 before any.
        digest: of that message's bytes.
        log: when the stream was created, as the server writes it; None before anything was read.
        passed: nothing of the partition up to here is left to fold; it may lag behind `seq`, and lead it where the
            log grew in other partitions alone.
    """

    seq: int
    digest: bytes | None
    log: str | None
    passed: int = 0

    @property
    def reached(self) -> int:
        """Up to where nothing of the partition is left to fold: what lies before may leave the log."""
        return max(self.seq, self.passed)


class LogChanged(Exception):  # noqa: N818 - what was found, not a fault of the program
    """The log is not the one the cursor was moved on, or lacks a part that the cursor needs."""


def digest_of(raw: bytes) -> bytes:
    """What a cursor remembers of the message it stands on."""
    return blake2b(raw, digest_size=16).digest()


class Standing(NamedTuple):
    """The log as it stands: when it was created, and its last sequence."""

    created: str
    last: int


async def hold_against(bus: Bus, cursor: Cursor, *, partition: int | None = None) -> Standing:
    """Hold the log against a cursor; answers how the log stands. `LogChanged` says which part is gone.

    A consumer's own sequence proves only that nothing was lost on the way: an old copy of the store put back, a lost
    tail, another stream of the same name all read without a gap. `partition`: which is about to be read, if any is.
    """
    try:
        found = await bus.api(f"STREAM.INFO.{EVENTS}")
    except ApiRefused as refused:
        if refused.code == _NO_SUCH_STREAM:
            raise Unavailable(f"there is no stream {EVENTS}: provision the log") from refused
        raise
    created: str = found["created"]
    first, last = int(found["state"]["first_seq"]), int(found["state"]["last_seq"])
    if cursor.log is not None and cursor.log != created:
        raise LogChanged(f"this log was created at {created}; the cursor stands in one created at {cursor.log}")
    reached = cursor.reached
    if last < reached:
        raise LogChanged(f"the log ends at {last} and the cursor stands at {reached}: {reached - last} are gone")
    if cursor.log is None and partition is not None and last and await tells_of_any(bus, partition):
        raise LogChanged("people were erased from this log before it was read here: `ruche rebuild` reads all of it")
    if first > reached + 1 and not await explained(bus, reached + 1, first - 1):
        raise LogChanged(f"the log begins at {first}: messages {reached + 1} to {first - 1} were never read here")
    if cursor.seq >= max(first, 1) and cursor.digest is not None:
        await _hold_message(bus, cursor.seq, cursor.digest)
    return Standing(created, last)


async def _hold_message(bus: Bus, seq: int, digest: bytes) -> None:
    """`LogChanged` unless the message at a place is the one of that digest, or was erased."""
    try:
        answer = await bus.api(f"STREAM.MSG.GET.{EVENTS}", {"seq": seq})
    except ApiRefused as refused:
        if refused.code != _NO_MESSAGE:
            raise
        if await explained(bus, seq, seq):
            return
        raise LogChanged(f"message {seq}, on which the cursor stands, is gone from the log") from refused
    if digest_of(base64.b64decode(answer["message"].get("data", ""))) != digest:
        raise LogChanged(f"message {seq} is not the one that was committed: the log was put back or altered")
