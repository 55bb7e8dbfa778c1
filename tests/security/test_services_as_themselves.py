"""The four services, each under its own NATS user and its own Postgres role, do all that they do otherwise."""

import asyncpg

import servers
from chassis.conductor import Conductor
from chassis.provision import PARTITIONS
from chassis.replay import in_turns
from recorded import entries, fortnight, installed
from ruche.connection import bus_settings, connected, settings
from ruche.deployment import addresses_of, own_users, prepared, processes
from ruche.processes import ask
from ruche.servers import Servers


async def test_they_decide_the_same_bytes_and_nothing_is_denied_to_them(tmp_path):
    services = installed()
    facts = entries(fortnight(members=14)[:250])
    with servers.folder() as folder, Servers(folder, durable=False) as there:
        addresses = addresses_of(there)
        users = await own_users(there, services)
        more = {"RUCHE_CONDUCTED": "true", "RUCHE_LOG_LEVEL": "warning"}
        async with connected(bus_settings(addresses)) as bus:
            await prepared(bus, services, settings(addresses))
            with processes(services, addresses, logs=tmp_path, more=more, users=users) as running:
                await running.ready(bus)
                conductor = Conductor(bus.client, [service.name for service in services], PARTITIONS)
                await conductor.begin()
                async for _ in conductor.play(facts):
                    pass
                denied = {one.name: (await ask(bus, one.name, "status"))["nats"]["errors"] for one in services}
                connection = await asyncpg.connect(there.postgres.dsn)
                roles = await connection.fetch(
                    "select distinct application_name, usename from pg_stat_activity"
                    " where application_name like 'ruche %'"
                )
                await connection.close()
    in_process = in_turns(services, facts)
    assert conductor.sha256() == in_process.sha256()
    assert conductor.said == in_process.said
    assert denied == {service.name: {} for service in services}
    assert sorted(map(tuple, roles)) == [
        (f"ruche {name}", f"ruche_{name}") for name in sorted(service.name for service in services)
    ]
    assert {users[name]["RUCHE_NATS_USER"] for name in users} == {service.name for service in services}
