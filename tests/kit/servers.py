"""Real servers for tests: addresses in the environment, else containers on request, else the wheels.

RUCHE_TEST_NATS_URL, RUCHE_TEST_POSTGRES_DSN: servers that run already. Tests make databases of their own on the
Postgres, and streams EVENTS and DEAD on the NATS, which must not be there before.
RUCHE_SERVERS=containers: testcontainers. Nothing set: the servers embedded in `ruche up`, in a folder of /tmp.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg
import nats
from nats.js.errors import NotFoundError

from ruche.servers import NatsServer, PostgresServer

T = TypeVar("T")
STREAMS = ("EVENTS", "DEAD")
IMAGES = {"nats": "nats:2.15", "postgres": "postgres:17"}


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """A coroutine to its end, in a thread and loop of its own: a fixture may be asked for by any kind of test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own under /tmp: short enough for a Unix socket."""
    path = Path(tempfile.mkdtemp(prefix="ruche-test-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The DSN of a Postgres whose user may create databases and roles; for the whole session."""
    if given := os.environ.get("RUCHE_TEST_POSTGRES_DSN"):
        yield given
    elif os.environ.get("RUCHE_SERVERS") == "containers":
        from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - it looks for Docker

        with PostgresContainer(IMAGES["postgres"], driver=None) as container:
            yield container.get_connection_url()
    else:
        with folder() as path, PostgresServer(path, durable=False) as server:
            yield server.dsn


@contextmanager
def database(admin: str) -> Iterator[str]:
    """The DSN of an empty database of its own, dropped afterwards with whoever is still connected."""
    name = f"ruche_test_{token_hex(6)}"

    async def execute(statement: str) -> None:
        connection = await asyncpg.connect(admin)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    run(lambda: execute(f"create database {name}"))
    try:
        yield urlsplit(admin)._replace(path=f"/{name}").geturl()
    finally:
        run(lambda: execute(f"drop database if exists {name} with (force)"))


@contextmanager
def nats_shared() -> Iterator[str | None]:
    """The URL of a NATS that the whole session shares, or None when every test starts one of its own."""
    if given := os.environ.get("RUCHE_TEST_NATS_URL"):
        if left := run(lambda: _streams(given)):
            raise RuntimeError(
                f"the NATS at RUCHE_TEST_NATS_URL holds {', '.join(left)}, which the tests would delete: "
                "delete it yourself if it is left from a test, or give another server"
            )
        yield given
    elif os.environ.get("RUCHE_SERVERS") == "containers":
        from testcontainers.community.nats import NatsContainer  # noqa: PLC0415 - it looks for Docker

        with NatsContainer(IMAGES["nats"], jetstream=True) as container:
            yield container.nats_uri()
    else:
        yield None


@contextmanager
def nats_empty(shared: str | None) -> Iterator[str]:
    """The URL of a NATS without any stream: the shared one, emptied afterwards, or one started for this test."""
    if shared is None:
        with nats_own() as server:
            yield server.url
        return
    try:
        yield shared
    finally:
        run(lambda: _empty(shared))


@contextmanager
def nats_own() -> Iterator[NatsServer]:
    """A nats-server that a test may stop, kill and start again on the same data and port."""
    with folder() as path, NatsServer(path, durable=False) as server:
        yield server


@contextmanager
def postgres_own() -> Iterator[PostgresServer]:
    """A Postgres that a test may stop, kill and start again on the same data and address."""
    with folder() as path, PostgresServer(path, durable=False) as server:
        yield server


def running_in(folder: Path, *names: str) -> list[int]:
    """Processes that were started for this folder, by what their command line or environment says."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or entry.name == str(os.getpid()):
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            around = command + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in around and (not names or any(name.encode() in command for name in names)):
            found.append(int(entry.name))
    return found


async def _streams(url: str) -> list[str]:
    client = await nats.connect(url)
    try:
        return [info.config.name or "" for info in await client.jetstream().streams_info()]
    finally:
        await client.close()


async def _empty(url: str) -> None:
    client = await nats.connect(url)
    try:
        for stream in STREAMS:
            try:
                await client.jetstream().delete_stream(stream)
            except NotFoundError:
                continue
    finally:
        await client.close()
