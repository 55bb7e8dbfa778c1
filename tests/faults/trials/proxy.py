"""A connection that can be cut: a relay between a service and a server, which lets nothing through while it is cut."""

import asyncio
import contextlib
from pathlib import Path

from ruche.servers.child import LOOPBACK

_CHUNK_BYTES = 65536


class Proxy:
    """Relays one address. While it is cut, connections stay open and nothing passes, as when a cable is pulled."""

    def __init__(self, target: tuple[str, int] | Path) -> None:
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._relays: set[asyncio.Task[None]] = set()

    async def listen(self, path: Path | None = None) -> int:
        """Listen on a Unix socket, or on a free port of the loopback, which is answered."""
        if path is not None:
            self._server = await asyncio.start_unix_server(self._accept, path)
            return 0
        self._server = await asyncio.start_server(self._accept, LOOPBACK, 0)
        return int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """From now on nothing passes, in neither direction."""
        self._open.clear()

    def mend(self, *, reset: bool) -> None:
        """What was held back arrives; or every connection is gone, and with it what was on its way."""
        if reset:
            self._drop()
        self._open.set()

    async def close(self) -> None:
        """No more."""
        if self._server is not None:
            self._server.close()
        self._drop()
        self._open.set()
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    def _drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        await self._open.wait()
        try:
            if isinstance(self._target, Path):
                far_reader, far_writer = await asyncio.open_unix_connection(self._target)
            else:
                far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(far_writer)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            relay = asyncio.create_task(self._relay(source, sink))
            self._relays.add(relay)
            relay.add_done_callback(self._relays.discard)

    async def _relay(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_CHUNK_BYTES):
                await self._open.wait()
                sink.write(data)
                await sink.drain()
        await self._open.wait()
        sink.close()
        self._writers.discard(sink)
