"""The pytest plugin: fixtures for stories, recorded files and golden files. It imports the rest when a test asks."""

import re
from collections.abc import Callable, Generator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ruche_replay.numbering import NUMBERS

if TYPE_CHECKING:
    from ruche_replay.golden import Golden
    from ruche_replay.ready.catalogue import Told
    from ruche_replay.story import Story

_WRITTEN = pytest.StashKey[list[str]]()
_ALL = 2
"""`-vv`: every change of a golden file is shown."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--ruche-update`."""
    parser.getgroup("ruche").addoption(
        "--ruche-update", action="store_true", help="Write golden files anew with what is decided now."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Room for what was written; facts that are made while modules are imported have numbers of their own."""
    config.stash[_WRITTEN] = []
    NUMBERS.restart("early")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Facts are numbered from 1 in each test."""
    NUMBERS.restart()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: Any) -> Generator[None, Any, Any]:
    """What a fixture makes for several tests is numbered apart from what each of them adds."""
    if fixturedef.scope == "function":
        return (yield)
    turn = getattr(request, "param_index", 0)
    with NUMBERS.within(f"{fixturedef.argname}-{turn}" if turn else fixturedef.argname):
        return (yield)


def pytest_report_header() -> str:
    """Which services a story plays unless it names its own."""
    names = ", ".join(sorted(point.name for point in entry_points(group="ruche.services"))) or "none"
    return f"ruche services: {names}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which golden files were written, and what is new in them."""
    for words in config.stash[_WRITTEN]:
        terminalreporter.write_line(f"golden file written: {words}")


@pytest.fixture
def ruche_playbook() -> Mapping[str, Any] | None:
    """The playbook of stories and replays; a project's `conftest.py` gives its own by a fixture of this name."""
    return None


@pytest.fixture
def story(ruche_playbook: Mapping[str, Any] | None) -> Callable[..., "Story"]:
    """`given`, under the project's playbook: `story(joined("ana")).after(minutes=10).expect("member.welcomed")`."""
    from ruche_replay.story import given  # noqa: PLC0415 - a test run that asks for no story imports nothing

    def told(*happenings: Any, **options: Any) -> "Story":
        return given(*happenings, **{"playbook": ruche_playbook, **options})

    return told


@pytest.fixture
def replayed(request: pytest.FixtureRequest, ruche_playbook: Mapping[str, Any] | None) -> Callable[..., "Story"]:
    """A recorded file, replayed under the project's playbook; its path is taken from the folder of the test."""
    from ruche_replay import story as stories  # noqa: PLC0415 - as above

    def played(path: Path | str, **options: Any) -> "Story":
        return stories.replayed(request.path.parent / path, **{"playbook": ruche_playbook, **options})

    return played


@pytest.fixture
def ready(ruche_playbook: Mapping[str, Any] | None) -> Callable[..., "Told"]:
    """The ready story of a decision under the project's playbook: `ready("question.unanswered").messages`."""
    from ruche_replay.ready import catalogue  # noqa: PLC0415 - as above

    def told(type_: str, **options: Any) -> "Told":
        return catalogue.ready(type_, **{"playbook": ruche_playbook, **options})

    return told


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> "Golden":
    """Holds a story or a replayed file against `golden/<test>.ndjson`: `golden(replayed("history.ndjson"))`."""
    from ruche_replay.golden import FOLDER, Golden  # noqa: PLC0415 - as above

    config = request.config
    return Golden(
        request.path.parent / FOLDER,
        re.sub(r"[^\w.-]+", "-", request.node.name).strip("-"),
        test=request.node.nodeid,
        update=config.getoption("--ruche-update"),
        examples=None if config.get_verbosity() >= _ALL else 3,
        written=config.stash[_WRITTEN].append,
    )
