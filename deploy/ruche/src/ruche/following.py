"""The log, followed by an operator's command: from a place on, filtered by the server, for as long as it is read."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from nats.aio.msg import Msg

from chassis.bus import EVENTS, ApiRefused, Bus, Unavailable
from chassis.log import Stored
from ruche.exits import Code, Problem

_NANOSECONDS = 1_000_000_000
_BATCH = 500
_BATCH_BYTES = 4 * 1024 * 1024
_INACTIVE_SECONDS = 30
_PLAIN_ACK_TOKENS = 9
_NO_SUCH_STREAM = 10059
RETRY_SECONDS = 0.5


async def last_sequence(bus: Bus) -> int:
    """Where the log ends now; `Problem` when it was never provisioned."""
    try:
        found = await bus.api(f"STREAM.INFO.{EVENTS}")
    except ApiRefused as refused:
        if refused.code == _NO_SUCH_STREAM:
            raise Problem("there is no log yet: `ruche log provision` makes it", Code.UNREACHABLE) from None
        raise
    return int(found["state"]["last_seq"])


class Follower:
    """Messages of the log after a sequence, in order, each once; a new consumer whenever the old one is in doubt."""

    def __init__(
        self,
        bus: Bus,
        *,
        after: int,
        filters: Sequence[str] = (),
        since: datetime | None = None,
        idle_seconds: float = 1.0,
    ) -> None:
        self._bus = bus
        self._since = since
        self._filters = list(filters)
        self._idle = idle_seconds
        self._heard: asyncio.Queue[Msg] = asyncio.Queue()
        self._inbox = f"{bus.inbox_prefix}.follow.{secrets.token_hex(8)}"
        self.seq = after
        self.pending: int | None = None
        """How many more messages there were when the log last spoke; None while that is not known."""

    async def messages(self) -> AsyncIterator[Stored | None]:
        """Messages as they come; None whenever nothing came for a while, so that the reader can think of stopping."""
        while True:
            try:
                subscription = await self._bus.subscribe(self._inbox, self._heard.put)
                try:
                    name = await self._consumer()
                    async for message in self._read(name):
                        yield message
                finally:
                    await subscription.unsubscribe()
            except Unavailable:
                self.pending = None
                yield None
                await asyncio.sleep(RETRY_SECONDS)
            self._inbox = f"{self._bus.inbox_prefix}.follow.{secrets.token_hex(8)}"
            self._heard = asyncio.Queue()

    async def _consumer(self) -> str:
        name = f"operator-{secrets.token_hex(8)}"
        config: dict[str, Any] = {
            "name": name,
            **self._start(),
            "ack_policy": "none",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": _INACTIVE_SECONDS * _NANOSECONDS,
        }
        if self._filters:
            config["filter_subjects"] = self._filters
        body = {"stream_name": EVENTS, "action": "create", "config": config}
        answer = await self._bus.api(f"CONSUMER.CREATE.{EVENTS}.{name}", body)
        self.pending = int(answer["num_pending"])
        return name

    def _start(self) -> dict[str, Any]:
        if self._since is not None and self.seq == 0:
            return {"deliver_policy": "by_start_time", "opt_start_time": self._since.isoformat()}
        return {"deliver_policy": "by_start_sequence", "opt_start_seq": self.seq + 1}

    async def _read(self, name: str) -> AsyncIterator[Stored | None]:
        """Read with one consumer until it is in doubt: no answer to a pull, a lost connection, a refusal."""
        generation = self._bus.generation
        pull = {"batch": _BATCH, "max_bytes": _BATCH_BYTES, "expires": int(self._idle * _NANOSECONDS)}
        while generation == self._bus.generation:
            await self._bus.send(
                f"$JS.API.CONSUMER.MSG.NEXT.{EVENTS}.{name}", json.dumps(pull).encode(), reply=self._inbox
            )
            for _ in range(_BATCH):
                try:
                    message = await asyncio.wait_for(self._heard.get(), self._idle + 2)
                except TimeoutError:
                    return
                status = (message.headers or {}).get("Status")
                if status in {"404", "408", "409"}:
                    yield None
                    break
                if status is not None:
                    return
                stored, self.pending = _stored(message)
                self.seq = stored.seq
                yield stored


def _stored(message: Msg) -> tuple[Stored, int]:
    """A message, and how many more there are."""
    # $JS.ACK.<stream>.<consumer>.<times>.<stream seq>.<consumer seq>.<time>.<pending>; with a domain, two in front.
    tokens = message.reply.split(".")
    start = 5 if len(tokens) == _PLAIN_ACK_TOKENS else 7
    return Stored(int(tokens[start]), int(tokens[start + 2]), message.subject, message.data), int(tokens[start + 3])


async def until(
    bus: Bus, last: int, *, after: int = 0, filters: Sequence[str] = (), since: datetime | None = None
) -> AsyncIterator[Stored]:
    """The messages after one sequence and up to another, both known; all of them, however long NATS is away.

    `since`: only what the log took at that moment or later.
    """
    if last <= after:
        return
    follower = Follower(bus, after=after, filters=filters, since=since, idle_seconds=0.2)
    async for message in follower.messages():
        if message is None:
            # The last match may come before `last`, and `last` itself may be gone: that nothing is left ends it.
            if follower.pending == 0:
                return
            continue
        if message.seq > last:
            return
        yield message
        if message.seq == last or follower.pending == 0:
            return
