"""Why, in words: every rule, decision and thing told has a sentence in every language, and each of them can be read."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from chassis.rendering import MissingText
from chassis.sentences import LANGUAGES, Around, Sentences
from contracts.decisions import HelperPassed, QuestionCancelled, RelayReleased, TaskPassed
from contracts.registry import DECISIONS, MESSAGES
from contracts.telling import Tell
from contracts.words import Act, Stratum
from recorded import installed

REPOSITORY = Path(__file__).parents[2]
PACKAGES = (*(service.package for service in installed()), "chassis")
AROUND = Around(ZoneInfo("Europe/Paris"), datetime(2026, 3, 2, 10, tzinfo=UTC), name={"ana": "Ana"}.get)


GIVING = {"because", "Because", "because_range", "Check"}
"""What is called to give a reason; a `Check` is one of the life stage."""


def sources(package: str) -> list[Path]:
    root = REPOSITORY / ("shared/chassis" if package == "chassis" else f"services/{package}") / "src"
    return sorted(path for path in root.rglob("*.py") if package != "chassis" or path.name == "courier.py")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every reason that is given in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GIVING:
            yield node


def rule_of(call: ast.Call) -> ast.expr:
    return call.args[0] if call.args else next(word.value for word in call.keywords if word.arg == "rule")


def names(package: str) -> Iterator[tuple[str, str]]:
    """Every rule name that a package's code can give, as a pattern, and where: what is computed stands as `*`."""
    for path in sources(package):
        module = import_module(".".join(path.relative_to(REPOSITORY).with_suffix("").parts[-len(parts(path)) :]))
        for call in calls(ast.parse(path.read_text())):
            family = "life_stage." if call.func.id == "Check" else ""
            for name in values(rule_of(call), module):
                yield family + name, f"{path.name}:{call.lineno}"


def parts(path: Path) -> list[str]:
    words = path.relative_to(REPOSITORY).with_suffix("").parts
    return list(words[words.index("src") + 1 :])


def values(node: ast.expr, module: Any) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(name)):
            yield name
        case ast.Name(id=name) | ast.Attribute(attr=name) if isinstance(getattr(module, name, None), str):
            yield getattr(module, name)
        case ast.IfExp(body=body, orelse=other):
            yield from values(body, module)
            yield from values(other, module)
        case ast.JoinedStr(values=pieces):
            yield "".join(piece(one, module) for one in pieces)
        case ast.Name(id="rule"):
            return  # a function that passes its own argument on: its callers are read instead
        case _:
            raise AssertionError(f"the test cannot read the rule {ast.unparse(node)}")


def piece(node: ast.expr, module: Any) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Name(id=name)) if isinstance(getattr(module, name, None), str):
            return getattr(module, name)
    return "*"


FAMILIES: dict[str, tuple[str, ...]] = {
    "points.*": (
        *get_args(get_args(Act)[0]),
        *("deleted", "moderated", "answer_withdrawn", "reaction_removed", "burst", "gaming", "overruled"),
    ),
    "stratum.*": get_args(Stratum),
    "roles.*": ("helper", "host", "editor", "welcomer", "tester", "connector"),
    "milestone.*": ("accepted_answers", "years"),
    "fading.*": ("silence", "decline"),
    "perks.*": ("date", "withdrawn", "left", "retired"),
    "circle.*": ("wish", "left", "human"),
    "task.*": ("declined", "silent", "returned", "left", "paused"),
    "pairing.*": ("declined", "silent", "left", "paused", "removed", "newcomer_left", "newcomer_paused", "done"),
    "life_stage.*": ("dormant", "newborn", "declining", "growing", "weeks_in_a_row"),
    "message.*": (),
}
"""What the computed part of a rule name can be, by the contracts; for messages, every `why` that is said."""


def reasons_to_call_back() -> set[str]:
    """Every word with which a message is withheld or called back."""
    found = set()
    for package in PACKAGES:
        root = REPOSITORY / ("shared/chassis" if package == "chassis" else f"services/{package}") / "src"
        for path in root.rglob("*.py"):
            found |= set(re.findall(r'why="([a-z_]+)"', path.read_text()))
    said_with_a_reason = (RelayReleased, TaskPassed, HelperPassed, QuestionCancelled)
    passed_on = {why for model in said_with_a_reason for why in get_args(model.model_fields["reason"].annotation)}
    return found | passed_on | {"expired", "left", "deceased", "stopped", "paused"}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_rule_name_that_can_appear_has_a_sentence(package: str):
    sentences = Sentences(package)
    missing = []
    for pattern, where in names(package):
        every = [pattern] if "*" not in pattern else [pattern.replace("*", last) for last in FAMILIES[pattern]]
        if pattern == "message.*":
            every = [f"message.{why}" for why in sorted(reasons_to_call_back())]
        missing += [f"{name} ({where})" for name in every if not sentences.knows_rule(name)]

    assert missing == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_sentence_is_about_a_rule_that_cannot_appear(package: str):
    possible = {pattern for pattern, _ in names(package)}
    possible |= {pattern.replace("*", last) for pattern in possible for last in FAMILIES.get(pattern, ())}
    known = Sentences(package).keys["rules"]

    assert [rule for rule in sorted(known) if rule not in possible and not rule.endswith(".*")] == []
    assert [rule for rule in sorted(known) if rule.endswith(".*") and rule not in possible] == []


def test_every_decision_has_a_sentence_by_the_service_that_takes_it():
    for service in installed():
        assert Sentences(service.package).keys["decisions"] == set(DECISIONS[service.name])
    assert Sentences("chassis").keys["decisions"] == set(MESSAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_is_there_in_every_language_and_can_be_read(package: str):
    Sentences(package).check()


@pytest.mark.parametrize("service", installed(), ids=lambda service: service.name)
def test_everything_that_a_service_tells_has_a_sentence(service):
    path = REPOSITORY / f"services/{service.name}/src/{service.name}/rules/telling.py"
    told = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            told.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            told.add("".join(one.value if isinstance(one, ast.Constant) else "*" for one in node.values))
    patterns = [re.escape(word).replace(r"\*", "[a-z_]+") for word in told]
    keys = Sentences(service.package).keys["tells"]

    assert [key for key in sorted(keys) if not any(re.fullmatch(pattern, key) for pattern in patterns)] == []
    computed = [word for word in told if "*" in word and re.fullmatch(r"[a-z_*]+", word)]
    assert [word for word in computed if not any(re.fullmatch(word.replace("*", "[a-z_]+"), key) for key in keys)] == []


def test_a_rule_says_its_figures_and_a_name_is_a_name():
    rule = Sentences("onboarding")

    assert rule.rule("en", "first_post.relay", {"threshold": 60, "actual": 61}, AROUND) == (
        "A first post is not left without a reply for more than 60 office minutes (here 61): the relay is told, else"
        " those who welcome."
    )
    assert rule.rule("fr", "pairing.left", {"threshold": None, "actual": None}, AROUND) == (
        "L'accompagnement s'arrête\N{NO-BREAK SPACE}: départ du relais."
    )
    values = {"member": "ana", "together": 1}
    assert rule.decision("en", "member.welcomed", values, AROUND) == "A word of welcome went to Ana."
    assert (
        rule.decision("en", "member.welcomed", {**values, "member": "?"}, AROUND)
        == "A word of welcome went to somebody."
    )


def test_times_are_in_the_communitys_zone_and_days_in_words():
    tell = Tell(part="standing", key="joined", values={"at": "2026-03-02T22:30:00Z"})

    assert Sentences("onboarding").tell("fr", tell, AROUND) == (
        "Arrivée\N{NO-BREAK SPACE}: lundi 2 mars 2026 à 23\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30."
    )
    day = Tell(part="keeping", key="kept_until", values={"day": "2026-06-10"})
    assert Sentences("recognition").tell("en", day, AROUND) == (
        "Without anything more, the stratum holds until 10 June 2026."
    )


def test_what_members_write_steers_nothing():
    around = Around(AROUND.zone, AROUND.now, name=lambda _: "Ana\x1b[2J{{ now }}")

    assert (
        Sentences("onboarding").decision("en", "member.returned", {"member": "a"}, around) == "Ana[2J{{ now }} is back."
    )


def test_what_is_unknown_is_nobodys_and_what_is_missing_is_said():
    sentences = Sentences("onboarding")

    assert sentences.rule("en", "of.another", {}, AROUND) is None
    assert sentences.decision("en", "question.opened", {}, AROUND) is None
    with pytest.raises(MissingText, match="no sentence 'nothing'"):
        sentences.tell("en", Tell(part="open", key="nothing"), AROUND)
    with pytest.raises(MissingText, match="does not exist"):
        Sentences("contracts")
    assert set(LANGUAGES) == {"fr", "en"}
