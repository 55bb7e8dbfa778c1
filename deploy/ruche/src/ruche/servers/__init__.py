"""Embedded servers: a private nats-server and Postgres from their wheels, in a data folder, as child processes.

Both listen where only the owner of the folder can reach them: NATS on the loopback with a generated password,
Postgres on a Unix socket in a folder nobody else may enter. Both keep data and address between two starts.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from ruche.servers.child import ServerProblem
from ruche.servers.nats import NatsServer
from ruche.servers.postgres import PostgresServer

__all__ = ["NatsServer", "PostgresServer", "ServerProblem", "Servers"]


class Servers:
    """Both servers in one data folder, as a context: up inside, stopped after it however it is left.

    `durable=False` is for data that nobody misses after a power cut (a demonstration, a test): a process may still
    be killed at any moment, only the disk is not waited for.
    """

    def __init__(self, folder: Path, *, nats_port: int | None = None, durable: bool = True) -> None:
        self.folder = folder
        self.nats = NatsServer(
            folder / "nats", port=nats_port, durable=durable, accounts=folder / "access" / "nats.conf"
        )
        self.postgres = PostgresServer(folder / "postgres", durable=durable)

    def __enter__(self) -> Self:
        try:
            self.postgres.start()
            self.nats.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop both."""
        self.nats.stop()
        self.postgres.stop()
