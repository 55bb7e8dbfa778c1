"""`ruche up`: everything on this machine, on live time, until Ctrl-C."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Annotated

import typer

from chassis.app import BAD_SETTINGS, CANNOT_START
from chassis.service import Service
from ruche.connection import (
    ADDRESSES,
    DATA,
    Addresses,
    DataFolder,
    NatsAddress,
    PostgresAddress,
    bus_settings,
    connected,
    parse_nats,
    run,
    settings,
)
from ruche.deployment import addresses_of, own_users, prepared, processes
from ruche.exits import Code, Problem
from ruche.output import err, note, out
from ruche.processes import Processes, ServiceProcess, interrupt
from ruche.servers import Servers
from ruche.services import chosen

WATCH_SECONDS = 0.5
RESTART_SECONDS = 2.0


def up(
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    nats_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the embedded NATS; a free one, then always the same.")
    ] = None,
    http_port: Annotated[
        int, typer.Option(min=1, max=65000, help="Where the first service answers probes; the others next to it.")
    ] = 8080,
    service: Annotated[
        list[str] | None, typer.Option("--service", "-s", help="Only this service; may be repeated.")
    ] = None,
) -> None:
    """Run Ruche: private servers in the data folder unless given by address, every installed service on them.

    The log is provisioned and tables are migrated first. Data and addresses are kept from one start to the next.
    """
    services = chosen(service or ())
    if (nats is None) != (postgres is None):
        raise Problem("give both --nats and --postgres, or neither: embedded servers come as a pair", Code.USAGE)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        with ExitStack() as stack:
            servers: Servers | None = None
            if nats is not None:
                addresses = replace(parse_nats(nats), postgres=postgres)
            else:
                data.mkdir(parents=True, exist_ok=True)
                note(f"starting a private NATS and Postgres in {data.resolve()} …")
                servers = stack.enter_context(Servers(data.resolve(), nats_port=nats_port))
                addresses = addresses_of(servers)
                addresses.write(data)
                stack.callback((data / ADDRESSES).unlink, missing_ok=True)
            run(_live(stack, services, addresses, servers, http_port))
    except KeyboardInterrupt:
        note("stopped")


async def _live(
    stack: ExitStack, services: Sequence[Service], addresses: Addresses, servers: Servers | None, http_port: int
) -> None:
    users = {} if servers is None else await own_users(servers, services)
    async with connected(bus_settings(addresses)) as bus:
        await prepared(bus, services, settings(addresses))
        running = stack.enter_context(processes(services, addresses, logs=None, http_port=http_port, users=users))
        await running.ready(bus)
    _say_where(services, addresses, http_port)
    await _watch(running, servers)


def _say_where(services: Sequence[Service], addresses: Addresses, http_port: int) -> None:
    console = out()
    console.print("Ruche is up. Ctrl-C stops it.", style="bold")
    console.print(f"  NATS      {addresses.nats}", end="")
    console.print(f"  user {addresses.nats_user}, password in the data folder" if addresses.embedded else "")
    if addresses.embedded:
        console.print(f"  Postgres  {addresses.postgres}")
    for number, service in enumerate(services):
        console.print(
            f"  {service.name:<9} http://127.0.0.1:{http_port + number}/readyz  /healthz  /metrics  /asyncapi"
        )
    console.print("Next, in another terminal in this folder:")
    console.print("  ruche playbook apply latelier --community atelier && ruche community unmute atelier")
    console.print("  ruche send member.joined community=atelier member=ana display_name=Ana --explain")
    console.print("  ruche tail")


async def _watch(running: Processes, servers: Servers | None) -> None:
    """Stay, and start again what ends by itself; give up where starting again cannot help."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        if servers is not None:
            for server in (servers.nats, servers.postgres):
                if server.pid is None:
                    err().print(f"{server.name} ended; starting it again on its data", style="yellow")
                    # Not in a thread: a server ends with the thread that started it.
                    server.start()
        for process in running.each:
            if process.exit_code is not None:
                await _again(process)


async def _again(process: ServiceProcess) -> None:
    code = process.exit_code
    if code in {BAD_SETTINGS, CANNOT_START}:
        raise Problem(f"{process.name} cannot start: {process.last_words()}", Code.UNREACHABLE)
    err().print(f"{process.name} ended with code {code}; starting it again", style="yellow")
    await asyncio.sleep(RESTART_SECONDS)
    process.start()
