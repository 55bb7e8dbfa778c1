import gzip
import json
from pathlib import Path

from typer.testing import CliRunner

from ruche.main import application
from samples import HERE, SAMPLES

RUNNER = CliRunner()


def run(*words: object):
    return RUNNER.invoke(application("convert"), ["convert", *map(str, words)])


def test_facts_go_to_standard_output_and_what_was_found_beside_it():
    done = run("zulip", SAMPLES["zulip"])

    assert done.exit_code == 0
    assert done.stdout.encode() == (HERE / "expected" / "zulip.ndjson").read_bytes()
    assert "17 facts of atelier, by /platforms/zulip" in done.stderr
    assert "left out: 1 direct messages" in done.stderr
    assert "messages-000001.json, message 8: it has no time" in done.stderr


def test_a_packed_file_is_the_same_bytes_each_time_and_the_figures_are_json(tmp_path: Path):
    first, second = tmp_path / "a.ndjson.gz", tmp_path / "b.ndjson.gz"
    done = run("slack", SAMPLES["slack"], "--community", "atelier", "--out", first, "--json")
    run("slack", SAMPLES["slack"], "--community", "atelier", "--out", second)

    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == (HERE / "expected" / "slack.ndjson").read_bytes()
    figures = json.loads(done.stdout)
    assert figures["facts"]["post.created"] == 8
    assert figures["threads_inferred"] == 4
    assert figures["bad_records"] == 1
    assert figures["bad_records_shown"][0]["where"] == "general/2026-01-02.json, message 7"


def test_a_conversion_that_fails_leaves_no_file_behind(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    done = run("slack", tmp_path / "empty", "--out", tmp_path / "facts.ndjson")

    assert done.exit_code == 1
    assert "there is no channels.json" in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["empty"]


def test_json_without_a_file_is_a_usage_problem():
    assert run("slack", SAMPLES["slack"], "--json").exit_code == 2


def test_an_unknown_platform_is_a_usage_problem_that_names_those_there_are():
    done = run("pigeon", SAMPLES["slack"])

    assert done.exit_code == 2
    assert "stackexchange" in done.stderr
