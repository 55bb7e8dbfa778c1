"""`ruche replay --on-bus`: in turns to the byte as in process, live at any speed equal as recorded; both are checked.

`make test` plays the beginnings; `make proof` (the mark `proof`) plays five runs at full speed.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from operator_at import ruche, told
from recorded import fortnight
from ruche import replaying


def written(path: Path, facts: list[dict]) -> Path:
    path.write_text("".join(json.dumps(fact, ensure_ascii=False) + "\n" for fact in facts), encoding="utf-8")
    return path


async def test_in_turns_the_decisions_are_those_in_process(nats, postgres, tmp_path):
    file = written(tmp_path / "facts.ndjson", fortnight()[:60])
    servers = SimpleNamespace(nats=nats, postgres=postgres)

    figures = await told(servers, "replay", file, "--on-bus", "--out", tmp_path / "said.ndjson")
    in_process = await told(servers, "replay", file, "--out", tmp_path / "again.ndjson")

    assert figures["on_bus"]["equal"] is True
    assert figures["sha256"] == in_process["sha256"]
    assert (figures["facts"], figures["decisions"]) == (in_process["facts"], in_process["decisions"])
    assert (tmp_path / "said.ndjson").read_bytes() == (tmp_path / "again.ndjson").read_bytes()
    assert "a replay wants servers of its own" in await ruche(servers, "replay", file, "--on-bus", code=1)


async def test_at_full_speed_the_run_is_equal_as_recorded(nats, postgres, tmp_path):
    facts = fortnight(members=12, weeks=1)
    file = written(tmp_path / "facts.ndjson", facts)
    servers = SimpleNamespace(nats=nats, postgres=postgres)

    figures = await told(servers, "replay", file, "--on-bus", "--speed", "max", "--out", tmp_path / "said.ndjson")

    assert figures["on_bus"]["equal"] is True
    assert sum(figures["facts"].values()) == len(facts)
    assert figures["decisions"]["member.welcomed"] > 0
    assert len((tmp_path / "said.ndjson").read_bytes().splitlines()) == sum(figures["decisions"].values())


def fact(kind: str, at: str, **data) -> dict:
    return {
        "specversion": "1.0",
        "id": f"{kind}/{at}",
        "source": "/platforms/forum",
        "type": kind,
        "time": f"2026-03-02T{at}Z",
        "data": {"community": "atelier", "member": "ana", **data},
    }


async def test_so_many_times_as_fast_as_it_happened_time_passes_between_the_facts(nats, postgres, tmp_path):
    facts = [fact("member.joined", "09:00:00"), fact("member.seen", "09:05:00"), fact("member.seen", "09:30:00")]
    file = written(tmp_path / "facts.ndjson", facts)
    servers = SimpleNamespace(nats=nats, postgres=postgres)

    words = ("--on-bus", "--speed", "600x", "--service", "onboarding", "--out", tmp_path / "said.ndjson")
    figures = await told(servers, "replay", file, *words)

    assert figures["on_bus"]["equal"] is True
    assert (figures["facts"]["member.joined"], figures["facts"]["member.seen"]) == (1, 2)
    said = [json.loads(line) for line in (tmp_path / "said.ndjson").read_text().splitlines()]
    assert [one["time"] for one in said if one["type"] == "member.welcomed"] == ["2026-03-02T09:10:00Z"]


@pytest.mark.parametrize("text", ["fast", "0x", "x", "-1x", "60", "1.5x"])
def test_what_is_no_speed_is_told(text):
    with pytest.raises(Exception, match="is no speed"):
        replaying.speed(text)


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("number", range(5))
async def test_each_of_five_runs_at_full_speed_is_equal_as_recorded(nats, postgres, tmp_path, number):
    file = written(tmp_path / "facts.ndjson", fortnight(members=40, weeks=3, seed=number + 1))
    servers = SimpleNamespace(nats=nats, postgres=postgres)

    figures = await told(servers, "replay", file, "--on-bus", "--speed", "max")

    assert figures["on_bus"]["equal"] is True
