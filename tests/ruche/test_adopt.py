"""`ruche adopt`: what it finds in a file, and a history on the real bus, interrupted, repeated, and lived on after."""

import json
from itertools import islice
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adopted import MESSAGES, PLAYBOOK, TO_NEWCOMERS, WELCOMING, about
from chassis.conductor import Conductor
from chassis.entry import read
from chassis.provision import PARTITIONS
from chassis.replay import Turns
from contracts.envelope import AnyEvent
from facts import COMMUNITY, MONDAY, asked, days, fact, hours, joined, minutes, posted, replied, unmuted
from recorded import installed
from ruche.adopting import found
from ruche.commands.send import read_facts
from ruche.connection import bus_settings, connected, parse_nats, settings
from ruche.deployment import prepared, processes
from ruche.exits import Problem
from ruche.following import last_sequence, until
from ruche.importing import as_history, bring
from ruche.main import application
from ruche.publishing import publish
from samples import HERE

RUNNER = CliRunner()


def run(*words: object, code: int = 0):
    done = RUNNER.invoke(application("adopt"), ["adopt", *map(str, words)])
    assert done.exit_code == code, done.output
    return done


def test_a_dry_run_says_what_a_history_holds_and_what_it_cannot_tell():
    done = run("--dry-run", HERE / "expected" / "slack.ndjson")

    shown = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert shown[:8] == [
        "atelier",
        "time 2026-01-01 to 2026-01-04, 3 days",
        "facts 22, by /platforms/slack",
        "members 5: 1 joins told, 3 concluded; 1 programs, 1 staff",
        "channels 3, 1 of them restricted",
        "posts 8 in 6 threads (8 message)",
        "questions 0 by the platform's word, 0 acceptances",
        "reactions 3, 2 of them with a giver",
    ]
    assert "- when 3 of 4 people joined: concluded from a first act" in shown
    assert "- that 1 people joined at all: they are known, and have no date" in shown
    assert "- which posts are questions: support judges by their words" in shown
    assert "- when 3 things happened exactly: the time of their post stands for it" in shown


def test_the_same_as_json():
    [document] = json.loads(run("--dry-run", "--json", HERE / "expected" / "discourse.ndjson").stdout)

    assert (document["members"], document["posts"], document["questions"], document["answers_accepted"]) == (5, 4, 1, 1)
    assert (document["first"], document["last"]) == ("2026-01-01T07:00:00Z", "2026-01-09T08:00:00Z")
    assert document["channels_restricted"] == 1


def test_what_is_no_fact_of_a_platform_is_left_out_and_what_is_none_at_all_is_said(tmp_path: Path):
    file = tmp_path / "mixed.ndjson"
    decision = fact(
        "member.welcomed",
        source="/services/onboarding",
        member="ana",
        joined_at=MONDAY,
        gathering="g",
        together=1,
        way="mention",
        because=[{"rule": "welcome"}],
        playbook="1",
    )
    file.write_bytes(b"\n".join([joined("ana").to_json(), decision.to_json(), unmuted().to_json(), b"{broken"]))

    done = run("--dry-run", "--json", file, code=1)

    [document] = json.loads(done.stdout)
    assert document["facts"] == {"member.joined": 1}
    assert document["left_out"] == {"community.unmuted": 1, "member.welcomed": 1}
    assert f"{file}:4:" in done.stderr


@pytest.mark.parametrize("lines", [b"", unmuted().to_json()])
def test_a_file_without_a_fact_of_a_platform_is_refused(tmp_path: Path, lines: bytes):
    file = tmp_path / "none.ndjson"
    file.write_bytes(lines)

    assert "nothing to adopt" in run("--dry-run", file, code=1).stderr


def test_standard_input_is_a_usage_problem():
    assert "has to be a file" in run("-", code=2).stderr


def test_a_fact_as_history_is_the_same_fact_marked():
    raw = b'{"specversion":"1.0","id":"1","data":{"community":"a","extra":[1]}}'

    assert as_history(raw) == b'{"specversion":"1.0","id":"1","data":{"community":"a","extra":[1]},"backfill":true}'


def history() -> list[AnyEvent]:
    """A fortnight: Ana helps Ben every other day, New arrives on the last."""
    end = MONDAY - hours(1)
    facts = [joined("ana", end - days(15)), joined("ben", end - days(15), introduce=True)]
    for day in range(14, 0, -2):
        at, name = end - days(day), f"q{day}"
        facts += [
            asked("ben", at, post=name, channel="entraide"),
            replied("ana", name, at + hours(1), post=f"{name}-a", channel="entraide"),
            fact("answer.accepted", at + hours(2), member="ben", post=f"{name}-a", thread=name),
        ]
    return [*facts, joined("new", end - minutes(2)), posted("new", end - minutes(1), post="hello")]


LIFE = (
    unmuted(MONDAY),
    posted("new", MONDAY + hours(1), post="again"),
    joined("zoe", MONDAY + hours(2)),
    posted("ben", MONDAY + days(3), post="later"),
)


@pytest.mark.timeout(240)
@pytest.mark.proof
async def test_on_the_bus_an_interrupted_history_goes_on_and_its_people_are_nobodys_newcomers(
    nats, postgres, tmp_path: Path
):
    file = tmp_path / "history.ndjson"
    file.write_bytes(b"\n".join(event.to_json() for event in history()))
    addresses = parse_nats(nats)
    addresses = type(addresses)(
        nats=addresses.nats,
        nats_user=addresses.nats_user,
        nats_password=addresses.nats_password,
        postgres=postgres,
        embedded=True,
    )
    holds = found(one.event for one in read_facts([file], []))
    book = fact(
        "community.configured", history()[0].time - minutes(1), version="v1", playbook=PLAYBOOK, source="/operator"
    )
    async with connected(bus_settings(addresses)) as bus:
        await prepared(bus, installed(), settings(addresses))
        with processes(
            installed(), addresses, logs=tmp_path, more={"RUCHE_CONDUCTED": "true", "RUCHE_LOG_LEVEL": "warning"}
        ) as running:
            await running.ready(bus)
            await publish(bus, book)

            first = await bring(bus, islice(read_facts([file], []), 9), holds)
            rest = await bring(bus, read_facts([file], []), holds)
            again = await bring(bus, read_facts([file], []), holds)
            assert (first, rest, again) == ({COMMUNITY: 9}, {COMMUNITY: 16}, {COMMUNITY: 0})

            conductor = Conductor(bus.client, [service.name for service in installed()], PARTITIONS)
            decided = [said.event for said in await conductor.begin()]
            assert {event.backfill for event in decided} == {True}
            assert about(decided, *MESSAGES) == []
            lived = [
                said.event
                async for step in conductor.play([read(one.to_json(), seq=0) for one in LIFE], until=MONDAY + days(7))
                for said in step.said
            ]
        log = [read(stored.raw, seq=stored.seq).event async for stored in until(bus, await last_sequence(bus))]
        with pytest.raises(Problem, match="is live since 2026-03-02 11:00 UTC"):
            await bring(bus, [], found([*history(), posted("ana", MONDAY + days(9))]))

    imported = [event for event in log if event is not None and event.source == "/platforms/forum" and event.backfill]
    assert [event.id for event in imported] == [event.id for event in read_events(file)]
    assert {name for _, name in about(lived, *WELCOMING)} == {"zoe"}
    known = {"ana", "ben", "new"}
    assert [one for one in about(lived, "message.requested") if one[0] in TO_NEWCOMERS and one[1] in known] == []
    assert about(lived, "member.thanked") == []
    assert said_of(lived) == in_process(book, file)


def read_events(file: Path) -> list[AnyEvent]:
    return [one.event for one in read_facts([file], [])]


def said_of(decisions: list[AnyEvent]) -> list[bytes]:
    return [event.to_json() for event in decisions]


def in_process(book: AnyEvent, file: Path) -> list[bytes]:
    """What the same history and life give in process, after the history."""
    decided: list[bytes] = []
    turns = Turns(installed(), on_decision=lambda _event, raw: decided.append(raw))
    adopted = [read(as_history(one.raw), seq=0) for one in read_facts([file], [])]
    # The services read the history in one go, and then take turns: what it decides has another order, not another end.
    for entry in (read(book.to_json(), seq=0), *adopted):
        turns.play(entry)
    before = len(decided)
    for event in LIFE:
        turns.play(read(event.to_json(), seq=0))
    turns.finish(MONDAY + days(7))
    return decided[before:]
