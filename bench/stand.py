"""The stand on which everything is measured: both servers, a log and a database made new for every run."""

import asyncio
import os
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from chassis.bus import DEAD, EVENTS, ApiRefused, Bus
from chassis.log import Reader
from chassis.migrate import migrated
from chassis.provision import PARTITIONS, provision
from chassis.publish import Parcel, Publisher
from chassis.service import Service
from chassis.settings import Settings, load_settings
from ruche.servers import Servers

_TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_SECONDS = 180


class Stand:
    """Two servers of its own in a folder, and one connection to each for what is not measured."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self.servers = Servers(folder, durable=durable)
        self._templates: set[str] = set()
        self._sent = 0

    @asynccontextmanager
    async def up(self) -> AsyncIterator["Stand"]:
        """Both servers up inside."""
        await asyncio.to_thread(self.servers.__enter__)
        self.bus = Bus(self.settings(self.servers.postgres.dsn), "bench")
        self.bus.start()
        self._publisher = Publisher(self.bus, secret=b"of the bench", timeout_seconds=30)
        try:
            if not await self.bus.connected_within(PATIENCE_SECONDS):
                raise RuntimeError("NATS did not let us in")
            yield self
        finally:
            await self.bus.close()
            await asyncio.to_thread(self.servers.stop)

    def settings(self, dsn: str, **given: Any) -> Settings:
        """A service's settings on these servers."""
        nats = self.servers.nats
        return load_settings(
            nats_url=nats.address,
            nats_user=nats.user,
            nats_password=nats.password,
            postgres_dsn=dsn,
            embedded=True,
            **given,
        )

    async def empty_log(self) -> None:
        """The streams, made new."""
        for stream in (EVENTS, DEAD):
            try:
                await self.bus.api(f"STREAM.DELETE.{stream}")
            except ApiRefused:
                continue
        await provision(self.bus)

    async def say(self, messages: Iterable[tuple[str, bytes]]) -> int:
        """Put messages on the log, in order; answers the last sequence."""
        parcels: deque[Parcel] = deque()
        for subject, raw in messages:
            self._sent += 1
            parcels.append(Parcel(0, EVENTS, subject, f"{self._sent}", raw))
        return await self._publisher.publish(parcels)

    async def heard(self, after: int, publisher: str) -> dict[str, list[bytes]]:
        """What a publisher put on the log behind a sequence, in order, by community."""
        found: dict[str, list[bytes]] = {}
        for partition in range(PARTITIONS):
            reader = Reader(self.bus, partition, batch=500, heartbeat_seconds=5, wake=lambda: None)
            await reader.open(after)
            try:
                while not reader.at_end:
                    for stored in await reader.take(500):
                        _, _, _, community, who = stored.subject.split(".")
                        if who == publisher:
                            found.setdefault(community, []).append(stored.raw)
                    await asyncio.sleep(0)
            finally:
                await reader.close()
        return found

    @asynccontextmanager
    async def database(self, service: Service, template: str | None = None) -> AsyncIterator[str]:
        """The address of a database with a service's schema, empty or a copy of another one, dropped afterwards."""
        name = f"bench_{secrets.token_hex(6)}"
        await self._copy(name, template or await self.template(service))
        try:
            yield self.servers.postgres.dsn_of(name)
        finally:
            await self._execute(f"drop database {name} with (force)")

    async def template(self, service: Service, name: str = "empty") -> str:
        """The name of a database with a service's schema, to be filled and copied; made when first asked for."""
        whole = f"{service.name}_{name}"
        if whole not in self._templates:
            if name == "empty":
                await self._execute(f"create database {whole}")
                await migrated(service, self.servers.postgres.dsn_of(whole))
            else:
                await self._copy(whole, await self.template(service))
            self._templates.add(whole)
        return whole

    async def _copy(self, name: str, template: str) -> None:
        await self._execute(f"create database {name} template {template} strategy file_copy")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.servers.postgres.dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def processor(self) -> "Processor":
        """What every part has used of the processor so far."""
        nats, postgres = self.servers.nats.pid, self.servers.postgres.pid
        return Processor(
            time.process_time(), processor_seconds(nats), sum(map(processor_seconds, (postgres, *_children(postgres))))
        )


class Processor:
    """Seconds of processor time: of this process, of NATS, of Postgres."""

    def __init__(self, python: float, nats: float, postgres: float) -> None:
        self.python, self.nats, self.postgres = python, nats, postgres

    def since(self, before: "Processor", events: int) -> dict[str, float]:
        """Microseconds an event, since another moment."""
        parts = ("python", "nats", "postgres")
        return {part: round((getattr(self, part) - getattr(before, part)) / events * 1e6, 1) for part in parts}


def processor_seconds(pid: int | None) -> float:
    """Processor time of a process, and of those children that it buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS


def _children(pid: int | None) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
