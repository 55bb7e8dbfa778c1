"""`ruche member`: in process over facts, the same from Postgres, and the copy that the member is handed."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chassis.telling import Teller
from facts import COMMUNITY, MONDAY, asked, days, fact, hours, joined, posted, reacted, replied
from onboarding.service import ONBOARDING
from recognition.service import RECOGNITION
from recorded import fortnight
from ruche.main import application
from staged import Still, staged, until
from stories import given

RUNNER = CliRunner()
ONE_ANOTHER = ("decided", "sent", "standing", "next", "keeping", "open", "waiting", "facts", "person")


@pytest.fixture(scope="module")
def facts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("member") / "facts.ndjson"
    path.write_text("\n".join(json.dumps(one) for one in fortnight()))
    return path


@cache
def people() -> dict[str, str]:
    found = (one["data"] for one in fortnight() if one["type"] == "member.joined")
    return {data["member"]: data["display_name"] for data in found if data.get("display_name")}


def run(*words: object, code: int = 0):
    done = RUNNER.invoke(application("member"), ["member", *map(str, words)])
    assert done.exit_code == code, done.output
    return done


def busiest() -> str:
    """Somebody with a long story: the one who wrote most."""
    authors = [
        one["data"]["member"] for one in fortnight() if one["type"] == "post.created" and not one["data"].get("bot")
    ]
    return max(sorted(set(authors) & set(people())), key=authors.count)


@pytest.fixture(scope="module")
def page(facts_file: Path) -> dict:
    words = ("latelier", busiest(), "--file", facts_file, "--playbook", "latelier", "--json", "-l", "en")
    return json.loads(run(*words).stdout)


@pytest.fixture(scope="module")
def own(facts_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    path = tmp_path_factory.mktemp("own") / "own.json"
    run("latelier", busiest(), "--file", facts_file, "--playbook", "latelier", "--copy", path, "-l", "en")
    return json.loads(path.read_text())


def test_a_manager_reads_where_a_member_stands_what_was_sent_and_why(page: dict):
    assert page["name"] == people()[busiest()]
    assert any(line["said"].startswith("Stratum: ") for line in page["standing"])
    assert any(line["key"] == "requirement" for line in page["keeping"] + page["next"])
    assert page["open"]
    assert all(line["due"] or line["key"] == "grace" for line in page["open"])
    assert page["sent"]
    assert all(line["said"] and line["why"] for line in page["sent"] + page["decided"])
    assert "facts" not in page


def test_a_manager_is_shown_no_points(page: dict):
    assert "points" not in {line["key"] for line in page["standing"]}
    assert not [line for line in page["decided"] if line["type"].startswith("points.")]


def test_the_text_has_a_heading_for_everything(facts_file: Path):
    shown = run("latelier", busiest(), "--file", facts_file, "--playbook", "latelier", "-l", "fr").stdout.splitlines()

    headings = [line for line in shown if not line.startswith(" ")]
    assert headings == [
        f"{people()[busiest()]} dans latelier",
        *("Qui c'est", "Où on en est", "Ce qui manque pour la suite", "Ce qui garde ce qu'on a"),
        *("Ce qui est ouvert, et jusqu'à quand", "Ce qui attend d'être dit", "Ce qui a été décidé, et pourquoi"),
        "Ce qui a été envoyé, et pourquoi",
    ]


def test_the_members_own_copy_has_points_and_their_own_words(own: dict):
    assert "points" in {line["key"] for line in own["standing"]}
    written = [line["body"] for line in own["facts"] if line["type"] == "post.created"]
    posts = [one["data"] for one in fortnight() if one["type"] == "post.created" and one["data"]["member"] == busiest()]
    assert written == [post["body"] for post in posts if post.get("body")]


def test_nobody_else_is_in_the_members_own_copy(own: dict):
    """No other name, no other id, no title and no sentence of anybody else's; the team that signs is named."""
    told = {key: own[key] for key in ONE_ANOTHER}
    for line in told["facts"]:
        line.pop("body", None)  # the person's own words may name others
    text = json.dumps(told, ensure_ascii=False)
    house = {"camille", "malik", "jeanne", "helene"}
    for member, name in people().items():
        if member not in {busiest(), *house}:
            assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text), name
            assert f'"{member}"' not in text
    titles: dict[str, set[str]] = {}
    for one in fortnight():
        if one["type"] == "post.created" and one["data"].get("title"):
            titles.setdefault(one["data"]["title"], set()).add(one["data"]["member"])
    assert [title for title, authors in titles.items() if title in text and busiest() not in authors] == []


def test_the_own_copy_is_one_page_whole_in_itself_and_harmless(tmp_path: Path):
    name = "<script>alert(1)</script>"
    body = "Bonjour <img src=x onerror=alert(2)>"
    told = [joined("ana", MONDAY, display_name=name), posted("ana", MONDAY + hours(1), body=body)]
    (tmp_path / "facts.ndjson").write_bytes(b"\n".join(one.to_json() for one in told))

    run(COMMUNITY, "ana", "--file", tmp_path / "facts.ndjson", "--copy", tmp_path / "ana.html")
    html = (tmp_path / "ana.html").read_text()

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(2)&gt;" in html
    assert "default-src 'none'" in html
    assert not re.search(r"(src|href)=", html.replace("&lt;img src=x", ""))


def test_an_unknown_member_community_or_file_is_said(tmp_path: Path, facts_file: Path):
    assert "nobody of the id 'nobody'" in run("latelier", "nobody", "--file", facts_file, code=1).stderr
    assert "never heard of the community" in run("elsewhere", "ana", "--file", facts_file, code=1).stderr
    run("latelier", "ana", "--file", tmp_path / "none.ndjson", code=2)


@pytest.mark.parametrize("service", [ONBOARDING, RECOGNITION], ids=lambda service: service.name)
async def test_postgres_tells_what_memory_tells(service, nats, postgres):
    """The same function over a partial shelf: what it lacks is loaded, and nothing is written."""
    happenings = [
        fact("community.configured", MONDAY - days(1), version="1", playbook={}, source="/operator"),
        joined("ana", MONDAY),
        joined("ben", MONDAY),
        asked("ana", MONDAY + hours(1), post="q"),
        replied("ben", "q", MONDAY + hours(2), post="a"),
        fact("answer.accepted", MONDAY + hours(3), member="ana", post="a", thread="q"),
        reacted("ana", "a", MONDAY + hours(3), thread="q", post_author="ben"),
        posted("ben", MONDAY + days(1)),
    ]
    story = given(service=service, muted=True, opened=MONDAY - days(1))
    story.when(*happenings)
    async with staged(nats, postgres, service) as stage, stage.running(clock=Still()) as runner:
        configured = [event for event in story.log if event.type == "community.configured"][:1]
        last = await stage.publish(*configured, *happenings)
        await until(lambda: stage._folded(last), "the facts were folded")
        for member in ("ana", "ben", "nobody"):
            for audience in ("manager", "member"):
                shelf = story._turns.shelves[service.name]
                expected = Teller(service).from_memory(shelf, COMMUNITY, member, audience)
                told = await runner.member(COMMUNITY, member, audience)
                assert told["tells"] == expected["tells"]
                assert told["person"] == expected["person"]
