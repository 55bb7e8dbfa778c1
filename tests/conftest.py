"""Fixtures that any test may ask for: real servers. A test that asks for none starts none."""

from collections.abc import Iterator

import pytest

import servers
from ruche.servers import NatsServer, PostgresServer


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
