"""`ruche indicators` and `ruche report`: figures and a page from files and from what runs."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from facts import MONDAY, asked, days, fact, joined, minutes, posted, replied
from ruche.exits import Code
from ruche.main import application

RUNNER = CliRunner()
ARCHIVES = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(autouse=True)
def nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """No address in the environment and none left by a running `ruche up`."""
    for name in ("RUCHE_NATS_URL", "RUCHE_POSTGRES_DSN", "RUCHE_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def written(path: Path, *facts) -> Path:
    lines = [event if isinstance(event, bytes) else event.to_json() for event in facts]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def ruche(*words: str | Path):
    return RUNNER.invoke(application(str(words[0])), [str(word) for word in words])


@pytest.mark.parametrize("name", ["qc-stackexchange", "fcc-gitter"])
def test_the_figures_of_an_archive_are_those_of_its_truth(name: str):
    archive, truth = ARCHIVES / f"{name}.ndjson.gz", ARCHIVES / f"{name}.truth.json"
    if not archive.exists():
        pytest.skip(f"{archive.name} is not on this machine")

    done = ruche("indicators", archive, "--json")

    assert done.exit_code == 0, done.output
    found, expected = json.loads(done.stdout), json.loads(truth.read_text())
    assert found == {key: expected[key] for key in found}
    assert {"first_answer", "accepted"} & set(found) == {"first_answer", "accepted"} & set(expected)


def test_decisions_and_ticks_of_a_recording_are_no_facts(tmp_path: Path):
    tick = fact("clock.ticked", MONDAY + days(9), source="/clock")
    file = written(tmp_path / "facts.ndjson", posted("ana", MONDAY), tick)

    assert json.loads(ruche("indicators", file, "--json").stdout)["data_end"] == "2026-03-02T10:00:00.000Z"


def test_an_unknown_type_moves_the_end_and_what_is_no_fact_is_left_out(tmp_path: Path):
    envelope = {"specversion": "1.0", "id": "1", "source": "/x/forum", "time": "2026-03-04T10:00:00Z"}
    unknown = {**envelope, "type": "member.waved", "data": {"community": "atelier"}}
    file = written(tmp_path / "facts.ndjson", posted("ana", MONDAY), json.dumps(unknown).encode(), b'{"type": 3}')

    done = ruche("indicators", file, "--json")

    assert json.loads(done.stdout)["data_end"] == "2026-03-04T10:00:00.000Z"
    assert "1 lines are no facts" in done.stderr


def test_of_several_communities_one_can_be_chosen(tmp_path: Path):
    file = tmp_path / "facts.ndjson.gz"
    events = [posted("ana", MONDAY), posted("bob", MONDAY), posted("bob", MONDAY, community="other")]
    file.write_bytes(gzip.compress(b"\n".join(event.to_json() for event in events)))

    both, one = ruche("indicators", file, "--json"), ruche("indicators", file, "--json", "--community", "other")

    assert json.loads(both.stdout)["posts"] == 3
    assert "all communities together (atelier, other)" in both.stderr
    assert json.loads(one.stdout)["posts"] == 1
    assert ruche("indicators", file, "--community", "nobody").exit_code == Code.USAGE


def test_figures_for_people_are_readable(tmp_path: Path):
    file = written(tmp_path / "facts.ndjson", asked("ana", MONDAY, post="q"), replied("bob", "q", MONDAY + minutes(5)))

    done = ruche("indicators", file)

    assert "first response median first response s" in done.stdout
    assert "300.0" in done.stdout


def test_a_file_becomes_a_page_and_the_last_line_says_where(tmp_path: Path):
    events = [joined("ana", MONDAY), *(posted("ana", MONDAY + days(n)) for n in range(15))]
    file = written(tmp_path / "facts.ndjson", *events)

    done = ruche("report", file, "--out", tmp_path / "page.html", "--playbook", "latelier")

    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str((tmp_path / "page.html").resolve())
    page = (tmp_path / "page.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "La météo de" in page


def test_of_a_file_with_several_communities_one_is_chosen(tmp_path: Path):
    file = written(tmp_path / "facts.ndjson", posted("ana", MONDAY), posted("bob", MONDAY, community="other"))

    assert "choose one of atelier, other" in ruche("report", file).stderr
    assert ruche("report", file, "--community", "other").exit_code == 0
    assert ruche("report", file, "--community", "nobody").exit_code == Code.USAGE


def test_what_is_neither_file_nor_community_is_said(tmp_path: Path):
    assert ruche("report", "not/there.ndjson").exit_code == Code.USAGE
    assert ruche("report", written(tmp_path / "empty.ndjson", b"")).exit_code == Code.REFUSED
    away = ruche("report", "atelier")
    assert away.exit_code == Code.UNREACHABLE
    assert "ruche up" in away.stderr


class Digest(BaseHTTPRequestHandler):
    """A digest service, as a browser sees it."""

    def do_GET(self) -> None:
        known = self.path == "/report/atelier"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(b"<!doctype html>" if known else b"Nothing has been heard of a community of that name.\n")

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def digest() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Digest)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_community_that_runs_gives_its_page(digest: str, tmp_path: Path):
    done = ruche("report", "atelier", "--address", digest, "--out", tmp_path / "page.html")

    assert done.exit_code == 0, done.output
    assert (tmp_path / "page.html").read_text() == "<!doctype html>"


def test_a_community_that_is_not_known_is_said_so_in_the_services_words(digest: str):
    done = ruche("report", "nobody", "--address", digest)

    assert done.exit_code == Code.REFUSED
    assert "Nothing has been heard" in done.stderr
