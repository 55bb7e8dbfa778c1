"""`ruche why`: from a decision down to what platforms said, in words, in both languages, from a file."""

import json
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chassis.sentences import Sentences
from contracts.identity import SERVICES
from contracts.registry import OPERATOR, PLATFORM
from contracts.wire import decode
from recorded import Run, fortnight, installed
from ruche import services
from ruche.main import application
from ruche.why.chain import chain, leaves
from ruche.why.library import Library
from ruche.why.remembered import Remembered, remembered
from ruche.why.showing import Shown

RUNNER = CliRunner()
NO_BREAK = "\N{NO-BREAK SPACE}"


@cache
def played() -> Run:
    return Run(fortnight())


@cache
def log() -> Remembered:
    return remembered("latelier", ((entry.event, entry.raw) for entry in played().log))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("why") / "recorded.ndjson"
    path.write_bytes(b"\n".join(entry.raw for entry in played().log))
    return path


def first(type_: str, **fields: object):
    return next(
        event
        for event in log().events(type_)
        if all(getattr(event.data, name) == value for name, value in fields.items())
    )


def run(*words: object, code: int = 0):
    done = RUNNER.invoke(application("why"), ["why", *map(str, words)])
    assert done.exit_code == code, done.output
    return done


def test_every_fact_of_a_platform_or_an_operator_has_a_sentence_in_every_language():
    own = Sentences("ruche.why")

    own.check()
    assert own.keys["decisions"] == {*PLATFORM, *OPERATOR, "clock.ticked"}


def test_a_welcome_leads_down_to_the_arrival(recording: Path):
    welcome = first("member.welcomed", together=1)
    name = log().name(welcome.data.member)

    shown = run(welcome.id, "--file", recording, "--language", "en").stdout.splitlines()

    assert shown[0].endswith(f"A word of welcome went to {name}.")
    assert shown[1].startswith("  because: Everybody is welcomed once for life")
    assert shown[2].startswith("    2")
    assert shown[2].endswith(f"{name} joins the community.")


def test_without_a_language_it_is_the_communitys_own(recording: Path):
    welcome = first("member.welcomed", together=1)

    shown = run(welcome.id, "--file", recording).stdout

    assert f"  parce que{NO_BREAK}: On accueille chaque personne une fois pour la vie" in shown
    assert f"{log().name(welcome.data.member)} rejoint la communauté." in shown


def test_the_beginning_of_an_id_is_enough_and_developers_see_ids_and_figures(recording: Path):
    unanswered = first("question.unanswered", stage=1)

    shown = run(unanswered.id[:24], "--file", recording, "--ids", "-l", "en").stdout.splitlines()

    assert shown[0].endswith(f"[question.unanswered {unanswered.id}]")
    assert "[unanswered, asks " in shown[1]
    assert "found " in shown[1]


def test_a_message_leads_to_the_decision_that_it_puts_into_words(recording: Path):
    message = next(event for event in log().events("message.requested") if event.data.serves)

    document = json.loads(run(message.id, "--file", recording, "--json", "-l", "en").stdout)

    assert document["type"] == "message.requested"
    assert document["serves"]["id"] == message.data.serves
    assert document["serves"]["because"][0]["said"]
    assert document["because"][0]["rule"] == message.data.because[0].rule


def test_every_chain_of_a_fortnight_ends_at_facts_or_the_calendar_and_every_line_is_words():
    shown = {language: Shown(log(), Library(services.chosen(), language)) for language in ("fr", "en")}
    decisions = [event for event in log().events() if event.source.startswith(SERVICES)]
    assert len(decisions) > 300
    for decision in decisions[::7]:
        link = chain(log(), decision.id)
        for leaf in leaves(link):
            known = leaf.due is not None or (leaf.event is not None and not leaf.event.source.startswith(SERVICES))
            assert known or leaf.again, f"{decision.type} {decision.id} ends at {leaf.id}"
        for language, put in shown.items():
            for line in put.lines(link):
                assert line.text
                assert "rule " not in line.text, (language, line)
                assert "{" not in line.text


def test_every_rule_of_a_fortnight_has_a_sentence_of_its_own_service():
    own = {service.name: Sentences(service.package) for service in installed()}
    common = Sentences("chassis")
    unsaid = {
        (event.source, reason.rule)
        for event in log().events()
        if event.source.startswith(SERVICES)
        for reason in event.data.because
        if not own[event.source.removeprefix(SERVICES)].knows_rule(reason.rule) and not common.knows_rule(reason.rule)
    }

    assert unsaid == set()


def test_what_the_files_do_not_hold_is_said(tmp_path: Path):
    welcome = first("member.welcomed", together=1)
    (tmp_path / "decisions.ndjson").write_bytes(welcome.to_json())

    shown = run(welcome.id, "--file", tmp_path / "decisions.ndjson", "-l", "en").stdout

    assert "An event that is not in what was read" in shown
    assert "somebody" not in shown
    assert welcome.data.member in shown


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ("0195", "too short"),
        ("00000000-0000-8000-8000-000000000000", "no event of the files"),
        ("latelier", "beginning of"),
    ],
)
def test_an_id_that_tells_nothing_is_refused_in_words(recording: Path, decision: str, words: str):
    assert words in run(decision, "--file", recording, code=1).stderr


def test_somebody_who_was_forgotten_has_no_name_any_more():
    short = Remembered("latelier")
    welcome = first("member.welcomed", together=1)
    for event in log().events():
        short.learn(event, event.to_json())
    erased = {
        "specversion": "1.0",
        "id": "gone",
        "source": "/platforms/forum",
        "type": "member.erased",
        "time": "2026-06-01T00:00:00Z",
        "data": {"community": "latelier", "member": welcome.data.member},
    }
    raw = json.dumps(erased).encode()
    short.learn(decode(raw), raw)

    said = next(Shown(short, Library(services.chosen(), "en")).lines(chain(short, welcome.id)))

    assert said.text.endswith("A word of welcome went to somebody.")
