"""Fixtures that any test may ask for: real servers. A test that asks for none starts none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import servers
from ruche.servers import NatsServer, PostgresServer

KIT = {path.stem for path in (Path(__file__).parent / "kit").glob("*.py")} - {servers.__name__}
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
pytest.register_assert_rewrite(*KIT)  # what a helper of the tests asserts is told as well as a test's own words

SHARING = (
    "ruche/test_up",
    "digest/measures/test_report",
    "digest/test_whole_story",
    "replay/test_as_recorded",
    "ruche/test_simulate",
    "together/test_a_quarter",
    "together/test_each_alone",
)
"""Files whose tests share something that takes long to make."""
LONGEST_FIRST = (
    "faults/",
    "replay/test_in_turns",
    "ruche/test_demo",
    "ruche/test_up",
    "chassis/test_runner",
    "chassis/test_conductor",
    "journeys/",
    "replay/",
    "digest/measures/test_report",
    "together/",
)
"""Where tests take long: begun first, so that no worker is left alone with one at the end."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first; and tests that share a fixture of their module go to one worker, which makes it once."""
    for item in items:
        if any(f"{name}.py" in item.nodeid for name in SHARING):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))

    def place(item: pytest.Item) -> int:
        return next((n for n, name in enumerate(LONGEST_FIRST) if name in item.nodeid), len(LONGEST_FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session")
def postgres_admin() -> Iterator[str]:
    """The DSN of the session's Postgres."""
    with servers.postgres_server() as dsn:
        yield dsn


@pytest.fixture
def postgres(postgres_admin: str) -> Iterator[str]:
    """The DSN of an empty database, this test's own."""
    with servers.database(postgres_admin) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def nats_shared() -> Iterator[str | None]:
    """The URL of the session's NATS, where there is one."""
    with servers.nats_shared() as url:
        yield url


@pytest.fixture
def nats(nats_shared: str | None) -> Iterator[str]:
    """The URL of a NATS with JetStream and no stream, this test's own."""
    with servers.nats_empty(nats_shared) as url:
        yield url


@pytest.fixture
def own_nats() -> Iterator[NatsServer]:
    """A nats-server that the test may stop, kill and start again; always from the wheel."""
    with servers.nats_own() as server:
        yield server


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A Postgres that the test may stop, kill and start again; always from the wheel."""
    with servers.postgres_own() as server:
        yield server
