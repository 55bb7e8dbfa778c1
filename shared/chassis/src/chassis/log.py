"""The log, read: one partition in order from a place on, by a consumer that is thrown away at the first doubt.

An ephemeral pull consumer without acknowledgements: where a service stands is kept in Postgres beside its state, not
on the server. Standing pull requests keep credit ahead, so that an event arrives without being asked for. After a
lost connection, a missed heartbeat, a refusal or a gap the reader is `broken`, and its owner opens another.
"""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from nats import errors
from nats.aio.msg import Msg

from chassis.bus import EVENTS, Bus, Unavailable
from contracts.identity import EPOCH

_NANOSECONDS = 1_000_000_000
_EXPIRES_SECONDS = 60
_INACTIVE_SECONDS = 5
"""How soon the server forgets a consumer that nobody pulls from; a live reader's pulls always stand."""
_PULL_BYTES = 4 * 1024 * 1024
_MISSED_HEARTBEATS = 2.2
_GRACE_SECONDS = 0.1
_STATUS = "Status"
_ACK = "$JS.ACK."
_PLAIN_ACK_TOKENS = 9


class Stored(NamedTuple):
    """A message as the log holds it. `stored_at` is the log's own timestamp, in nanoseconds since 1970."""

    seq: int
    stored_at: int
    subject: str
    raw: bytes

    @property
    def time(self) -> datetime:
        """When the log took it, to the microsecond."""
        return EPOCH + timedelta(microseconds=self.stored_at // 1000)


class Reader:
    """One consumer on one partition, and what it delivered. Opened once; when `broken`, closed and replaced.

    `pending` is how much of the partition the log holds beyond what was delivered; `examined` is the sequence of the
    whole log up to which nothing of this partition is missing here.
    """

    def __init__(
        self, bus: Bus, partition: int, *, batch: int, heartbeat_seconds: float, wake: Callable[[], None]
    ) -> None:
        self._bus = bus
        self._partition = partition
        self._batch = batch
        self._heartbeat = heartbeat_seconds
        self._wake = wake
        self._generation = bus.generation
        self._waiting: deque[Stored] = deque()
        self._credit = 0
        self._delivered = 0
        self._heard_at = 0.0
        self._broken: str | None = None
        self._subscription: Any = None
        self._watchdog: asyncio.TimerHandle | None = None
        self._next = ""
        self._inbox = ""
        self.pending = 0
        self.examined = 0

    @property
    def broken(self) -> str | None:
        """Why this reader is of no more use; None while it is."""
        if self._broken is None and self._generation != self._bus.generation:
            self._broken = "the connection was lost"
        return self._broken

    @property
    def waiting(self) -> int:
        """How many messages are at hand."""
        return len(self._waiting)

    @property
    def ripe(self) -> bool:
        """Whether it is worth taking now: a whole batch is at hand, or all there is.

        While more is on its way, small batches would cost a transaction each; at the end nothing waits.
        """
        return bool(self._waiting) and (self.pending == 0 or len(self._waiting) >= self._batch)

    @property
    def at_end(self) -> bool:
        """Whether everything that the log held of the partition was delivered and taken."""
        return self.pending == 0 and not self._waiting and self.broken is None

    async def open(self, after: int, *, last: int = 0) -> None:
        """Start at the message after a sequence. `Unavailable` when that cannot be now.

        `last`: the last sequence of the log a moment ago; all of it is examined when nothing is pending.
        """
        name = f"{self._bus.name}-{self._partition}-{secrets.token_hex(6)}"
        self._inbox = f"{self._bus.inbox_prefix}.log.{name}"
        self._subscription = await self._bus.subscribe(self._inbox, self._heard)
        filtered = f"{self._partition}.>"
        answer = await self._bus.api(
            f"CONSUMER.CREATE.{EVENTS}.{name}.{filtered}",
            {
                "stream_name": EVENTS,
                "action": "create",
                "config": {
                    "name": name,
                    "deliver_policy": "by_start_sequence",
                    "opt_start_seq": after + 1,
                    "ack_policy": "none",
                    "filter_subject": filtered,
                    "mem_storage": True,
                    "num_replicas": 1,
                    "inactive_threshold": _INACTIVE_SECONDS * _NANOSECONDS,
                },
            },
        )
        self.pending = int(answer["num_pending"])
        self.examined = after if self.pending else max(after, last)
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{EVENTS}.{name}"
        self._heard_at = asyncio.get_running_loop().time()
        self._watch()
        await self._top_up()

    async def take(self, limit: int, *, upto: int | None = None) -> list[Stored]:
        """Up to `limit` messages that are at hand, in order; none when there are none. Keeps the credit ahead.

        `upto`: none beyond that sequence of the log.
        """
        waiting = self._waiting
        if upto is not None:
            limit = min(limit, sum(1 for stored in waiting if stored.seq <= upto))
        if limit >= len(waiting):
            result = list(waiting)
            waiting.clear()
        else:
            result = [waiting.popleft() for _ in range(limit)]
        if result:
            await self._top_up()
        return result

    async def close(self) -> None:
        """Let go. The server forgets a consumer that nobody pulls from."""
        self._broken = self._broken or "closed"
        if self._watchdog is not None:
            self._watchdog.cancel()
        if self._subscription is not None:
            with contextlib.suppress(errors.Error, OSError):
                await self._subscription.unsubscribe()

    def _break(self, why: str) -> None:
        if self._broken is None:
            self._broken = why
            self._wake()

    def _watch(self, *, again: bool = False) -> None:
        loop = asyncio.get_running_loop()
        if self._broken is not None:
            return
        if loop.time() - self._heard_at <= self._heartbeat * _MISSED_HEARTBEATS:
            self._watchdog = loop.call_later(self._heartbeat, self._watch)
        elif again:
            self._break("the log gave no sign of life")
        else:
            # Perhaps it was this process that stood still: what arrived meanwhile is heard first.
            self._watchdog = loop.call_later(_GRACE_SECONDS, lambda: self._watch(again=True))

    async def _top_up(self) -> None:
        """Keep two pulls standing: one being served, one behind it."""
        while self._broken is None and self._credit + len(self._waiting) <= self._batch:
            self._credit += self._batch
            request = {
                "batch": self._batch,
                "max_bytes": _PULL_BYTES,
                "expires": _EXPIRES_SECONDS * _NANOSECONDS,
                "idle_heartbeat": int(self._heartbeat * _NANOSECONDS),
            }
            try:
                await self._bus.send(self._next, json.dumps(request).encode(), reply=self._inbox)
            except Unavailable:
                self._break("the connection was lost")

    async def _heard(self, message: Msg) -> None:
        if self._broken is not None:
            return
        self._heard_at = asyncio.get_running_loop().time()
        reply = message.reply
        if not reply.startswith(_ACK):
            await self._status(message)
            return
        # $JS.ACK.<stream>.<consumer>.<times>.<stream seq>.<consumer seq>.<time>.<pending>; with a domain, two more in
        # front and one behind.
        tokens = reply.split(".")
        start = 5 if len(tokens) == _PLAIN_ACK_TOKENS else 7
        place = int(tokens[start + 1])
        if place != self._delivered + 1:
            self._break(f"a gap: delivery {place} came after {self._delivered}")
            return
        self._delivered = place
        self._credit -= 1
        seq = int(tokens[start])
        self.examined = seq
        self.pending = int(tokens[start + 3])
        self._waiting.append(Stored(seq, int(tokens[start + 2]), message.subject, message.data))
        if self.ripe:
            self._wake()

    async def _status(self, message: Msg) -> None:
        headers = {str(key): value for key, value in (message.headers or {}).items()}
        status = headers.get(_STATUS)
        if status == "100":
            if int(headers.get("Nats-Last-Consumer", self._delivered)) != self._delivered:
                self._break("a heartbeat counts deliveries that did not arrive")
                return
            self.pending = 0
            self.examined = max(self.examined, int(headers.get("Nats-Last-Stream", 0)))
            if self._waiting:
                self._wake()
            return
        left = headers.get("Nats-Pending-Messages")
        if left is not None and status in {"408", "409"}:
            # The pull ran out of time or of bytes: what it did not use is credit no more.
            self._credit -= int(left)
            await self._top_up()
            return
        self._break(f"the log answered {status} {headers.get('Description', '')}".rstrip())
