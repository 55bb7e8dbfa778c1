import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ruche import connection
from ruche.commands.send import made
from ruche.exits import Code, Problem
from ruche.main import COMMANDS, application

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """No address in the environment and none left by a running `ruche up`."""
    for name in ("RUCHE_NATS_URL", "RUCHE_POSTGRES_DSN", "RUCHE_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_help_names_every_command_and_the_exit_codes():
    done = RUNNER.invoke(application(), ["--help"])

    assert done.exit_code == 0
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert "Exit codes:" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_alone_loads_and_has_a_help_of_its_own(name: str):
    done = RUNNER.invoke(application(name), [name, "--help"])

    assert done.exit_code == 0, done.output
    assert "Usage: ruche " in done.stdout or "Usage: root " in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["log", "status"],
        ["tail", "--no-follow"],
        ["community", "unmute", "atelier"],
        ["playbook", "apply", "latelier", "--community", "atelier"],
        ["send", "member.joined", "community=atelier", "member=ana"],
        ["dead", "list"],
        ["migrate"],
    ],
)
def test_a_command_without_a_server_says_how_to_have_one_and_exits_with_3(words: list[str]):
    done = RUNNER.invoke(application(), words)

    assert done.exit_code == Code.UNREACHABLE, done.output
    assert "ruche up" in done.stderr


def test_a_server_that_does_not_answer_is_named_and_exits_with_3(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.5)

    done = RUNNER.invoke(application(), ["log", "status", "--nats", "nats://user:secret@127.0.0.1:1"])

    assert done.exit_code == Code.UNREACHABLE
    assert "127.0.0.1:1" in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["community", "unmute", "L'Atelier"], "1 to 63 of a-z, 0-9 and -"),
        (["simulate", "--members", "3", "--weeks", "1", "--out", "x"], "12"),
        (["simulate", "--members", "30", "--weeks", "1", "--start", "2025-03-04", "--out", "x"], "Monday"),
        (["replay", "nowhere.ndjson"], "nowhere.ndjson"),
        (["replay", "nowhere.ndjson", "--service", "nobody"], "installed"),
        (["tail", "--service", "nobody"], "onboarding, recognition, support, digest"),
        (["tail", "--zone", "Paris"], "Europe/Paris"),
        (["log", "status", "--nats", "127.0.0.1:4222"], "nats://127.0.0.1:4222"),
        (["up", "--nats", "nats://127.0.0.1:4222"], "both --nats and --postgres"),
        (["docs"], "--folder"),
        (["send", "member.joined", "community"], "KEY=text"),
        (["send", "member.joined", "skills:=[bois]"], "not JSON"),
    ],
)
def test_a_wrong_argument_says_what_would_be_right_and_exits_with_2(words: list[str], cure: str):
    done = RUNNER.invoke(application(), words)

    assert done.exit_code == Code.USAGE, done.output
    assert cure in " ".join(done.stderr.split())


def test_a_fact_is_made_from_words():
    words = ["member.joined", "community=atelier", "member=ana", 'skills:=["bois"]', "staff:=false", "locale=fr=x"]

    fact = made(words, source=None, event_id="e-1", at="2026-03-02T09:00:00Z")

    document = json.loads(fact.raw)
    assert document["source"] == "/platforms/cli"
    assert document["data"] == {
        "community": "atelier",
        "member": "ana",
        "skills": ["bois"],
        "staff": False,
        "locale": "fr=x",
    }
    assert fact.event.data.skills == ("bois",)


def test_an_operators_fact_comes_from_the_operator():
    fact = made(["question.marked", "community=a", "thread=t", "by=me"], source=None, event_id=None, at=None)

    assert fact.event.source == "/operator"


@pytest.mark.parametrize(
    "words",
    [
        ["member.joined", "community=atelier"],
        ["member.joined", "community=Atelier", "member=ana"],
        ["member.welcomed", "community=atelier", "member=ana"],
        ["member.vanished", "community=atelier", "member=ana"],
        ["member.joined", "community=atelier", "member=ana", 'bot:="yes"'],
    ],
)
def test_a_fact_that_would_be_refused_is_not_sent(words: list[str]):
    done = RUNNER.invoke(application(), ["send", "--check", *words])

    assert done.exit_code == Code.REFUSED, done.output


def test_a_file_is_checked_whole_and_every_bad_line_is_named(tmp_path: Path):
    good = made(["member.joined", "community=atelier", "member=ana"], source=None, event_id=None, at=None).raw
    file = tmp_path / "facts.ndjson"
    file.write_bytes(b"\n".join([good, b"{not json", good.replace(b"joined", b"jioned"), b"", good]))

    done = RUNNER.invoke(application(), ["send", "--check", str(file)])

    assert done.exit_code == Code.REFUSED
    assert f"{file}:2: " in done.stderr
    assert f"{file}:3: " in done.stderr
    assert "2 refused" in done.stderr


def test_addresses_come_from_options_then_the_environment_then_a_running_up(tmp_path: Path, monkeypatch):
    left = connection.Addresses("nats://127.0.0.1:5", "ruche", "word", "postgresql://left", embedded=True)
    left.write(tmp_path)

    assert connection.find(tmp_path) == left
    assert connection.find(tmp_path, "nats://me:secret@host:1").given() == {
        "nats_url": "nats://host:1",
        "nats_user": "me",
        "nats_password": "secret",
        "postgres_dsn": "postgresql://left",
    }
    monkeypatch.setenv("RUCHE_NATS_URL", "nats://elsewhere:4222")
    assert connection.bus_settings(connection.find(tmp_path)).nats_url == "nats://elsewhere:4222"
    assert (tmp_path / connection.ADDRESSES).stat().st_mode & 0o077 == 0


def test_a_problem_is_an_error_with_a_code():
    assert Problem("no", Code.DIFFERS).code == 4
