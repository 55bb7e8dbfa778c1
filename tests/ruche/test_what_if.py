"""What-if: the same history under two playbooks; the counts are those of a script that shares no code with it."""

import json
import re
from itertools import islice

import pytest
from typer.testing import CliRunner

import differing
from archives import archive_file
from browsing import CHROMIUM, refers_to_itself, rendered, whole_in_itself
from chassis.look.tongue import texts
from facts import MONDAY, asked, days, hours, joined, minutes, posted, replied
from ruche.main import application
from ruche.what_if.page import PACKAGE

RUNNER = CliRunner()
HOSTILE = "<img src=x onerror=alert(1)>\x1b[2J"


def history(weeks=4):
    """Two people with a skill; each week three questions, answered after fifty minutes, after ten, and never."""
    names = {"ana": "Ana", "bob": "Bob", "kim": HOSTILE, "eli": "Eli"}
    facts = [joined(name, MONDAY - days(9), skills=["Vélo"], display_name=shown) for name, shown in names.items()]
    facts += [posted(name, MONDAY - days(9) + hours(1)) for name in ("bob", "kim")]
    for week in range(weeks):
        for n, minutes_later in enumerate((50, 10, None)):
            at, post = MONDAY + days(7 * week + n), f"q{week}-{n}"
            facts.append(asked("ana", at, post=post, tags=["vélo"], title=f"Question {post} ?"))
            if minutes_later is not None:
                facts.append(replied("eli", post, at + minutes(minutes_later), post=f"{post}-a"))
    return facts


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A history and two playbooks that differ in one figure."""
    folder = tmp_path_factory.mktemp("what-if")
    (folder / "facts.ndjson").write_bytes(b"".join(event.to_json() + b"\n" for event in history()))
    (folder / "usual.yaml").write_text("name: Vélos\nlanguage: fr\n")
    (folder / "tried.yaml").write_text("name: Vélos\nlanguage: fr\nsupport: {answer_minutes: 30}\n")
    return folder


def ruche(command, *words, code=0):
    done = RUNNER.invoke(application(command), [command, *map(str, words)])
    assert done.exit_code == code, done.output
    return done


def what_if(folder, *words, code=0, facts="facts.ndjson"):
    sides = ("--playbook", folder / "usual.yaml", "--against", folder / "tried.yaml")
    return ruche("what-if", folder / facts, *sides, *words, code=code)


def decided(file, playbook, out, *words):
    """The decisions of one replay, as `ruche replay --out` gives them."""
    ruche("replay", file, "--unmute", "--playbook", playbook, "--out", out, *words)
    return differing.documents(out)


def counts_agree(told, before, after, facts):
    """The document of a what-if agrees with the two streams of decisions, and with the facts alone."""
    expected = differing.by_ids(before, after)
    for kind, by_type in expected.items():
        of_rules = {}
        for line in told["by_rule"]:
            of_rules[line["type"]] = of_rules.get(line["type"], 0) + line[kind]
        assert {name: number for name, number in of_rules.items() if number} == dict(by_type), kind
        assert told["decisions"][kind] == by_type.total()
    old, new = differing.unanswered(facts, 60), differing.unanswered(facts, 30)
    (line,) = [one for one in told["by_rule"] if one["type"] == "question.unanswered"]
    assert (line["appeared"], line["vanished"], line["moved"]) == (len(new - old), len(old - new), len(old & new))
    for side, decisions in (("before", before), ("after", after)):
        written = differing.messages_to_members(decisions)
        assert told["messages"][side]["to_members"] == written.total()
        assert {
            member: numbers[side] for member, numbers in told["messages"]["members"].items() if numbers[side]
        } == dict(written)
    assert (told["decisions"]["before"], told["decisions"]["after"]) == (len(before), len(after))


def test_its_counts_are_those_of_an_independent_script(folder, tmp_path):
    file, only = folder / "facts.ndjson", ("--service", "support")
    before = decided(file, folder / "usual.yaml", tmp_path / "before.ndjson", *only)
    after = decided(file, folder / "tried.yaml", tmp_path / "after.ndjson", *only)

    told = json.loads(what_if(folder, "--json", *only).stdout)

    counts_agree(told, before, after, differing.documents(file))
    assert told["decisions"]["appeared"] > 0
    assert told["decisions"]["moved"] > 0
    assert (told["facts"], told["services"], told["rule_failures"]) == (26, ["support"], 0)
    assert told["settings"] == [{"setting": "support.answer_minutes", "before": 60, "after": 30}]


def test_the_beginning_of_an_archive_with_every_service(tmp_path):
    counts_agree(*_of_the_archive(tmp_path, most=600))


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_a_whole_archive_with_every_service(tmp_path):
    counts_agree(*_of_the_archive(tmp_path, most=None))


def _of_the_archive(tmp_path, most):
    facts = list(islice(differing.documents(archive_file("qc-stackexchange")), most))
    file = tmp_path / "facts.ndjson"
    file.write_text("".join(json.dumps(fact) + "\n" for fact in facts))
    for name, figure in (("usual", 60), ("tried", 30)):
        (tmp_path / f"{name}.yaml").write_text(f"support: {{answer_minutes: {figure}}}\n")
    before = decided(file, tmp_path / "usual.yaml", tmp_path / "before.ndjson")
    after = decided(file, tmp_path / "tried.yaml", tmp_path / "after.ndjson")
    return json.loads(what_if(tmp_path, "--json").stdout), before, after, facts


def test_at_a_terminal_it_says_what_is_tried_what_it_changes_and_for_whom(folder):
    lines = what_if(folder, "--service", "support").stdout.splitlines()

    assert lines[0] == "usual → tried"
    assert lines[1].split() == ["support.answer_minutes", "60", "→", "30"]
    assert "support · question.unanswered (unanswered): 4 appeared, 12 moved" in lines
    assert any(line.strip().startswith("30 min earlier: threshold 60 office min without an answer →") for line in lines)
    assert any(line.startswith("  Ana (ana): ") for line in lines)
    assert any("(kim): " in line for line in lines)
    assert "\x1b[2J" not in "\n".join(lines)


def test_every_change_is_written_where_it_is_wanted(folder, tmp_path):
    told = json.loads(what_if(folder, "--service", "support", "--json", "--out", tmp_path / "changes.ndjson").stdout)
    changes = differing.documents(tmp_path / "changes.ndjson")

    kinds = [change["kind"] for change in changes]
    assert {kind: kinds.count(kind) for kind in ("appeared", "vanished", "moved")} == {
        kind: told["decisions"][kind] for kind in ("appeared", "vanished", "moved")
    }
    moved = next(change for change in changes if change["kind"] == "moved" and change["type"] == "question.unanswered")
    assert moved["before"]["id"][14:] == moved["after"]["id"][14:]
    assert moved["members"] == ["ana"]


def test_the_same_playbook_twice_changes_nothing(folder):
    sides = ("--playbook", folder / "usual.yaml", "--against", folder / "usual.yaml")
    done = ruche("what-if", folder / "facts.ndjson", *sides, "--service", "support")

    assert "the two playbooks have the same settings" in done.stdout
    assert re.search(r"all \d+ decisions are the same\.", done.stdout)


def test_without_one_to_compare_with_it_is_the_files_own(folder):
    done = ruche(
        "what-if", folder / "facts.ndjson", "--against", folder / "tried.yaml", "--service", "support", "--json"
    )

    told = json.loads(done.stdout)
    assert told["playbook"] == "the file's own"
    assert {"setting": "language", "before": "en", "after": "fr"} in told["settings"]


def test_until_bounds_both_runs_and_lets_time_pass(folder):
    told = json.loads(what_if(folder, "--service", "support", "--json", "--until", "2026-03-02T10:35:00Z").stdout)

    assert told["decisions"]["appeared"] > 0
    assert {(line["type"], line["vanished"]) for line in told["by_rule"] if line["vanished"]} == set()
    assert told["facts"] == 7


def test_muted_nothing_is_delivered_and_the_same_is_decided(folder):
    spoken = json.loads(what_if(folder, "--service", "support", "--json").stdout)
    muted = json.loads(what_if(folder, "--service", "support", "--json", "--muted").stdout)

    (one,), (other,) = (
        [line for line in told["by_rule"] if line["type"] == "question.unanswered"] for told in (spoken, muted)
    )
    assert one == other


@pytest.fixture(scope="module")
def pages(folder):
    """The page in both languages."""
    for language in ("fr", "en"):
        what_if(folder, "--html", folder / f"{language}.html", "--language", language, "--service", "support")
    return {language: (folder / f"{language}.html").read_text("utf-8") for language in ("fr", "en")}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_whole_in_itself(pages, language):
    whole_in_itself(pages[language])
    refers_to_itself(pages[language])
    assert pages[language].count("<h1>") == 1


def test_the_page_says_it_in_the_readers_language(pages):
    assert '<html lang="fr">' in pages["fr"]
    assert "<h1>Et si\u202f: tried</h1>" in pages["fr"] or "<h1>Et si\u00a0: tried</h1>" in pages["fr"]
    assert "Question sans réponse" in pages["fr"]
    assert "30\u00a0min plus tôt" in pages["fr"]
    assert '<html lang="en">' in pages["en"]
    assert "Question without an answer" in pages["en"]
    assert "30\u00a0min earlier" in pages["en"]


def test_members_words_stay_words(pages):
    for page in pages.values():
        assert "<img" not in page
        assert (
            "&lt;img src=x onerror=alert(1)&gt; [2J (kim)" in page
            or "&lt;img src=x onerror=alert(1)&gt;[2J (kim)" in page
        )


def test_both_languages_have_every_text_with_the_same_values():
    french, english = texts(PACKAGE, "fr"), texts(PACKAGE, "en")

    assert list(french) == list(english)
    for key, words in french.items():
        fields = re.compile(r"{(\w+)}")
        assert sorted(fields.findall(words)) == sorted(fields.findall(english[key])), key
        assert not re.search(r"\b(tu|toi|vous|votre|ton|ta)\b", words, re.IGNORECASE), key


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(1280, False, marks=pytest.mark.proof, id="wide and light"),
        pytest.param(390, True, id="narrow and dark"),
    ],
)
def test_a_real_browser_shows_it_whole(pages, width, dark):
    told = rendered(pages["fr"], width, dark=dark)

    assert told["width"] == width
    assert told["overflow"] <= 0
    assert told["narrowest"] >= min(width - 90, 480)
    assert told["out"] <= 1
    bright = [int(part) for part in re.findall(r"\d+", told["surface"])[:3]]
    assert (sum(bright) < 200) == dark


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--against", "nothing.yaml"), 2, "no playbook 'nothing.yaml'"),
        (("--against", "latelier", "--service", "suport"), 2, "no service 'suport' is installed"),
        (("--against", "latelier", "--language", "de"), 2, "'de' is no language of the page"),
        (("--against", "latelier", "--until", "tomorrow"), 2, "is no instant"),
        (("--against", "latelier", "--service", "support", "--html", "/nowhere/page.html"), 2, "cannot be written"),
    ],
)
def test_what_is_wrong_is_said(folder, words, code, said):
    assert said in ruche("what-if", folder / "facts.ndjson", *words, code=code).stderr


def test_a_file_without_facts_is_refused(tmp_path):
    (tmp_path / "empty.ndjson").write_text("")

    assert "no fact" in ruche("what-if", tmp_path / "empty.ndjson", "--against", "latelier", code=1).stderr
