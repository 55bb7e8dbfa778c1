"""A whole Ruche on this machine: servers provisioned and migrated, every installed service a process on them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from chassis.bus import Bus
from chassis.provision import Drift, Provisioned, provision
from chassis.service import Service
from chassis.settings import Settings
from ruche.access.granting import FOLDER, Ground, embedded
from ruche.commands.migrate import everything
from ruche.connection import Addresses, bus_settings, secret_in
from ruche.exits import Code, Problem
from ruche.processes import Processes, ServiceProcess
from ruche.servers import Servers
from ruche.servers.child import free_port


def addresses_of(servers: Servers) -> Addresses:
    """Where the embedded servers are, and how to get in."""
    return Addresses(
        nats=servers.nats.address,
        nats_user=servers.nats.user,
        nats_password=servers.nats.password,
        postgres=servers.postgres.dsn,
        embedded=True,
        secret=secret_in(servers.folder),
    )


async def own_users(servers: Servers, services: Sequence[Service]) -> Mapping[str, Mapping[str, str]]:
    """A NATS user and a Postgres role for each service on embedded servers; answers each one's environment."""
    ground = Ground(
        servers.folder / FOLDER, bus_settings(addresses_of(servers)), servers.postgres.dsn, servers.nats.folder
    )
    owner = (servers.nats.user, servers.nats.password)
    return await embedded(ground, owner, [service.name for service in services])


async def prepared(bus: Bus, services: Sequence[Service], settings: Settings) -> Provisioned:
    """The log made where it is missing, and every service's tables up to date."""
    try:
        done = await provision(bus)
    except Drift as drift:
        raise Problem(f"{drift}; nothing was changed", Code.DIFFERS) from None
    await everything(services, settings.postgres_dsn.get_secret_value())
    return done


def processes(
    services: Sequence[Service],
    addresses: Addresses,
    *,
    logs: Path | None,
    http_port: int | None = None,
    more: Mapping[str, str] | None = None,
    users: Mapping[str, Mapping[str, str]] | None = None,
) -> Processes:
    """A process for each service, on consecutive ports from `http_port`, or on free ones; not started yet.

    `users`: by service, the environment of its own user and role, instead of those of the addresses.
    """
    result = []
    for number, service in enumerate(services):
        port = free_port() if http_port is None else http_port + number
        own = (users or {}).get(service.name, {})
        environment = {**addresses.environment(), **own, "RUCHE_HTTP_PORT": str(port), **(more or {})}
        log = None if logs is None else logs / f"{service.name}.log"
        result.append(ServiceProcess(service.name, environment, log))
    return Processes(result)
