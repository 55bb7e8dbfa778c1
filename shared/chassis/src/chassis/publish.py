"""What a service says, put on the log: in order, each message once, nobody able to take its place."""

import base64
import hmac
import json
import secrets
from collections import Counter, deque
from typing import Any, NamedTuple

from nats import errors

from chassis import fault
from chassis.bus import EVENTS, ApiRefused, Bus, Message, Unavailable
from contracts.envelope import CONTENT_TYPE

CHUNK = 500
"""Messages in one atomic batch; the server takes at most 1,000."""
FEW = 16
"""So many go one by one: an atomic batch begins with a store of its own on the server's disk.

Measured: 2 messages take 1 ms one by one and 27 ms as a batch, 16 take 10 and 26, 64 take 42 and 27.
"""
_CHUNK_BYTES = 4 * 1024 * 1024
_NO_MESSAGE = 10037
_NEW_IDS = 8


class Parcel(NamedTuple):
    """One message on its way: `identity` names it, whatever carries it."""

    position: int
    stream: str
    subject: str
    identity: str
    body: bytes


class _BatchRefused(Exception):  # noqa: N818 - named for what the server did
    """The server took nothing of an atomic batch."""


def message_id(secret: bytes, identity: str, again: int = 0) -> str:
    """The `Nats-Msg-Id` of a message: without the deployment secret nobody can guess, and so occupy, it."""
    text = identity if again == 0 else f"{identity}\x1f{again}"
    return hmac.digest(secret, text.encode(), "sha256").hex()[:32]


class Publisher:
    """Publishes parcels in order; each leaves its queue when the server has it."""

    def __init__(self, bus: Bus, *, secret: bytes, timeout_seconds: float) -> None:
        self._bus = bus
        self._secret = secret
        self._timeout = timeout_seconds
        self.counts: Counter[str] = Counter()
        """`published`, `duplicate` (ours, from an earlier try), `occupied` (another message held our id), `single`
        (batches that had to go one by one)."""

    async def publish(self, parcels: deque[Parcel], acknowledged: list[tuple[int, int]] | None = None) -> int:
        """Publish a queue, in order; answers the last sequence it took in the log, 0 when none.

        `Unavailable` leaves in the queue what is not acknowledged. `acknowledged` grows by what is: up to which
        position, and the sequence of the last of it in the log; 0 for what goes elsewhere.
        Many messages go as one atomic batch: all or none. Few, and many that the server refuses together (one of them
        is there already, from an earlier try), go one by one, each waited for.
        """
        last = 0
        places = acknowledged if acknowledged is not None else []
        while parcels:
            chunk = _chunk(parcels)
            if len(chunk) > FEW:
                try:
                    seq = await self._atomically(chunk)
                except _BatchRefused:
                    self.counts["single"] += 1
                else:
                    self.counts["published"] += len(chunk)
                    for _ in chunk:
                        parcels.popleft()
                    places.append(_place(chunk[-1], seq))
                    last = places[-1][1] or last
                    continue
            for parcel in chunk:
                seq = await self.one(parcel)
                parcels.popleft()
                places.append(_place(parcel, seq))
                last = places[-1][1] or last
        return last

    async def one(self, parcel: Parcel) -> int:
        """Publish one message and wait for it; answers its sequence."""
        for again in range(_NEW_IDS):
            fault.point("mid-publish")
            headers = self._headers(parcel, again)
            answer = await self._request(parcel.subject, parcel.body, headers)
            if "error" in answer:
                raise Unavailable(f"the log refused {parcel.subject}: {answer['error'].get('description')}")
            if not answer.get("duplicate"):
                self.counts["published"] += 1
                return int(answer["seq"])
            if await self._holds(parcel, int(answer["seq"])):
                self.counts["duplicate"] += 1
                return int(answer["seq"])
            self.counts["occupied"] += 1
        raise Unavailable(f"{_NEW_IDS} message ids of {parcel.subject} are held by other messages")

    async def _atomically(self, chunk: list[Parcel]) -> int:
        batch = secrets.token_hex(8)
        await self._bus.send_many(
            [
                Message(
                    parcel.subject,
                    {**self._headers(parcel), "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)},
                    parcel.body,
                )
                for number, parcel in enumerate(chunk[:-1], 1)
            ]
        )
        fault.point("mid-publish")
        headers = {
            **self._headers(chunk[-1]),
            "Nats-Batch-Id": batch,
            "Nats-Batch-Sequence": str(len(chunk)),
            "Nats-Batch-Commit": "1",
        }
        answer = await self._request(chunk[-1].subject, chunk[-1].body, headers)
        if "error" in answer or answer.get("count") != len(chunk):
            raise _BatchRefused
        return int(answer["seq"])

    async def _request(self, subject: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        try:
            answer = await self._bus.client.request(subject, body, timeout=self._timeout, headers=headers)
            result: dict[str, Any] = json.loads(answer.data)
        except (errors.Error, OSError, TimeoutError, ValueError) as error:
            # A publish that was denied looks the same from here; the connection counts it.
            raise Unavailable(f"the log did not acknowledge {subject}: {type(error).__name__}") from error
        return result

    async def _holds(self, parcel: Parcel, seq: int) -> bool:
        """Whether the message at a place of the log is this one."""
        if parcel.stream != EVENTS:
            # Only services write dead letters, under ids that nobody else can make; and none of them may read there.
            return True
        try:
            found = await self._bus.api(f"STREAM.MSG.GET.{parcel.stream}", {"seq": seq})
        except ApiRefused as refused:
            if refused.code == _NO_MESSAGE:
                return False
            raise
        return base64.b64decode(found["message"].get("data", "")) == parcel.body

    def _headers(self, parcel: Parcel, again: int = 0) -> dict[str, str]:
        return {
            "Nats-Msg-Id": message_id(self._secret, parcel.identity, again),
            "Content-Type": CONTENT_TYPE,
        }


def _place(parcel: Parcel, seq: int) -> tuple[int, int]:
    return parcel.position, seq if parcel.stream == EVENTS else 0


def _chunk(parcels: deque[Parcel]) -> list[Parcel]:
    """The longest run at the front that goes to one stream and fits one atomic batch."""
    result: list[Parcel] = []
    size = 0
    for parcel in parcels:
        size += len(parcel.body)
        if result and (parcel.stream != result[0].stream or len(result) == CHUNK or size > _CHUNK_BYTES):
            break
        result.append(parcel)
    return result
