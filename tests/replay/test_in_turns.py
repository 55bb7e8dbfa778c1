"""From facts, in turns: on the bus, with every service a process of its own, the same bytes as in process.

`make test` plays the beginning of a simulated community, by the command (`test_on_bus.py`) and under users of their
own (`tests/security`); `make proof` (the mark `proof`) plays a fortnight, and 2,000 facts of each archive.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

import archives
from archives import archive
from chassis.replay import in_turns
from recorded import entries, fortnight, installed
from ruche.connection import parse_nats
from ruche.on_bus import House, at_work
from ruche.replaying import Wanted, conducted

NAMES = ("qc-stackexchange", "fcc-gitter")


async def on_the_bus(facts, nats, postgres, folder):
    """Play facts through running services; answers the conductor that gave the turns."""
    addresses = replace(parse_nats(nats), postgres=postgres, embedded=True)
    services = installed()
    async with at_work(services, House(addresses, folder, {}), more={"RUCHE_CONDUCTED": "true"}) as bus:
        return await conducted(bus, Wanted(services, facts, None, None), [])


async def same_bytes(facts, nats, postgres, folder):
    conductor = await on_the_bus(facts, nats, postgres, folder)
    in_process = in_turns(installed(), facts)

    assert in_process.said.total() > 0
    assert conductor.said == in_process.said
    assert conductor.heard == in_process.heard
    assert conductor.sha256() == in_process.sha256()


@pytest.mark.proof
@pytest.mark.timeout(1200)
async def test_a_simulated_fortnight(nats, postgres, tmp_path):
    await same_bytes(entries(fortnight(members=60, seed=1)), nats, postgres, tmp_path)


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES)
async def test_two_thousand_facts_of_an_archive(nats, postgres, tmp_path, name):
    await same_bytes(archive(name, 2000), nats, postgres, tmp_path)


_HASH = """
import json, sys
sys.path.insert(0, sys.argv[1])
from recorded import entries, fortnight, installed
from chassis.replay import in_turns
turns = in_turns(installed(), entries(fortnight(members=12, weeks=1)))
print(json.dumps([turns.sha256(), turns.said.total()]))
"""


def replayed_by(python, seed):
    kit = archives.REPOSITORY / "tests" / "kit"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [python, "-c", _HASH, str(kit)], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.proof
def test_another_hash_seed_gives_the_same_sha256():
    here = in_turns(installed(), entries(fortnight(members=12, weeks=1)))

    assert replayed_by(sys.executable, "1") == [here.sha256(), here.said.total()]


@pytest.mark.proof
@pytest.mark.timeout(1200)
def test_ten_hash_seeds_give_the_same_sha256():
    assert len({tuple(replayed_by(sys.executable, str(seed))) for seed in range(10)}) == 1


@pytest.mark.proof
def test_another_python_gives_the_same_sha256():
    other = os.environ.get("RUCHE_OTHER_PYTHON")
    if not other:
        pytest.skip("RUCHE_OTHER_PYTHON names no other interpreter; `make proof` makes one where it finds Python 3.13")
    assert replayed_by(other, "3") == replayed_by(sys.executable, "3")
