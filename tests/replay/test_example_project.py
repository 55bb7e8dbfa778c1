"""The example project, as an outsider runs it: built wheels in an empty environment, no other service, no server."""

import shutil

import pytest

import outside

PROJECT = outside.REPOSITORY / "docs" / "example-project"
PACKAGES = ("shared/contracts", "shared/chassis", "shared/replay", "services/support")


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """An interpreter that has the kit and one service."""
    folder = tmp_path_factory.mktemp("outside")
    return outside.environment(folder / "env", outside.wheels(PACKAGES, folder / "wheels"), "pytest")


@pytest.fixture
def project(tmp_path):
    return shutil.copytree(PROJECT, tmp_path / "example", ignore=shutil.ignore_patterns("__pycache__"))


def in_project(python, project, *words):
    return outside.run(python, "-m", "pytest", "-p", "no:cacheprovider", *words, cwd=project)


def test_three_tests_pass_where_nothing_else_is_installed(python, project):
    result = in_project(python, project)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "ruche services: support" in result.stdout
    assert "3 passed" in result.stdout
    assert outside.run(python, "-c", "import ruche").returncode != 0


@pytest.fixture
def changed(project):
    """The same under half the target for a first answer."""
    conftest = project / "tests" / "conftest.py"
    conftest.write_text(conftest.read_text().replace('"answer_minutes": 60', '"answer_minutes": 30'))
    return project


@pytest.mark.proof
def test_a_figure_changed_fails_in_words_to_act_on(python, changed):
    failed = in_project(python, changed, "-k", "march")

    assert failed.returncode == 1
    for words in (
        "what was decided is not what march.ndjson holds: of 39 decisions",
        "support · question.unanswered · rule unanswered: 3 appeared, 7 moved",
        "why: threshold 60 office min without an answer → 30 office min without an answer, actual 60 → 30",
        "pytest --ruche-update 'tests/test_our_forum.py::test_a_week_of_march_is_decided_as_we_approved_it'",
    ):
        assert words in failed.stdout


@pytest.mark.proof
def test_what_was_approved_by_a_flag_holds_from_then_on(python, changed):
    approved = in_project(python, changed, "-k", "march", "--ruche-update")
    again = in_project(python, changed, "-k", "march")

    assert approved.returncode == 0
    assert "golden file written: " in approved.stdout
    assert again.returncode == 0, again.stdout
