"""Services as processes of their own, on the stand's servers, as a deployment runs them."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.stand import PATIENCE_SECONDS, Stand, processor_seconds
from ruche.processes import ServiceProcess, statuses
from ruche.servers.child import free_port


class Replica:
    """One process of a service."""

    def __init__(self, stand: Stand, service: str, dsn: str, *, name: str = "one") -> None:
        nats = stand.servers.nats
        self.service = service
        self.name = name
        self._stand = stand
        self.process = ServiceProcess(
            service,
            {
                "RUCHE_NATS_URL": nats.address,
                "RUCHE_NATS_USER": nats.user,
                "RUCHE_NATS_PASSWORD": nats.password,
                "RUCHE_POSTGRES_DSN": dsn,
                "RUCHE_EMBEDDED": "true",
                "RUCHE_REPLICA": name,
                "RUCHE_HTTP_PORT": str(free_port()),
                "RUCHE_LOG_LEVEL": "error",
            },
            stand.folder / f"{service}-{name}.log",
        )

    @property
    def processor(self) -> float:
        """Seconds of processor time so far."""
        return processor_seconds(self.process.pid)

    def kill(self) -> None:
        """End it as kill -9 does."""
        if self.process.pid is not None:
            os.kill(self.process.pid, signal.SIGKILL)

    async def partitions(self) -> list[dict[str, Any]]:
        """How its partitions stand; none while it does not answer."""
        told = await statuses(self._stand.bus, self.service)
        return [dict(partition) for one in told if one.get("replica") == self.name for partition in one["partitions"]]

    async def holding(self, count: int) -> None:
        """Wait until it holds and reads so many partitions."""
        await self._until(lambda partitions: sum(one["reading"] for one in partitions) == count, f"holding {count}")

    async def caught_up(self, seq: int) -> None:
        """Wait until everything up to a sequence of the log is folded, and everything said on it is published."""
        await self._until(
            lambda partitions: (
                max((one["cursor"] for one in partitions), default=0) >= seq
                and not any(one["lag"] or one["outbox"] or not one["reading"] for one in partitions)
            ),
            f"having read to {seq}",
        )

    async def _until(self, holds: Any, what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds(await self.partitions()):
            if self.process.exit_code is not None:
                raise RuntimeError(f"{self.service} ended: {self.process.last_words()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.service} is not {what} after {PATIENCE_SECONDS} s")
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(stand: Stand, service: str, dsn: str, *, name: str = "one") -> AsyncIterator[Replica]:
    """A process of a service, stopped afterwards."""
    replica = Replica(stand, service, dsn, name=name)
    replica.process.start()
    try:
        yield replica
    finally:
        await asyncio.to_thread(replica.process.stop)
