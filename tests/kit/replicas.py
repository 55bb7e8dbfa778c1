"""Services as processes of their own, as they run in production: killed, frozen, thawed, stopped.

They are forked from a process that has imported everything once: a replica is up in milliseconds instead of seconds,
and is as much a process as any other.
"""

import asyncio
import ctypes
import json
import multiprocessing
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType
from urllib.error import HTTPError, URLError

from chassis import fault
from chassis.app import main
from chassis.settings import PREFIX
from ruche.servers.child import LOOPBACK, free_port
from ruche.services import GROUP, load
from toy.service import TOY

TOY_NAME = "toy"
KIT = Path(__file__).parent
_PR_SET_PDEATHSIG = 1
_IMPORTED_LATE = (
    "anyio._backends._asyncio",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.auto",
)
"""What a service imports only when it is served."""


class Replica:
    """One process of one service: an installed one by its name, or the toy."""

    def __init__(self, service: str, environment: Mapping[str, str], log: Path | None = None) -> None:
        self.service = service
        self.port = free_port()
        self.name = environment[f"{PREFIX}REPLICA"]
        given = {**environment, f"{PREFIX}HTTP_PORT": str(self.port)}
        self._process = _nursery().Process(target=_live, args=(service, given, log), daemon=True, name=self.name)

    def start(self) -> None:
        """Fork it; it says itself, at `/readyz`, how it goes on."""
        program, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            # Without the program that runs the tests, which every child would import anew.
            self._process.start()
        finally:
            sys.modules["__main__"] = program

    @property
    def returncode(self) -> int | None:
        """How it ended, a signal as a negative number; None while it lives."""
        return self._process.exitcode

    async def wait(self, seconds: float = 60) -> int:
        """Its end, within a bound."""
        deadline = time.monotonic() + seconds
        while self.returncode is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name} did not end within {seconds:.0f} s")
            await asyncio.sleep(0.01)
        return self.returncode

    async def kill(self) -> None:
        """kill -9, and wait."""
        if self.returncode is None:
            self._process.kill()
        await self.wait()

    async def stop(self) -> int:
        """Ask for a graceful stop; by force when it does not heed. Answers its exit code."""
        if self.returncode is None:
            self._process.terminate()
        try:
            return await self.wait(20)
        except AssertionError:
            await self.kill()
            raise

    def freeze(self) -> None:
        """It stands still, wherever it is."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had been."""
        os.kill(self._process.pid, signal.SIGCONT)

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        try:
            return Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        except OSError:
            return False

    async def ready(self) -> tuple[bool, list[str]]:
        """What `/readyz` says; not ready when nobody answers."""
        return await asyncio.to_thread(self._ready)

    async def is_ready(self) -> bool:
        """Whether it does its work."""
        return (await self.ready())[0]

    def _ready(self) -> tuple[bool, list[str]]:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/readyz", timeout=2) as answer:
                told = json.load(answer)
        except HTTPError as error:
            told = json.load(error)
        except (URLError, OSError) as error:
            return False, [f"no answer: {error}"]
        return told["ready"], told["reasons"]


@cache
def _nursery() -> ForkServerContext:
    """The process that replicas are forked from; started once, with everything imported."""
    nursery = multiprocessing.get_context("forkserver")
    services = [point.module for point in entry_points(group=GROUP)]
    nursery.set_forkserver_preload(["replicas", *services, *_IMPORTED_LATE])
    before = os.environ.get("PYTHONPATH")
    # It looks for modules where its environment says, not where pytest does.
    os.environ["PYTHONPATH"] = str(KIT) if before is None else os.pathsep.join((str(KIT), before))
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return nursery


def _live(service: str, environment: Mapping[str, str], log: Path | None) -> None:
    """The life of a replica, in its own process."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(environment)
    with open(log or os.devnull, "ab") as file:  # noqa: PTH123 - a path or the null device
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    fault._countdowns = fault._wanted(environment)
    sys.exit(main(TOY if service == TOY_NAME else load(service)))
