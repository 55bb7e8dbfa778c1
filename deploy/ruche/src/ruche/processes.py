"""Services as child processes of a command: started, asked whether they answer, stopped in good order."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any, Self

import orjson
from nats import errors
from nats.aio.msg import Msg

from chassis.bus import Bus, Unavailable
from chassis.operations import request_subject
from ruche.exits import Code, Problem
from ruche.servers.child import bound

START_SECONDS = 90
STOP_SECONDS = 15
ASK_SECONDS = 2.0
SETTLED_SECONDS = 0.3
NO_RESPONDERS = "503"
NOT_RUNNING = "does not run here"


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """A signal handler: to be told to stop is the same as Ctrl-C."""
    raise KeyboardInterrupt


class ServiceProcess:
    """One service, running; its log goes to a file, or where this command's own problems go."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path | None = None) -> None:
        self.name = name
        self.log = log
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs, or was not started."""
        return None if self._process is None else self._process.poll()

    @property
    def pid(self) -> int | None:
        """Its process, once started."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it; it says itself, in its log and to `status`, how it goes on."""
        log: IO[bytes] | None = None if self.log is None else self.log.open("ab")
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                bound([sys.executable, "-m", "ruche.serve", self.name]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                # Ctrl-C reaches the command alone, which stops services before the servers they write to.
                start_new_session=True,
            )
        finally:
            if log is not None:
                log.close()

    def tell_to_stop(self) -> None:
        """Ask for a graceful stop, without waiting."""
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Stop it gracefully, by force if it takes too long."""
        self.tell_to_stop()
        if self._process is not None:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def last_words(self) -> str:
        """The end of its log, where that is a file."""
        if self.log is None:
            return "its log is above"
        with suppress(OSError):
            return " / ".join(self.log.read_text(errors="replace").splitlines()[-3:]) or "its log is empty"
        return "it left no log"


class Processes:
    """Several services, as a context: started on entry, stopped together after it however it is left."""

    def __init__(self, processes: Sequence[ServiceProcess]) -> None:
        self.each = tuple(processes)

    def __enter__(self) -> Self:
        try:
            for process in self.each:
                process.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop all, at the same time."""
        for process in self.each:
            process.tell_to_stop()
        for process in self.each:
            process.stop()

    async def ready(self, bus: Bus) -> None:
        """Wait until every service does its work; `Problem` with its reasons, or its log's end, when one does not."""
        deadline = time.monotonic() + START_SECONDS
        for process in self.each:
            while not (told := await status(bus, process.name) or {}).get("ready"):
                if process.exit_code is not None:
                    raise Problem(
                        f"{process.name} ended with code {process.exit_code}: {process.last_words()}", Code.UNREACHABLE
                    )
                if time.monotonic() > deadline:
                    why = "; ".join(told.get("reasons", ())) or process.last_words()
                    raise Problem(f"{process.name} is not ready after {START_SECONDS} s: {why}", Code.UNREACHABLE)
                await asyncio.sleep(0.1)


async def ask(bus: Bus, service: str, verb: str, request: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Ask a running service something; `Problem` when nobody answers, or the answer is no."""
    body = orjson.dumps(request) if request is not None else b""
    try:
        message = await bus.client.request(request_subject(service, verb), body, timeout=ASK_SECONDS)
    except errors.NoRespondersError:
        raise Problem(f"{service} does not run on this NATS: start it, or see `ruche up`", Code.UNREACHABLE) from None
    except (errors.Error, TimeoutError, OSError) as error:
        raise Problem(f"{service} did not answer {verb}: {type(error).__name__}", Code.UNREACHABLE) from None
    answer: Mapping[str, Any] = orjson.loads(message.data)
    if "error" in answer:
        raise Problem(f"{service} says no: {answer['error']}")
    return answer


async def status(bus: Bus, service: str) -> Mapping[str, Any] | None:
    """How a service stands, by whichever of its replicas answers first; None while nobody answers."""
    try:
        return await ask(bus, service, "status")
    except (Problem, Unavailable):
        return None


async def statuses(bus: Bus, service: str) -> list[Mapping[str, Any]]:
    """How each replica of a service stands, ordered by name; none when it does not run."""
    answers: asyncio.Queue[Msg] = asyncio.Queue()
    inbox = f"{bus.inbox_prefix}.status.{secrets.token_hex(8)}"
    subscription = await bus.subscribe(inbox, answers.put)
    found: list[Mapping[str, Any]] = []
    try:
        await bus.send(request_subject(service, "status"), b"", reply=inbox)
        wait = ASK_SECONDS
        while True:
            message = await asyncio.wait_for(answers.get(), wait)
            if (message.headers or {}).get("Status") == NO_RESPONDERS:
                break
            found.append(orjson.loads(message.data))
            # Nobody knows how many replicas there are: those that are alive answer within moments of each other.
            wait = SETTLED_SECONDS
    except TimeoutError:
        pass
    finally:
        await subscription.unsubscribe()
    return sorted(found, key=lambda told: str(told.get("replica")))


async def has_read(bus: Bus, service: str, partition: int, seq: int) -> str | None:
    """None once a service has read a partition to a place and said all it had to say; else how far it is, in words.

    A cursor moves lazily past what nobody reacts to: to have nothing left to read, for a while, is as good.
    """
    settled = False
    while True:
        replicas = await statuses(bus, service)
        if not replicas:
            return NOT_RUNNING
        places = (place for told in replicas for place in told.get("partitions", ()))
        place = next((one for one in places if one["partition"] == partition), None)
        if place is None:
            return f"no replica holds partition {partition} now"
        if place["stopped"]:
            return f"partition {partition} is stopped: {place['stopped']}"
        if place["outbox"] == 0 and (place["cursor"] >= seq or (settled and place["lag"] == 0)):
            return None
        if settled or place["outbox"] or place["lag"]:
            return f"has read to {place['cursor']} of {seq}"
        settled = True
