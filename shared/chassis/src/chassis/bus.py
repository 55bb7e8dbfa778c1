"""One connection to NATS, kept for ever: its options, its API requests, and what it says when it cannot."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from nats import errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from chassis.logging import get_logger
from chassis.settings import Settings

EVENTS = "EVENTS"
DEAD = "DEAD"
RECONNECT_SECONDS = 1
API_SECONDS = 5.0
_VERSION_LENGTH = len(b"NATS/1.0")
_PENDING_BYTES = 8 * 1024 * 1024

log = get_logger(__name__)


class Unavailable(Exception):  # noqa: N818 - a state of the world, not a fault of the program
    """A server did not answer, or not in time: the same thing is tried again later."""


class ApiRefused(Exception):  # noqa: N818 - named for what the server did
    """JetStream said no. `code` is its `err_code`, which tells apart what one HTTP-like code covers."""

    def __init__(self, what: str, error: Mapping[str, Any]) -> None:
        super().__init__(f"{what}: {error.get('description', 'refused')} ({error.get('err_code', error.get('code'))})")
        self.code = int(error.get("err_code", 0))
        self.status = int(error.get("code", 0))


class _LogClient(Client):
    """nats-py's client, made for reading a log that others write.

    Headers of stored messages are not parsed (nothing here reads them; it was a fifth of the time a read takes), and
    a subject that is no UTF-8 is read with replacements: in the library it ends the read loop, again and again. Both
    are private methods: should they be renamed, the library's own behaviour returns.
    """

    async def _process_headers(self, headers: bytes) -> Any:
        if headers and headers[_VERSION_LENGTH : _VERSION_LENGTH + 1] == b" ":
            return await super()._process_headers(headers)
        return None

    def _build_message(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: Any) -> Msg:
        return Msg(
            _client=self,
            subject=subject.decode("utf-8", "replace"),
            reply=reply.decode("ascii", "replace"),
            data=data,
            headers=headers,
            _sid=sid,
        )

    async def send_block(self, messages: Sequence["Message"]) -> None:
        """Many messages as one write: what the library does for one message, done once for all.

        To build each by itself takes 30 µs of processor, so 10. Where the private methods are gone, it is done.
        """
        if not _WRITES_BLOCKS:
            for message in messages:
                await self.publish(message.subject, message.payload, headers=dict(message.headers))
            return
        block = b"".join(map(_on_the_wire, messages))
        self.stats["out_msgs"] += len(messages)
        self.stats["out_bytes"] += len(block)
        await self._send_command(block)
        await self._flush_pending()


_WRITES_BLOCKS = hasattr(Client, "_send_command") and hasattr(Client, "_flush_pending")


class Message(NamedTuple):
    """What is sent. Headers are ours: no name or value of them holds a line break."""

    subject: str
    headers: Mapping[str, str]
    payload: bytes


def _on_the_wire(message: Message) -> bytes:
    """A message with headers as the protocol has it."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in message.headers.items())
    head = f"NATS/1.0\r\n{lines}\r\n".encode()
    command = f"HPUB {message.subject} {len(head)} {len(head) + len(message.payload)}\r\n".encode()
    return b"".join((command, head, message.payload, b"\r\n"))


class Bus:
    """The connection of one process. Nothing is sent while it is down: a caller hears `Unavailable` and tries again.

    `generation` grows whenever the connection is lost or found: what was made in an older one is gone.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings = settings
        self.name = name
        self._client: _LogClient | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._changed: list[Callable[[], None]] = []
        self._up = asyncio.Event()
        self.generation = 0
        self.reconnects = 0
        self.errors: Counter[str] = Counter()
        self.denied: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        """What the server said this user may not do: to whoever sent it, a denied request only looks unanswered."""

    @property
    def inbox_prefix(self) -> str:
        """Where answers to this user arrive; its permissions name it."""
        return self._settings.inbox_prefix(self.name)

    @property
    def connected(self) -> bool:
        """Whether the client believes to be connected."""
        return self._client is not None and self._client.is_connected

    @property
    def client(self) -> Client:
        """The live client; `Unavailable` when there is none."""
        return self._live()

    def on_change(self, call: Callable[[], None]) -> None:
        """Call this whenever the connection is lost or found."""
        self._changed.append(call)

    def start(self) -> None:
        """Connect, and go on trying for as long as it takes."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep(), name="nats connection")

    async def connected_within(self, seconds: float) -> bool:
        """Wait for the connection; False when it is not there in time."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._up.wait(), seconds)
        return self.connected

    async def close(self) -> None:
        """Close for good."""
        self._closing = True
        if self._task is not None:
            while not self._task.done():
                # A cancellation that meets the end of an attempt to connect is lost in it (asyncio.wait_for).
                self._task.cancel()
                await asyncio.wait({self._task}, timeout=0.2)
        if self._client is not None and not self._client.is_closed:
            await self._client.close()

    async def api(self, subject: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask the JetStream API (`STREAM.INFO.EVENTS`, …)."""
        payload = json.dumps(body).encode() if body is not None else b""
        try:
            answer = await self.client.request(f"$JS.API.{subject}", payload, timeout=API_SECONDS)
        except (errors.Error, TimeoutError, OSError) as error:
            raise Unavailable(f"the JetStream API did not answer {subject}: {type(error).__name__}") from error
        result: dict[str, Any] = json.loads(answer.data)
        if "error" in result:
            raise ApiRefused(subject, result["error"])
        return result

    async def subscribe(self, subject: str, call: Callable[[Msg], Awaitable[None]]) -> Any:
        """A subscription on the live client."""
        try:
            return await self.client.subscribe(subject, cb=call)
        except (errors.Error, OSError) as error:
            raise Unavailable(f"could not subscribe to {subject}: {type(error).__name__}") from error

    async def send(
        self, subject: str, payload: bytes, *, reply: str = "", headers: dict[str, str] | None = None
    ) -> None:
        """Send one message without waiting for anything but the socket's buffer."""
        try:
            await self.client.publish(subject, payload, reply=reply, headers=headers)
        except (errors.Error, OSError) as error:
            raise Unavailable(f"could not send to {subject}: {type(error).__name__}") from error

    async def send_many(self, messages: Sequence[Message]) -> None:
        """Send messages, in order, without waiting for anything but the socket's buffer."""
        client = self._live()
        if any(len(message.payload) > client.max_payload for message in messages):
            raise Unavailable(f"a message is larger than the {client.max_payload} bytes that the server takes")
        try:
            await client.send_block(messages)
        except (errors.Error, OSError) as error:
            raise Unavailable(f"could not send {len(messages)} messages: {type(error).__name__}") from error

    def _live(self) -> _LogClient:
        if self._client is None or not self._client.is_connected:
            raise Unavailable("NATS is not connected")
        return self._client

    async def _keep(self) -> None:
        # The client reconnects by itself, for ever; only a refusal (a password, a permission) closes it for good,
        # and an operator may mend that while we run.
        while not self._closing:
            try:
                closed = await self._connect()
            except Exception as error:  # noqa: BLE001 - whatever it is, an operator may mend it while we run
                self.errors[type(error).__name__] += 1
                log.warning("nats refused the connection", reason=f"{type(error).__name__}: {error}")
                await asyncio.sleep(RECONNECT_SECONDS)
                continue
            self._change(up=True)
            await closed.wait()
            self._change(up=False)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _connect(self) -> asyncio.Event:
        closed = asyncio.Event()

        async def on_error(error: Exception) -> None:
            kind = type(error).__name__
            if "permissions violation" in str(error) and not self.denied.full():
                self.denied.put_nowait(str(error).removeprefix("nats: "))
            if self.errors[kind] == 0:
                log.warning("nats reported an error", reason=f"{kind}: {error}")
            self.errors[kind] += 1

        async def on_lost() -> None:
            self._change(up=False)

        async def on_found() -> None:
            self.reconnects += 1
            self._change(up=True)

        async def on_closed() -> None:
            closed.set()

        client = _LogClient()
        await client.connect(
            **self._settings.nats_options(self.name),
            pending_size=_PENDING_BYTES,
            error_cb=on_error,
            disconnected_cb=on_lost,
            reconnected_cb=on_found,
            closed_cb=on_closed,
        )
        self._client = client
        return closed

    def _change(self, *, up: bool) -> None:
        self.generation += 1
        if up:
            self._up.set()
        else:
            self._up.clear()
        for call in self._changed:
            call()
