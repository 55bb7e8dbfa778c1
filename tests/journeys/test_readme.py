"""The README's first event and first message, run as printed."""

import asyncio
import json
import re
import sys
from pathlib import Path

from contracts.wire import decode
from ruche import playbooks
from ruche.connection import bus_settings, connected, settings
from ruche.deployment import addresses_of, own_users, prepared, processes
from ruche.following import last_sequence, until
from ruche.servers import Servers
from ruche.services import load

REPOSITORY = Path(__file__).parents[2]


def example() -> str:
    found = re.search(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def commands() -> list[list[str]]:
    """The commands that the README gives before its example, without `make up`."""
    text = (REPOSITORY / "README.md").read_text("utf-8").partition("## A platform's first event")[2]
    found = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert found is not None
    lines = [line.split() for line in found[1].splitlines()]
    assert {words[0] for words in lines} == {".venv/bin/ruche"}
    return [words[1:] for words in lines]


async def python(*words, folder):
    done = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(done.communicate(), 60)
    assert done.returncode == 0, err.decode()
    return out.decode()


async def test_a_platform_sends_its_first_event_receives_its_first_message_and_says_that_it_is_delivered(tmp_path):
    services = [load("onboarding")]
    data = tmp_path / "data"
    with Servers(data, durable=False) as servers:
        addresses = addresses_of(servers)
        addresses.write(data)
        users = await own_users(servers, services)
        async with connected(bus_settings(addresses)) as bus:
            await prepared(bus, services, settings(addresses))
            with processes(services, addresses, logs=tmp_path, users=users) as running:
                await running.ready(bus)
                for words in commands():
                    await python("-m", "ruche", *words, folder=tmp_path)
                out = await python("-c", example(), folder=tmp_path)
            log = [decode(message.raw) async for message in until(bus, await last_sequence(bus))]
    recipient, _, text = out.partition("} ")
    assert json.loads(recipient + "}") == {"kind": "channel", "id": "bienvenue"}
    assert "Ana" in text
    assert playbooks.load("latelier").playbook.name in text
    shown = [event.data.request for event in log if event.type == "message.requested" and event.data.text in text]
    delivered = [(event.source, event.data.request) for event in log if event.type == "message.delivered"]
    assert delivered == [("/platforms/forum", request) for request in shown]
    assert len(shown) == 1
