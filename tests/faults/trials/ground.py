"""The servers under trials: those that one trial after the other uses, and those made for one alone."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ruche.servers import NatsServer, PostgresServer
from ruche.servers.child import LOOPBACK, Child, free_port, write_private

DISK_MEGABYTES = 24
_WATCHED_SECONDS = 0.05


class Lane:
    """A NATS and a Postgres that trials use one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nats = NatsServer(folder / "nats", durable=False)
        self.postgres = PostgresServer(folder / "postgres", durable=False)
        self.templates: set[str] = set()

    async def start(self) -> None:
        """Start what does not run; what a trial killed or froze is well again."""
        await asyncio.to_thread(self.nats.start)
        await asyncio.to_thread(self.postgres.start)

    async def close(self) -> None:
        """End both."""
        await asyncio.to_thread(self.nats.stop)
        await asyncio.to_thread(self.postgres.stop)


class SmallDisk:
    """A folder on a file system of its own, which can be filled: a tmpfs, where this process may mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir(parents=True)
        size = f"size={DISK_MEGABYTES}m"
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False)
        self.mounted = made.returncode == 0

    def fill(self) -> None:
        """Leave not a byte."""
        with self._filler.open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(65536))
        with self._filler.open("ab", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(b"\0")

    def empty(self) -> None:
        """Give the space back."""
        self._filler.unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount."""
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=False)


class LimitedNats(NatsServer):
    """A nats-server that may keep so many bytes: how a full disk looks to it where no small disk can be made."""

    limit = 0

    def _configuration(self) -> str:
        whole = super()._configuration()
        limit = f"  max_file_store: {self.limit}\n" if self.limit else ""
        return whole.replace("jetstream {\n", f"jetstream {{\n{limit}", 1)


class ClusterNode(NatsServer):
    """One server of a cluster."""

    def __init__(self, folder: Path, *, name: str, route: int) -> None:
        super().__init__(folder, durable=False)
        self.server_name = name
        self.route = route
        self.routes: Sequence[int] = ()

    def _configuration(self) -> str:
        routes = ", ".join(f'"nats://{LOOPBACK}:{route}"' for route in self.routes)
        single = super()._configuration().replace(f'"ruche-{self.port}"', f'"{self.server_name}"')
        return single + f'cluster {{ name: "ruche", listen: "{LOOPBACK}:{self.route}", routes: [{routes}] }}\n'


class Cluster:
    """Three servers that hold the log together."""

    def __init__(self, folder: Path) -> None:
        self.nodes = [
            ClusterNode(folder / f"node-{number}", name=f"node-{number}", route=free_port()) for number in range(3)
        ]
        for node in self.nodes:
            node.routes = [other.route for other in self.nodes if other is not node]
            write_private_folder(node.folder, "nats.password", "of-the-cluster")

    async def start(self) -> None:
        """Start all."""
        await asyncio.gather(*(asyncio.to_thread(node.start) for node in self.nodes))

    @property
    def urls(self) -> list[str]:
        """Where clients connect."""
        return [node.url for node in self.nodes]

    def node(self, name: str) -> ClusterNode:
        """A server by its name."""
        return next(node for node in self.nodes if node.server_name == name)


def write_private_folder(folder: Path, name: str, text: str) -> None:
    """A file for its owner alone, in a folder that may be new."""
    folder.mkdir(parents=True, exist_ok=True)
    write_private(folder / name, text)


def put_store_back(server: NatsServer, copy: Path) -> Path:
    """Another store in the place of a stopped server's own; answers where that one is kept."""
    store, kept = server.folder / "jetstream", server.folder / f"store-before-{copy.name}"
    store.rename(kept)
    shutil.copytree(copy, store)
    return kept


def freeze(server: Child) -> list[int]:
    """A server stands still, with all its processes; answers them."""
    found = [server.pid, *_children(server.pid)] if server.pid is not None else []
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    return found


def thaw(pids: Sequence[int]) -> None:
    """It goes on."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry.name))
    return found
