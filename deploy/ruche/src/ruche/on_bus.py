"""Replays on real servers: in turns, to the byte as in process; or live, as fast as wanted, equal as recorded."""

import asyncio
import secrets
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from chassis.audit import differences
from chassis.bus import EVENTS, Bus
from chassis.clock import ReplayClock
from chassis.entry import Entry, read
from chassis.publish import Parcel, Publisher
from chassis.replay import is_fact
from chassis.service import Service
from contracts.subjects import subject_of
from ruche import standing
from ruche.connection import Addresses, bus_settings, connected, database, run, settings
from ruche.deployment import addresses_of, own_users, prepared, processes
from ruche.exits import Code, Problem
from ruche.lines import lines
from ruche.output import note
from ruche.processes import ask
from ruche.recorder import extent
from ruche.servers import Servers

PUBLISH_SECONDS = 10.0
BATCH = 500
LEAD = timedelta(seconds=6)
"""How long services may take to start before the clock of a replay shows its first instant."""
STILL_SECONDS = 600.0
"""How long live services may take to come to rest after the last fact, without any sign of going on."""
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class House:
    """Where a replay runs.

    Attributes:
        addresses: of the servers.
        folder: for the services' logs.
        users: by service, the environment of its own user and role; none on servers that were given.
    """

    addresses: Addresses
    folder: Path
    users: Mapping[str, Mapping[str, str]]


@contextmanager
def house(services: Sequence[Service], given: Addresses | None) -> Iterator[House]:
    """The servers given, or private ones, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ruche-replay-") as name:
        folder = Path(name)
        if given is not None:
            # Nothing of a replay is worth a deployment's secret.
            yield House(replace(given, embedded=True), folder, {})
            return
        note("starting a private NATS and Postgres, and every service on them …")
        # One commit a step: a disk that is waited for at each would make a replay of the disk.
        with Servers(folder, durable=False) as servers:
            users = run(own_users(servers, services))
            yield House(addresses_of(servers), folder, users)


@asynccontextmanager
async def at_work(services: Sequence[Service], at: House, *, more: Mapping[str, str]) -> AsyncIterator[Bus]:
    """Services as processes on servers that hold nothing yet, ready. `Problem` when the servers hold anything."""
    environment = {"RUCHE_LOG_FORMAT": "console", "RUCHE_LOG_LEVEL": "warning", **more}
    async with connected(bus_settings(at.addresses)) as bus:
        await prepared(bus, services, settings(at.addresses))
        await _expect_empty(bus, services, at.addresses)
        with processes(services, at.addresses, logs=at.folder, more=environment, users=at.users) as running:
            await running.ready(bus)
            yield bus


async def _expect_empty(bus: Bus, services: Sequence[Service], addresses: Addresses) -> None:
    log = await extent(bus)
    if log.last:
        raise Problem(f"the log holds {log.messages:,} messages: a replay wants servers of its own", Code.REFUSED)
    async with database(settings(addresses)) as connection:
        for service in services:
            for place in (await standing.places(connection, service.name)).values():
                if place.cursor.log is not None:
                    raise Problem(f"{service.name} has tables of another log: a replay wants servers of its own")


class Pace:
    """How fast facts reach live services: so many `times` as fast as they happened; None: as fast as they are taken."""

    def __init__(self, times: int | None, first: datetime) -> None:
        self._times = times
        self._first = first
        self._wall = datetime.now(UTC) + (timedelta() if times is None else LEAD)

    @property
    def full(self) -> bool:
        """Whether nothing is waited for."""
        return self._times is None

    def clock(self) -> str:
        """The services' clock, as their settings have it. At full speed it stands: time passes by the facts."""
        return str(ReplayClock(self._first, self._wall, self._times or 0))

    async def reach(self, at: datetime) -> None:
        """Wait until the clock shows an instant."""
        if self._times is not None:
            left = (at - self._first) / self._times - (datetime.now(UTC) - self._wall)
            await asyncio.sleep(max(0.0, left.total_seconds()))


async def live(bus: Bus, facts: Iterable[Entry], pace: Pace, *, published: Callable[[int], None]) -> None:
    """Publish facts in their order, as fast as the pace allows; recorded decisions and ticks are left out."""
    # Ids of its own, so that a fact which stands twice in a file stands twice in the log, as in process.
    publisher = Publisher(bus, secret=secrets.token_bytes(16), timeout_seconds=PUBLISH_SECONDS)
    waiting: deque[Parcel] = deque()
    for number, entry in enumerate(facts):
        event = entry.event
        if event is None or not is_fact(event):
            continue
        if not pace.full or len(waiting) == BATCH:
            await _send(publisher, waiting, published)
            await pace.reach(event.time)
        waiting.append(Parcel(0, EVENTS, str(subject_of(event)), str(number), entry.raw))
    await _send(publisher, waiting, published)


async def _send(publisher: Publisher, waiting: deque[Parcel], published: Callable[[int], None]) -> None:
    count = len(waiting)
    await publisher.publish(waiting)
    published(count)


async def at_rest(bus: Bus, services: Sequence[Service], partitions: int) -> None:
    """Wait until every service has read everything that anybody said, and said all it has to say on it."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < STILL_SECONDS:
        end = (await extent(bus)).last
        if end != before:
            before, since = end, time.monotonic()
        ends = [await _end_of(bus, partition) for partition in range(partitions)]
        if all([await _has_read(bus, service.name, ends) for service in services]):
            if (await extent(bus)).last == end:
                return
        else:
            await asyncio.sleep(_LOOK_SECONDS)
    raise Problem(f"the services did not come to rest in {STILL_SECONDS:.0f} s", Code.UNREACHABLE)


async def _end_of(bus: Bus, partition: int) -> int:
    """The last message of a partition; 0 when it has none."""
    info = await bus.api(f"STREAM.INFO.{EVENTS}", {"subjects_filter": f"{partition}.>"})
    if not info["state"].get("subjects"):
        return 0
    found = await bus.api(f"STREAM.MSG.GET.{EVENTS}", {"last_by_subj": f"{partition}.>"})
    return int(found["message"]["seq"])


async def _has_read(bus: Bus, service: str, ends: Sequence[int]) -> bool:
    for place in (await ask(bus, service, "status"))["partitions"]:
        if place["stopped"]:
            raise Problem(f"{service}: partition {place['partition']} stopped: {place['stopped']}")
        if place["outbox"] or place["cursor"] < ends[place["partition"]]:
            return False
    return True


async def log_of(bus: Bus) -> list[Entry]:
    """The whole log, read."""
    log = await extent(bus)
    return [
        read(one.raw, seq=one.seq, stored_at=one.stored_at, subject=one.subject)
        async for one in lines(bus, log.last, after=log.first - 1)
    ]


async def not_as_recorded(services: Sequence[Service], addresses: Addresses, entries: Sequence[Entry]) -> list[str]:
    """What the services decided or keep otherwise than a fold of the log gives, in words; empty when all is equal."""
    of = settings(addresses)
    dsn = of.postgres_dsn.get_secret_value()
    found = []
    for service in services:
        connection = await asyncpg.connect(dsn, server_settings={"search_path": f'"{service.name}"'})
        try:
            found += await differences(service, connection, entries, secret=of.names_secret)  # type: ignore[arg-type]
        finally:
            await connection.close()
    return found
