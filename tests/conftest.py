"""Fixtures that any test may ask for: real servers. A test that asks for none starts none."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import servers
from ruche.servers import NatsServer, PostgresServer

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Begun in the background of a script: what tests start would pass Ctrl-C by, as it should, and is tried with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
KIT = {path.stem for path in (Path(__file__).parent / "kit").glob("*.py")} - {servers.__name__}
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
pytest.register_assert_rewrite(*KIT)  # what a helper of the tests asserts is told as well as a test's own words

LONGEST_FIRST = (
    "chassis/test_runner",
    "ruche/test_up",
    "ruche/test_demo",
    "faults/test_trials",
    "chassis/test_app",
    "replay/test_as_recorded",
    "ruche/test_erase",
    "replay/",
    "ruche/test_rebuild",
    "ruche/test_adopt",
    "faults/",
    "journeys/",
    "security/test_services",
    "chassis/test_conductor",
    "digest/measures/",
    "together/",
)
"""Where tests take long: begun first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first: a file goes to one worker, which makes once what its tests share."""

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
