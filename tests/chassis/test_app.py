"""A service as a process: its probes, its requests, how it starts and ends. A stand-in is where the runner would be."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import nats as nats_client
import pytest

from chassis.app import BAD_SETTINGS, CANNOT_START, STOPPED, Server
from chassis.asyncapi import asyncapi_document
from chassis.service import Service
from chassis.settings import Settings, load_settings
from contracts.decisions import MemberWelcomed
from contracts.facts import MemberJoined
from ruche.servers import NatsServer

TOY = Service(name="onboarding", package="onboarding", tables=(), reacts={MemberJoined: ()}, emits=(MemberWelcomed,))
PROGRAM = """
import sys
from chassis.app import main
from chassis.service import Service
sys.exit(main(Service(name="onboarding", package="onboarding", tables=(), reacts={}, emits=())))
"""


class Standing:
    """A runner that starts when it is let, and says what the test tells it to."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.reasons: list[str] = []
        self.stopped = False
        self.fault: Exception | None = None

    async def start(self) -> None:
        await self.let.wait()
        if self.fault is not None:
            raise self.fault

    async def stop(self) -> None:
        self.stopped = True

    def ready(self) -> tuple[bool, list[str]]:
        return not self.reasons, self.reasons

    def status(self) -> Mapping[str, Any]:
        return {"partitions": {}}

    async def pause(self) -> None: ...

    async def resume(self) -> None: ...

    async def turn(self, partition: int, upto: int) -> Mapping[str, Any]:
        return {"partition": partition, "read_to": upto, "published_to": 0, "due": {}}

    async def dead(self, action: str, **_: Any) -> Mapping[str, Any]:
        return {"action": action}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def settings_for(nats_url: str) -> Settings:
    return load_settings(
        nats_url=nats_url, postgres_dsn="postgresql://127.0.0.1:9/none", embedded=True, http_port=free_port()
    )


async def eventually(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def served(settings: Settings, runner: Standing) -> AsyncIterator[tuple[Server, httpx.AsyncClient]]:
    server = Server(TOY, settings, runner)
    serving = asyncio.create_task(server.serve())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.http_port}") as http:
        await eventually(lambda: server.started or serving.done())
        try:
            yield server, http
        finally:
            server.should_exit = True
            await serving


async def until(http: httpx.AsyncClient, status: int, seconds: float = 15) -> httpx.Response:
    async with asyncio.timeout(seconds):
        while True:
            answer = await http.get("/readyz")
            if answer.status_code == status:
                return answer
            await asyncio.sleep(0.05)


async def test_it_is_alive_before_it_is_ready_and_says_why_it_is_not(nats: str):
    runner = Standing()
    async with served(settings_for(nats), runner) as (_, http):
        assert (await http.get("/healthz")).json() == {"service": "onboarding", "alive": True}
        starting = await http.get("/readyz")
        assert starting.status_code == 503
        assert starting.json() == {"service": "onboarding", "ready": False, "reasons": ["starting"]}

        runner.let.set()
        assert (await until(http, 200)).json() == {"service": "onboarding", "ready": True, "reasons": []}

        runner.reasons = ["partition 3: the breaker is open"]
        assert (await until(http, 503)).json()["reasons"] == ["partition 3: the breaker is open"]
    assert runner.stopped


async def test_metrics_and_asyncapi_are_served(nats: str):
    async with served(settings_for(nats), Standing()) as (server, http):
        server.process.metrics.events(3, "applied", 17)

        metrics = await http.get("/metrics")
        assert 'ruche_events_total{outcome="applied",partition="3",service="onboarding"} 17.0' in metrics.text
        assert metrics.headers["content-type"].startswith("text/plain")
        document = await http.get("/asyncapi")
        assert document.json() == asyncapi_document(TOY)
        assert document.headers["content-type"] == "application/vnd.aai.asyncapi+json;version=3.0.0"
        assert (await http.get("/")).status_code == 404


async def test_probes_answer_while_nats_is_away_and_requests_once_it_is_there(own_nats: NatsServer):
    own_nats.stop()
    runner = Standing()
    runner.let.set()
    async with served(settings_for(own_nats.url), runner) as (_, http):
        assert (await http.get("/healthz")).status_code == 200
        away = await until(http, 503)
        assert away.json()["reasons"] == ["operator requests: not connected to NATS yet"]

        own_nats.start()
        await until(http, 200)
        client = await nats_client.connect(own_nats.url)
        assert b'"ready":true' in (await client.request("ops.onboarding.status", b"", timeout=2)).data

        own_nats.kill()
        own_nats.start()
        async with asyncio.timeout(15):
            while True:
                try:
                    answer = await client.request("ops.onboarding.status", b"", timeout=0.5)
                    break
                except Exception:  # noqa: BLE001 - reconnecting, each client in its own time
                    await asyncio.sleep(0.1)
        assert b'"service":"onboarding"' in answer.data
        await client.close()


async def test_what_cannot_start_ends_and_says_so(nats: str):
    runner = Standing()
    runner.fault = RuntimeError("the schema is not migrated")
    async with served(settings_for(nats), runner) as (server, _):
        runner.let.set()
        await eventually(lambda: server.should_exit)
    assert server.exit_code == CANNOT_START
    assert runner.stopped


def program(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUCHE_")}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], env={**kept, **environment}, stderr=subprocess.PIPE, text=True
    )


def test_missing_settings_end_it_at_once_and_are_named():
    with program({}) as process:
        _, told = process.communicate(timeout=20)

    assert process.returncode == BAD_SETTINGS
    assert "RUCHE_NATS_URL is missing" in told
    assert "RUCHE_POSTGRES_DSN is missing" in told
    assert "Traceback" not in told


def environment(nats_url: str, port: int) -> dict[str, str]:
    return {
        "RUCHE_NATS_URL": nats_url,
        "RUCHE_POSTGRES_DSN": "postgresql://127.0.0.1:9/none",
        "RUCHE_EMBEDDED": "true",
        "RUCHE_HTTP_PORT": str(port),
        "RUCHE_LOG_FORMAT": "json",
    }


def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with program(environment("nats://127.0.0.1:9", port)) as process:
            _, told = process.communicate(timeout=20)

    assert process.returncode == CANNOT_START
    assert f"cannot listen on 127.0.0.1:{port}" in told


def test_a_database_that_is_not_migrated_is_said(nats: str, postgres: str):
    given = environment(nats, free_port()) | {"RUCHE_POSTGRES_DSN": postgres}
    with program(given) as process:
        _, told = process.communicate(timeout=20)

    assert process.returncode == CANNOT_START
    assert "migrate" in told


@pytest.mark.parametrize("told_to", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_stops_well_even_while_its_servers_are_away(told_to: signal.Signals):
    port = free_port()
    with program(environment("nats://127.0.0.1:9", port)) as process:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
            for _ in range(300):
                try:
                    if http.get("/readyz").status_code == 503:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.05)
        process.send_signal(told_to)
        _, told = process.communicate(timeout=20)

    assert process.returncode == STOPPED, told
    assert '"event": "stopped"' in told
