"""A recording under other names: nobody and nothing can be recognised, and rules decide on it as on the true one."""

import json
import os
import re
from collections import Counter
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from chassis.archive import checked
from chassis.entry import read
from chassis.recording import Line, lines
from chassis.replay import Turns
from contracts.phrases import flat
from contracts.playbook import NEUTRAL, load
from contracts.registry import MODELS, OPERATOR, PLATFORM
from contracts.wire import decode
from facts import asked, joined, replied
from operator_at import ran, ruche, told
from recorded import fortnight, installed, latelier
from ruche.pseudonyms import ADDRESSES, KEPT, LEFT_OUT, TEXTS, THINGS, Recast
from ruche.veil import Veil, listened_by
from staged import staged

KEY = b"of the tests, and of no file at all"
ARCHIVES = Path(os.environ.get("RUCHE_ARCHIVES", Path(__file__).parents[2].parent / "shared" / "data"))
TAKEN_AMONG_EQUALS = {"relay.asked", "relay.released", "relay.paired", "task.offered", "task.passed", "helper.asked",
                      "helper.passed", "editor.asked", "message.requested", "message.cancelled",
                      "message.withheld"}  # fmt: skip
"""Whom a rule chooses when nothing tells two people apart is decided by their ids, and so what follows from that."""


@cache
def listened() -> frozenset[str]:
    found = {phrase for playbook in (NEUTRAL, load(latelier())) for phrase in listened_by(playbook)}
    return frozenset(found | {phrase for service in installed() for phrase in service.listens})


@cache
def veil() -> Veil:
    return Veil(KEY, listened(), [service.likens for service in installed() if service.likens is not None])


def simulated() -> list[Line]:
    return [Line(n, None, None, json.dumps(fact, ensure_ascii=False).encode()) for n, fact in enumerate(fortnight(), 1)]


def recast(source: list[Line], *, people: bool, text: bool) -> list[Line]:
    made = Recast(KEY, people=people, veil=veil() if text else None)
    return [line for one in source if (line := made.line(one)) is not None]


def decided(source: list[Line]) -> list:
    said = []
    turns = Turns(installed(), on_decision=lambda event, _raw: said.append(event))
    for line in source:
        turns.play(read(line.raw, seq=line.seq))
    assert not turns.refused
    assert [letter for shelf in turns.shelves.values() for letter in shelf.letters] == []
    return said


def test_it_is_said_of_every_field_what_becomes_of_it():
    people = {"member", "by", "other", "newcomer", "invited_by", "post_author", "answer_author", "confirmed_by"}
    people |= {"mentions", "receivers", "registered"}
    said = TEXTS | THINGS | ADDRESSES | KEPT | people | {"task"}
    fields = {
        field.alias or name
        for kind in (*PLATFORM, *OPERATOR)
        if kind not in LEFT_OUT
        for name, field in MODELS[kind].model_fields.items()
    }

    assert fields - said == set()


def test_without_its_text_a_log_is_decided_on_in_the_same_way_to_the_second():
    true, bare = decided(simulated()), decided(recast(simulated(), people=False, text=True))

    # What is made of news is called by its address, which is text too.
    ids = [{(one.id, one.type, one.time) for one in said if one.type != "message.requested"} for said in (true, bare)]
    assert ids[0] == ids[1]
    messages = [Counter((m.time, m.data.rule, m.data.to.id) for m in said if m.type == "message.requested")
                for said in (true, bare)]  # fmt: skip
    assert messages[0] == messages[1]


FIGURES = (
    *("member", "post", "thread", "nature", "office_minutes", "wall_minutes", "stage", "stratum", "act", "priority"),
    *("points_hundredths", "due", "warn_at", "responder", "told_by", "score"),
)


def test_under_other_names_kinds_clocks_and_strata_are_the_same():
    made = Recast(KEY, people=True, veil=veil())

    def figures(said, person, thing):
        of = {"member": person, "post": thing, "thread": thing}
        return Counter(
            (one.type, one.time, *((name, of.get(name, str)(value)) for name in FIGURES
                                   if (value := getattr(one.data, name, None)) is not None))
            for one in said if one.type not in TAKEN_AMONG_EQUALS
        )  # fmt: skip

    true = decided(simulated())
    other = decided(recast(simulated(), people=True, text=True))

    assert figures(true, made.person, made.thing) == figures(other, str, str)
    kinds = Counter(one.type for one in true)
    assert kinds["question.opened"] > 3
    assert kinds["stratum.raised"] > 3
    assert kinds["points.awarded"] > 50


def test_nobody_and_nothing_can_be_recognised():
    facts = fortnight()
    text = b"\n".join(line.raw for line in recast(simulated(), people=True, text=True)).decode()
    playbook = next(fact["data"]["playbook"] for fact in facts if fact["type"] == "community.configured")
    people = {fact["data"]["member"] for fact in facts if fact["data"].get("member")}
    names = {fact["data"]["display_name"] for fact in facts if fact["data"].get("display_name")}
    things = {fact["data"]["post"] for fact in facts if fact["data"].get("post")}
    people |= {person["member"] for person in playbook["people"]["core_team"]}
    bodies = " ".join(fact["data"].get("body") or "" for fact in facts)

    assert len(people) > 10
    for word in people | names | things:
        assert f'"{word}"' not in text, word
    bare = " ".join(json.loads(line)["data"].get("body") or "" for line in text.splitlines())
    words = set(re.findall(r"[^\W\d_]{3,}", flat(bodies)))
    left = set(re.findall(r"[^\W\d_]{3,}", flat(bare))) & words
    assert left <= {word for phrase in listened() for word in re.findall(r"[^\W_]+", flat(phrase))}
    assert len(left) < len(words) / 3


def test_words_of_a_phrase_stay_where_the_phrase_stands_and_nowhere_else():
    assert veil().text("Je cherche une solution") == "Je cherche une solution"
    assert "solution" not in veil().text("La solution de Paul")


@pytest.mark.parametrize(
    "text", ["Bonjour, ma perceuse fume !", "RC 10x20 à 230 V ?", "l'eau_froide +1 👍", "", "où ?"]
)
def test_a_text_is_as_long_as_it_was_and_has_its_marks(text: str):
    bare = veil().text(text)

    assert len(bare) == len(text)
    assert re.sub(r"[^\W_]|_", "", bare) == re.sub(r"[^\W_]|_", "", text)


def test_the_same_word_and_its_forms_are_the_same_token_and_others_are_not():
    forms = {word: veil().text(word).lstrip("_") for word in ("perceuse", "perceuses", "Perceuse", "ponceuse")}

    assert forms["perceuse"] == forms["perceuses"] == forms["Perceuse"] != forms["ponceuse"]
    assert veil().text("comment réparer").startswith("comment ")
    assert all(
        service.likens is None or service.likens(token) == token for service in installed() for token in forms.values()
    )


async def test_a_log_is_recorded_under_other_names_by_a_key_that_nobody_keeps(nats, postgres, tmp_path):
    async with staged(nats, postgres) as stage:
        await ran(
            stage, [joined("ana-77"), asked("ana-77", body="Comment réparer ma perceuse ?"), replied("bo-78", "q")]
        )
        words = ("log", "record", tmp_path / "other.ndjson", "--pseudonymise", "--no-text")
        await told(stage, *words, "--keep-key", tmp_path / "key")
        again = await told(stage, "log", "record", tmp_path / "again.ndjson", "--pseudonymise", "--no-text")
        refused = await ruche(stage, "log", "trim", "--archive", tmp_path / "other.ndjson", code=1)
        usage = await ruche(stage, "log", "record", tmp_path / "x", "--keep-key", tmp_path / "y", code=2)

    manifest = checked(tmp_path / "other.ndjson")
    found = (tmp_path / "other.ndjson").read_text()
    assert (manifest.pseudonymised, manifest.text, manifest.whole) == (True, False, False)
    assert manifest.types == {"member.joined": 1, "post.created": 2}
    assert not any(word in found for word in ("ana-77", "bo-78", "Ana", "perceuse", "réparer"))
    assert "omment " in found
    assert (tmp_path / "other.ndjson").read_bytes() != (tmp_path / "again.ndjson").read_bytes()
    assert again["sha256_lines"] != manifest.sha256_lines
    assert ((tmp_path / "key").stat().st_mode & 0o777, len((tmp_path / "key").read_text().strip())) == (0o600, 64)
    assert "a part of the log only" in refused
    assert "there is no key to keep" in usage
    assert {decode(line.raw).data.member[:7] for line in lines(tmp_path / "other.ndjson")} == {"person-"}


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("name", "most"), [("qc-stackexchange", 12_000), ("fcc-gitter", 6_000)])
def test_an_archive_without_its_text_is_decided_on_in_the_same_way(name: str, most: int):
    path = ARCHIVES / f"{name}.ndjson.gz"
    if not path.exists():
        pytest.skip(f"the archive {path.name} is not here; RUCHE_ARCHIVES names its folder")
    source = list(islice(lines(path), most))
    true, bare = decided(source), decided(recast(source, people=False, text=True))

    assert [(one.id, one.type, one.time) for one in true] == [(one.id, one.type, one.time) for one in bare]
