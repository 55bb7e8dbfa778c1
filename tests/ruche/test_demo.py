import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import servers
from ruche.commands.demo import MEMBERS, MOST_STEPS, SEED, WEEKS, opening
from ruche.main import application
from ruche.tally import show_difference


@pytest.mark.timeout(330)
def test_the_demonstration_runs_on_the_bus_and_in_process_to_the_same_byte(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "ruche", "demo", "--members", "12", "--weeks", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "The decisions are the same to the byte." in done.stdout
    assert "Bonjour" in done.stdout
    digests = [line.split("sha256 ")[1].split()[0] for line in done.stdout.splitlines() if " sha256 " in line]
    assert len(digests) == 2
    assert digests[0] == digests[1]


@pytest.mark.proof
def test_the_shown_fortnight_is_short_enough(tmp_path: Path):
    facts = tmp_path / "facts.ndjson"
    facts.write_bytes(b"".join(entry.raw + b"\n" for entry in opening(MEMBERS, WEEKS, SEED)))

    done = CliRunner().invoke(application(), ["replay", str(facts), "--json"])

    assert done.exit_code == 0, done.output
    assert sum(json.loads(done.stdout)["facts"].values()) <= MOST_STEPS


@pytest.mark.proof
def test_a_demonstration_that_is_interrupted_leaves_nothing_behind():
    with servers.folder() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "ruche", "demo"],
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        # The first day's heading: servers and services run, facts are on the bus.
        next(line for line in process.stdout if " 2025 " in line)

        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)

        assert process.returncode == 130
        assert servers.running_in(folder) == []
        assert list(folder.iterdir()) == []


def test_two_runs_that_part_are_shown_where_they_do():
    console = Console(file=io.StringIO(), width=200)

    show_difference(console, [b'{"id":"1"}', b'{"id":"2"}'], [b'{"id":"1"}'])

    told = console.file.getvalue()
    assert "decision 2" in told
    assert '{"id":"2"}' in told
    assert "(nothing more)" in told
