"""Which servers a command talks to: those it is given, those of the environment, or those of a running `ruche up`."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import unquote, urlsplit

import asyncpg
import typer

from chassis.bus import Bus
from chassis.settings import Settings, load_settings
from ruche.exits import Code, Problem
from ruche.servers.child import write_private

T = TypeVar("T")
CONNECT_SECONDS = 5
ADDRESSES = "addresses.json"
SECRET = Path("access", "deployment.secret")
"""In the data folder, where `ruche up` made one for its services."""
SECRET_VARIABLE = "RUCHE_DEPLOYMENT_SECRET"  # noqa: S105 - a variable's name
"""Where `ruche up` leaves word of its servers, in its data folder, while it runs."""

DataFolder = Annotated[
    Path, typer.Option("--data", envvar="RUCHE_DATA", help="Data folder of `ruche up`.", file_okay=False)
]
NatsAddress = Annotated[
    str | None,
    typer.Option("--nats", metavar="URL", help="NATS, as nats://host:4222; else RUCHE_NATS_URL, else `ruche up`'s."),
]
PostgresAddress = Annotated[
    str | None,
    typer.Option("--postgres", metavar="DSN", help="Postgres; else RUCHE_POSTGRES_DSN, else `ruche up`'s."),
]
DATA = Path("data")
NO_POSTGRES = "postgresql://not-used"
"""Stands for the database where a command needs none."""
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)


def slug(text: str | None) -> str | None:
    """A community's name on the bus, as an option's or argument's value."""
    if text is not None and not _SLUG.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no community: 1 to 63 of a-z, 0-9 and -, as `atelier`")
    return text


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers are; `None`: not known. `secret`: the deployment's, where it lies beside them."""

    nats: str | None = None
    nats_user: str | None = None
    nats_password: str | None = None
    postgres: str | None = None
    embedded: bool = False
    secret: str | None = None

    def given(self) -> dict[str, Any]:
        """As arguments of `Settings`, those that are known."""
        values = {
            "nats_url": self.nats,
            "nats_user": self.nats_user,
            "nats_password": self.nats_password,
            "postgres_dsn": self.postgres,
            "embedded": self.embedded or None,
            "deployment_secret": self.secret,
        }
        return {name: value for name, value in values.items() if value is not None}

    def environment(self) -> dict[str, str]:
        """As the environment of a service's process."""
        return {f"RUCHE_{name.upper()}": str(value).lower() if value is True else str(value)
                for name, value in self.given().items()}  # fmt: skip

    def write(self, folder: Path) -> None:
        """Leave word in a data folder, for its owner alone."""
        write_private(folder / ADDRESSES, json.dumps(asdict(replace(self, secret=None))))


def parse_nats(url: str) -> Addresses:
    """A NATS address as people write it, user and password inside."""
    parts = urlsplit(url)
    if parts.scheme not in {"nats", "tls", "ws", "wss"} or not parts.hostname:
        raise Problem(f"--nats wants an address like nats://127.0.0.1:4222, not {url!r}", Code.USAGE)
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return Addresses(nats=bare, nats_user=user, nats_password=password)


def find(data: Path, nats: str | None = None, postgres: str | None = None) -> Addresses:
    """The servers: options first, then the environment, then what `ruche up` left in the data folder."""
    left = _left_by_up(data)
    if postgres is None and "RUCHE_POSTGRES_DSN" not in os.environ:
        postgres = left.postgres
    if nats is not None:
        return replace(parse_nats(nats), postgres=postgres)
    if "RUCHE_NATS_URL" in os.environ:
        return Addresses(postgres=postgres)
    if left.nats is None:
        raise Problem(
            f"no NATS to talk to: start `ruche up` (its data folder would be {data}), give --nats, or set"
            " RUCHE_NATS_URL",
            Code.UNREACHABLE,
        )
    return replace(left, postgres=postgres)


def postgres_dsn(data: Path, given: str | None) -> str:
    """Where Postgres is, by the same order."""
    dsn = given or os.environ.get("RUCHE_POSTGRES_DSN") or _left_by_up(data).postgres
    if dsn is None:
        raise Problem(
            f"no Postgres to talk to: start `ruche up` (its data folder would be {data}), give --postgres, or set"
            " RUCHE_POSTGRES_DSN",
            Code.UNREACHABLE,
        )
    return dsn


def _left_by_up(data: Path) -> Addresses:
    with suppress(OSError, ValueError, TypeError):
        return replace(Addresses(**json.loads((data / ADDRESSES).read_text())), secret=secret_in(data))
    return Addresses()


def secret_in(data: Path) -> str | None:
    """The deployment secret that `ruche up` made for its services; None when there is none, or another was given."""
    with suppress(OSError):
        return None if SECRET_VARIABLE in os.environ else (data / SECRET).read_text()
    return None


def settings(addresses: Addresses, **given: Any) -> Settings:
    """Settings for a command that reads both servers. Raises BadSettings for what is missing."""
    return load_settings(**addresses.given(), **given)


def bus_settings(addresses: Addresses) -> Settings:
    """Settings for a command that only talks to NATS and makes no message id under the deployment secret."""
    known = addresses.given()
    if "RUCHE_POSTGRES_DSN" not in os.environ:
        known.setdefault("postgres_dsn", NO_POSTGRES)
    if SECRET_VARIABLE not in os.environ:
        known["embedded"] = True
    return load_settings(**known)


@asynccontextmanager
async def connected(of: Settings, name: str = "operator") -> AsyncIterator[Bus]:
    """A connection to NATS; `Problem` when the server does not answer in time."""
    bus = Bus(of, name)
    bus.start()
    try:
        if not await bus.connected_within(CONNECT_SECONDS):
            reasons = ", ".join(bus.errors) or "no answer"
            raise Problem(f"NATS at {of.nats_url} cannot be reached ({reasons})", Code.UNREACHABLE)
        yield bus
    finally:
        await bus.close()


@asynccontextmanager
async def database(of: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection to Postgres; `Problem` when the server does not answer."""
    dsn = of.postgres_dsn.get_secret_value()
    try:
        connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # The address holds a password: only its host is said.
        where = urlsplit(dsn).hostname or "its socket"
        raise Problem(f"Postgres at {where} cannot be reached: {error}", Code.UNREACHABLE) from None
    try:
        yield connection
    finally:
        await connection.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """The asynchronous part of a command, to its end."""
    return asyncio.run(work)
