import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ruche.main import application

RUNNER = CliRunner()


def fact(type_: str, at: str, number: int, **data) -> bytes:
    event = {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/platforms/forum",
        "type": type_,
        "time": f"2026-03-{at}:00Z",
        "data": {"community": "atelier", **data},
    }
    return json.dumps(event).encode() + b"\n"


FACTS = [
    fact("member.joined", "02T09:00", 1, member="ana", display_name="Ana"),
    fact("member.joined", "02T09:05", 2, member="ben", bot=True),
    fact("member.vanished", "02T10:00", 3, member="ana"),
    b"{not json\n",
    fact("post.created", "03T09:00", 4, member="ana", post="p", thread="p", channel="c", kind="message", body="hello"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.ndjson"
    path.write_bytes(b"".join(FACTS))
    return path


def replayed(*words: object) -> dict:
    done = RUNNER.invoke(application("replay"), ["replay", *map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_facts_decisions_and_what_is_unknown_are_counted(file: Path):
    figures = replayed(file)

    assert figures["facts"]["member.joined"] == 2
    assert figures["unknown_types"] == {"member.vanished": 1}
    assert figures["refused"] == {"not-json": 1}
    assert figures["decisions"]["member.welcomed"] == 1
    assert figures["rule_failures"] == 0


def test_the_same_facts_give_the_same_digest_packed_or_not_in_one_file_or_two(file: Path, tmp_path: Path):
    packed = tmp_path / "facts.gz"
    packed.write_bytes(gzip.compress(b"".join(FACTS)))
    first, second = tmp_path / "1.ndjson", tmp_path / "2.ndjson"
    first.write_bytes(b"".join(FACTS[:2]))
    second.write_bytes(b"".join(FACTS[2:]))

    digests = {replayed(*files)["sha256"] for files in ([file], [packed], [first, second])}

    assert len(digests) == 1


def test_decisions_are_written_as_events_one_a_line(file: Path, tmp_path: Path):
    figures = replayed(file, "--out", tmp_path / "decisions.ndjson")

    written = [json.loads(line) for line in (tmp_path / "decisions.ndjson").read_text().splitlines()]

    assert len(written) == sum(figures["decisions"].values())
    assert all(event["source"].startswith("/services/") for event in written)


def test_until_leaves_out_what_comes_later_and_lets_time_pass_up_to_it(file: Path):
    before = replayed(file, "--until", "2026-03-02T09:09:00Z")
    after = replayed(file, "--until", "2026-03-02T09:11:00Z")
    whole_day = replayed(file, "--until", "2026-03-02")

    assert "member.welcomed" not in before["decisions"]
    assert after["decisions"]["member.welcomed"] == 1
    assert "post.created" not in whole_day["facts"]


def test_a_playbook_holds_from_the_first_fact_alone(file: Path, tmp_path: Path):
    written = tmp_path / "decisions.ndjson"
    figures = replayed(file, "--playbook", "latelier", "--unmute", "--out", written)

    messages = [
        event for line in written.read_text().splitlines() if (event := json.loads(line))["type"] == "message.requested"
    ]

    assert figures["facts"]["community.configured"] == 1
    assert figures["facts"]["community.unmuted"] == 1
    assert {event["data"].get("muted") for event in messages} == {False}
    assert any("L'Atelier" in event["data"]["text"] for event in messages)


def test_without_being_unmuted_every_message_is_muted(file: Path, tmp_path: Path):
    written = tmp_path / "decisions.ndjson"
    replayed(file, "--out", written)

    messages = [
        event for line in written.read_text().splitlines() if (event := json.loads(line))["type"] == "message.requested"
    ]

    assert messages
    assert {event["data"].get("muted") for event in messages} == {True}


def test_figures_for_people_name_every_type_and_the_digest(file: Path):
    done = RUNNER.invoke(application("replay"), ["replay", str(file)])

    assert done.exit_code == 0
    assert "member.welcomed" in done.stdout
    assert "member.vanished" in done.stdout
    assert replayed(file)["sha256"] in done.stdout


def test_a_moment_that_is_none_is_a_usage_problem(file: Path):
    done = RUNNER.invoke(application("replay"), ["replay", str(file), "--until", "tomorrow"])

    assert done.exit_code == 2
    assert "2026-03-14" in done.stderr
