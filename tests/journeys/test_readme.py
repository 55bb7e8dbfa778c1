"""The README's first event and first message, run as printed."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

from chassis.bus import Bus
from ruche import playbooks
from ruche.connection import Addresses, bus_settings, connected, settings
from ruche.deployment import prepared, processes
from ruche.services import load
from servers import nats_own

REPOSITORY = Path(__file__).parents[2]


def example() -> str:
    found = re.search(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def command(*words, addresses):
    environment = addresses.environment() | {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-m", "ruche", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_a_platform_sends_its_first_event_and_receives_its_first_message(postgres, tmp_path):
    service = load("onboarding")
    with nats_own() as server:
        addresses = Addresses(
            nats=server.address,
            nats_user=server.user,
            nats_password=server.password,
            postgres=postgres,
            embedded=True,
        )
        (tmp_path / "data").mkdir()
        addresses.write(tmp_path / "data")
        async with connected(bus_settings(addresses)) as bus:
            assert isinstance(bus, Bus)
            await prepared(bus, [service], settings(addresses))
            with processes([service], addresses, logs=tmp_path) as running:
                await running.ready(bus)
                await asyncio.to_thread(
                    command, "playbook", "apply", "latelier", "--community", "atelier", addresses=addresses
                )
                await asyncio.to_thread(command, "community", "unmute", "atelier", addresses=addresses)
                done = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", example(), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
                out, err = await asyncio.wait_for(done.communicate(), 60)
    assert done.returncode == 0, err.decode() + (tmp_path / "onboarding.log").read_text()
    recipient, _, text = out.decode().partition("} ")
    assert json.loads(recipient + "}") == {"kind": "channel", "id": "bienvenue"}
    assert "Ana" in text
    assert playbooks.load("latelier").playbook.name in text
