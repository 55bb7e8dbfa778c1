import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import nats as client
import pytest

from ruche.servers import NatsServer, PostgresServer, ServerProblem, Servers


async def log_something(url: str) -> int:
    connection = await client.connect(url)
    stream = connection.jetstream()
    await stream.add_stream(name="KEPT", subjects=["kept.>"])
    answer = await stream.publish("kept.here", b"word")
    await connection.close()
    return answer.seq


async def logged(url: str) -> int:
    connection = await client.connect(url)
    info = await connection.jetstream().stream_info("KEPT")
    await connection.close()
    return info.state.messages


async def ask(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_nats_keeps_log_and_address_when_killed_and_started_again(own_nats: NatsServer):
    before = own_nats.url
    assert await log_something(before) == 1

    own_nats.kill()
    own_nats.start()

    assert own_nats.url == before
    assert await logged(before) == 1


async def test_nats_refuses_whoever_lacks_the_password(own_nats: NatsServer):
    with pytest.raises(client.errors.Error, match="Authorization"):
        await client.connect(f"nats://127.0.0.1:{own_nats.port}", allow_reconnect=False, max_reconnect_attempts=1)


def test_nats_says_which_port_is_taken(own_nats: NatsServer, tmp_path: Path):
    with pytest.raises(ServerProblem, match=f"port {own_nats.port} is taken"):
        NatsServer(tmp_path, port=own_nats.port).start()


async def test_postgres_keeps_rows_and_address_when_killed_and_started_again(own_postgres: PostgresServer):
    await ask(own_postgres.dsn, "create table kept (word text)")
    await ask(own_postgres.dsn, "insert into kept values ('here')")

    own_postgres.kill()
    own_postgres.start()

    assert await ask(own_postgres.dsn, "select word from kept") == "here"


async def test_postgres_speaks_utf8_and_sorts_as_python_does(own_postgres: PostgresServer):
    assert await ask(own_postgres.dsn, "show server_encoding") == "UTF8"
    assert await ask(own_postgres.dsn, "select array_agg(w order by w) from unnest(array['é','Z','a']) w") == [
        "Z",
        "a",
        "é",
    ]


async def test_every_test_has_a_database_of_its_own(postgres: str, postgres_admin: str):
    assert await ask(postgres, "select current_database()") != await ask(postgres_admin, "select current_database()")


def test_servers_end_with_a_parent_that_is_killed(tmp_path: Path):
    script = (
        "import sys, time; from pathlib import Path; from ruche.servers import Servers\n"
        "with Servers(Path(sys.argv[1]), durable=False) as servers:\n"
        "    print(servers.nats.pid, servers.postgres.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    pids = [int(word) for word in parent.stdout.readline().split()]

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in pids):
        time.sleep(0.05)
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


def test_a_folder_whose_path_is_too_long_for_a_socket_works_all_the_same(tmp_path: Path):
    deep = tmp_path / ("long" * 12) / ("longer" * 8)

    with PostgresServer(deep, durable=False) as server:
        assert asyncio.run(ask(server.dsn, "select 1")) == 1


def test_nobody_else_may_enter_the_folders(tmp_path: Path):
    with Servers(tmp_path, durable=False) as servers:
        for folder in (servers.nats.folder, servers.postgres.folder, servers.postgres.sockets):
            assert folder.stat().st_mode & 0o077 == 0
        assert (servers.nats.folder / "nats.conf").stat().st_mode & 0o077 == 0
