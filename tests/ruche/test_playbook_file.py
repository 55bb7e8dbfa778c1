import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ruche import playbooks
from ruche.main import application

RUNNER = CliRunner()


def check(text: str) -> list[tuple[int, str]]:
    with pytest.raises(playbooks.UnfitFile) as caught:
        playbooks.parse(text, "ours.yaml")
    return [(complaint.line, complaint.place) for complaint in caught.value.complaints]


def test_every_problem_is_said_at_once_with_its_line_and_cure():
    text = (
        "name: Ours\n"
        "langage: fr\n"
        "support:\n"
        "  answer_minutes: soon\n"
        "  helpers_asked: 400\n"
        "onboarding:\n"
        "  welcome_delay_hours: 1\n"
    )

    with pytest.raises(playbooks.UnfitFile) as caught:
        playbooks.parse(text, "ours.yaml")

    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "ours.yaml:2",
        "ours.yaml:4",
        "ours.yaml:5",
        "ours.yaml:7",
    ]
    assert "did you mean language?" in lines[0]
    assert "in minutes" in lines[1]
    assert "welcome_delay_minutes: 60" in lines[3]


def test_a_key_that_stands_twice_is_refused_on_its_second_line():
    assert check("name: One\nlanguage: fr\nname: Two\n") == [(3, "name")]


def test_what_is_no_yaml_is_refused_on_its_line():
    assert check("name: One\nsupport: [1, 2\nlanguage: fr\n")[0][0] in {2, 3}


def test_a_country_without_a_calendar_is_refused_on_its_line():
    assert check("name: One\ncountry: XX\n") == [(2, "country")]


def test_a_region_without_a_calendar_is_refused_and_the_others_named():
    with pytest.raises(playbooks.UnfitFile, match="6AE"):
        playbooks.parse("country: FR\nregion: Nowhere\n", "ours.yaml")


def test_a_text_is_read_only_as_data():
    assert check("name: !!python/object/apply:os.system ['true']\n")


def test_holidays_are_expanded_into_dates_of_the_years_and_the_region():
    playbook = playbooks.parse("country: FR\nregion: 6AE\nseasons: {holidays: [2025-06-24]}\n", "ours.yaml")

    days = playbooks.expanded(playbook, 2025, 2026).seasons.holidays

    assert date(2025, 7, 14) in days
    assert date(2025, 12, 26) in days  # a holiday of that region alone
    assert date(2026, 12, 25) in days
    assert date(2025, 6, 24) in days
    assert {day.year for day in days} == {2025, 2026}


@pytest.mark.parametrize("name", sorted(playbooks.shipped()))
def test_a_shipped_playbook_is_fine_and_fits_an_event(name: str):
    done = RUNNER.invoke(application(), ["playbook", "check", name])

    assert done.exit_code == 0, done.output


def test_check_names_file_and_line_and_exits_with_1(tmp_path: Path):
    file = tmp_path / "ours.yaml"
    file.write_text("name: Ours\nlangage: fr\n")

    done = RUNNER.invoke(application(), ["playbook", "check", str(file)])

    assert done.exit_code == 1
    assert f"{file}:2: langage: there is no such key; did you mean language?" in done.stderr


def test_check_for_scripts_lists_problems_as_json(tmp_path: Path):
    file = tmp_path / "ours.yaml"
    file.write_text("name: Ours\nlangage: fr\n")

    done = RUNNER.invoke(application(), ["playbook", "check", "--json", str(file)])

    assert json.loads(done.stdout) == [
        {
            "file": str(file),
            "line": 2,
            "place": "langage",
            "what": "there is no such key",
            "cure": "did you mean language?",
        }
    ]


def test_show_prints_a_shipped_playbook_whole_and_it_can_be_read_back(tmp_path: Path):
    whole = RUNNER.invoke(application(), ["playbook", "show", "latelier"])
    file = tmp_path / "again.yaml"
    file.write_text(whole.stdout)

    assert whole.exit_code == 0
    assert playbooks.load(str(file)).playbook == playbooks.load("latelier").playbook


def test_show_without_anything_says_what_there_is():
    done = RUNNER.invoke(application(), ["playbook", "show"])

    assert done.exit_code == 2
    assert "latelier" in done.stderr


def test_a_playbook_that_is_nowhere_is_a_usage_problem_that_names_the_shipped_ones():
    done = RUNNER.invoke(application(), ["playbook", "check", "nowhere.yaml"])

    assert done.exit_code == 2
    assert "latelier" in done.stderr
