"""A whole Ruche on this machine: servers provisioned and migrated, every installed service a process on them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from chassis.bus import Bus
from chassis.provision import Drift, Provisioned, provision
from chassis.service import Service
from chassis.settings import Settings
from ruche.commands.migrate import everything
from ruche.connection import Addresses
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
    )


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
) -> Processes:
    """A process for each service, on consecutive ports from `http_port`, or on free ones; not started yet."""
    result = []
    for number, service in enumerate(services):
        port = free_port() if http_port is None else http_port + number
        environment = {**addresses.environment(), "RUCHE_HTTP_PORT": str(port), **(more or {})}
        log = None if logs is None else logs / f"{service.name}.log"
        result.append(ServiceProcess(service.name, environment, log))
    return Processes(result)
