"""`ruche up` as somebody at a terminal has it: real servers, a real process for each service, live time."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import servers
from chassis.archive import checked
from ruche.main import application
from ruche.servers.child import free_port

RUNNER = CliRunner()
ELSEWHERE = ("RUCHE_NATS_URL", "RUCHE_POSTGRES_DSN", "RUCHE_DATA")


class Terminal:
    """A folder in which `ruche` is run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.http_port = free_port()

    def up(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ruche", "up", "--http-port", str(self.http_port)],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if not name.startswith("RUCHE_")},
            stdout=subprocess.PIPE,
            stderr=(self.folder / "up.err").open("a"),
            text=True,
        )
        for line in process.stdout:
            if "Ruche is up" in line:
                return process
        raise AssertionError((self.folder / "up.err").read_text())

    def ruche(self, *words: str, typed: str | None = None, code: int = 0) -> str:
        """What a command prints, run in this process: starting Python for each would take most of the time."""
        with chdir(self.folder):
            done = RUNNER.invoke(application(words[0]), list(words), input=typed, env=dict.fromkeys(ELSEWHERE))
        assert done.exit_code == code, done.output
        return done.stdout if code == 0 else done.output

    def await_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.probe("/readyz")["ready"]:
                    return
            except OSError:
                assert time.monotonic() < deadline, (self.folder / "up.err").read_text()
                time.sleep(0.2)

    def probe(self, path: str) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=5) as answer:
            return json.load(answer)


def stop(process: subprocess.Popen[str], how: signal.Signals = signal.SIGINT) -> int:
    process.send_signal(how)
    return process.wait(30)


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    with servers.folder() as folder:
        terminal = Terminal(folder)
        process = terminal.up()
        try:
            yield terminal
        finally:
            stop(process)


def joined(terminal: Terminal, community: str, member: str, *words: str) -> str:
    return terminal.ruche("send", "member.joined", f"community={community}", f"member={member}", *words)


def test_a_service_that_runs_says_so_to_probes(terminal: Terminal):
    assert terminal.probe("/readyz")["ready"] is True
    assert terminal.probe("/asyncapi")["asyncapi"] == "3.0.0"


def test_a_fact_is_sent_explained_and_shown(terminal: Terminal):
    terminal.ruche("community", "unmute", "shown")
    told = joined(terminal, "shown", "ana", "display_name=Ana", "--explain")

    assert re.search(r"member.joined \S+ is at place \d+ of the log", told)
    # Nothing is decided for ten minutes: what is armed says when the rule looks again.
    assert re.search(r"onboarding looks again at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: welcome", told), told


def test_a_decision_is_shown_with_its_reason(terminal: Terminal):
    terminal.ruche("playbook", "apply", "latelier", "--community", "decided")
    terminal.ruche("community", "unmute", "decided")
    told = terminal.ruche("send", "member.joined", "community=decided", "member=late", "population=ecole", "--explain")

    shown = terminal.ruche("tail", "--no-follow", "--last", "50", "--community", "decided")
    events = terminal.ruche("tail", "--no-follow", "--last", "50", "--community", "decided", "--json").splitlines()

    assert "launch.checked" in shown or "message.requested" in shown or "welcome" in told
    assert all(json.loads(line)["source"].startswith("/services/") for line in events)
    assert len(events) == len(shown.splitlines())


def test_a_bot_is_not_welcomed_and_explain_says_why(terminal: Terminal):
    told = joined(terminal, "silent", "robot", "bot:=true", "--explain")

    assert "decided nothing" in told
    assert "is a bot" in told


def test_the_running_services_tell_of_a_member_and_why(terminal: Terminal):
    """Each service answers for its own tables; the chain is read from the log."""
    terminal.ruche("playbook", "apply", "latelier", "--community", "told")
    ago = (datetime.now(UTC) - timedelta(minutes=11)).isoformat(timespec="milliseconds")
    joined(terminal, "told", "ana", "display_name=Ana", "population=quartier", "--id", "told-1", "--time", ago)
    deadline = time.monotonic() + 30
    wanted = {"onboarding", "recognition"}
    page = json.loads(terminal.ruche("member", "told", "ana", "--json", "-l", "en"))
    while not (page["decided"] and {tell["service"] for tell in page["standing"]} >= wanted):
        assert time.monotonic() < deadline, page
        time.sleep(0.2)
        page = json.loads(terminal.ruche("member", "told", "ana", "--json", "-l", "en"))
    decided = page["decided"][0]
    terminal.ruche("member", "told", "ana", "--copy", "ana.html")
    chain = json.loads(terminal.ruche("why", decided["id"], "--json", "-l", "en"))

    assert "silent" not in page
    assert "Name: Ana." in page["person"]
    assert chain["because"][0]["evidence"][0]["id"] == "told-1"
    assert "Ana rejoint" in (terminal.folder / "ana.html").read_text()
    assert "nobody of the id" in terminal.ruche("member", "told", "nobody", code=1)
    assert "never heard of the community" in terminal.ruche("member", "unheard-of", "ana", code=1)


def test_a_fact_sent_twice_is_there_once_and_explain_says_why(terminal: Terminal):
    words = ("--id", "twice", "--time", "2026-03-02T09:00:00Z")
    joined(terminal, "twice", "ana", *words)

    told = json.loads(joined(terminal, "twice", "ana", *words, "--json"))

    assert told["duplicate"] is True


def test_many_facts_come_from_standard_input_and_a_bad_one_stops_only_itself(terminal: Terminal):
    facts = [
        json.dumps(
            {
                "specversion": "1.0",
                "id": f"many-{number}",
                "source": "/platforms/forum",
                "type": "member.seen",
                "time": "2026-03-02T09:00:00Z",
                "data": {"community": "many", "member": f"m{number}"},
            }
        )
        for number in range(50)
    ]

    told = terminal.ruche("send", "-", typed="\n".join([*facts[:25], '{"id":', *facts[25:]]), code=1)

    assert "50 sent and acknowledged" in told
    assert "standard input:26" in told


def _last_of_the_log(terminal: Terminal) -> int:
    last: int = json.loads(terminal.ruche("log", "status", "--json"))["streams"]["EVENTS"]["last"]
    return last


def test_the_log_is_recorded_to_the_byte_and_replayed(terminal: Terminal):
    joined(terminal, "recorded", "ana", "--id", "recorded-1")
    joined(terminal, "recorded", "ben", "--id", "recorded-2")
    before = _last_of_the_log(terminal)
    terminal.ruche("log", "record", "recorded.ndjson.gz", "--community", "recorded")
    after = _last_of_the_log(terminal)

    with gzip.open(terminal.folder / "recorded.ndjson.gz", "rt") as file:
        lines = [json.loads(line) for line in file]
    replayed = json.loads(terminal.ruche("replay", "recorded.ndjson.gz", "--json", "--unmute"))
    manifest = checked(terminal.folder / "recorded.ndjson.gz")

    assert [line["event"]["id"] for line in lines if line["event"]["source"] == "/platforms/cli"] == [
        "recorded-1",
        "recorded-2",
    ]
    assert replayed["facts"]["member.joined"] == 2
    assert len(replayed["sha256"]) == 64
    assert (manifest.first, manifest.messages, manifest.community) == (1, len(lines), "recorded")
    assert manifest.types["member.joined"] == 2
    assert before <= manifest.last <= after  # the clock goes on ticking into the log
    assert "--force" in terminal.ruche("log", "record", "recorded.ndjson.gz", code=2)


def test_the_playbook_in_force_is_the_last_one_applied(terminal: Terminal):
    assert "# version neutral" in terminal.ruche("playbook", "show", "--community", "governed")

    applied = json.loads(terminal.ruche("playbook", "apply", "latelier", "--community", "governed", "--json"))
    shown = json.loads(terminal.ruche("playbook", "show", "--community", "governed", "--json"))

    assert shown["version"] == applied["version"]
    assert shown["playbook"]["name"] == "L'Atelier"
    assert len(shown["playbook"]["seasons"]["holidays"]) == applied["holidays"] > 60


def test_streams_that_stand_are_left_alone_and_another_number_of_partitions_is_refused(terminal: Terminal):
    assert terminal.ruche("log", "provision").count("stands as it should") == 2

    told = terminal.ruche("log", "provision", "--partitions", "16", code=4)

    assert "nothing was changed" in told


def test_what_cannot_be_read_is_listed_shown_and_dropped(terminal: Terminal):
    left = json.loads((terminal.folder / "data" / "addresses.json").read_text())
    publish = (
        "import asyncio, nats, sys\n"
        "async def main():\n"
        "    bus = await nats.connect(sys.argv[1], user=sys.argv[2], password=sys.argv[3])\n"
        "    await bus.jetstream().publish('member.joined.poison.forum', b'{not json')\n"
        "    await bus.close()\n"
        "asyncio.run(main())"
    )
    subprocess.run([sys.executable, "-c", publish, left["nats"], left["nats_user"], left["nats_password"]], check=True)
    deadline = time.monotonic() + 20
    while not (letters := json.loads(terminal.ruche("dead", "list", "--community", "poison", "--json"))["onboarding"]):
        assert time.monotonic() < deadline

    letter = letters[0]["letter"]
    assert letter in terminal.ruche("dead", "list", "--community", "poison")
    assert "{not json" in terminal.ruche("dead", "show", letter)
    assert "can never be read" in terminal.ruche("dead", "redrive", letter, code=1)
    assert "is dropped" in terminal.ruche("dead", "drop", letter)
    assert json.loads(terminal.ruche("dead", "list", "--community", "poison", "--json"))["onboarding"] == []
    assert terminal.probe("/readyz")["ready"] is True


def test_status_says_how_the_log_and_the_services_stand(terminal: Terminal):
    found = json.loads(terminal.ruche("log", "status", "--json"))

    assert found["streams"]["EVENTS"]["partitions"] == 8
    assert [told["ready"] for told in found["services"]["onboarding"]] == [True]


def test_tables_are_up_to_date(terminal: Terminal):
    assert "onboarding: up to date\n" in terminal.ruche("migrate")


@pytest.mark.proof
def test_what_is_killed_is_started_again_and_all_is_there_after_a_stop():
    with servers.folder() as folder:
        terminal = Terminal(folder)
        first = terminal.up()
        try:
            before = json.loads((folder / "data" / "addresses.json").read_text())
            joined(terminal, "kept", "ana", "--id", "kept-1")
            for pid in servers.running_in(folder, "nats-server", "ruche.serve"):
                os.kill(pid, signal.SIGKILL)
            terminal.await_ready(40)
            joined(terminal, "kept", "ben", "--id", "kept-2")
            assert (folder / "up.err").read_text().count("starting it again") >= 2
        finally:
            assert stop(first, signal.SIGTERM) == 0
        assert not (folder / "data" / "addresses.json").exists()
        assert "no NATS to talk to" in terminal.ruche("log", "status", code=3)
        assert servers.running_in(folder) == []

        second = terminal.up()
        try:
            assert json.loads((folder / "data" / "addresses.json").read_text()) == before
            seen = terminal.ruche("tail", "--all", "--no-follow", "--last", "50", "--community", "kept")
            assert seen.count("member.joined") == 2
        finally:
            stop(second)
