"""A service on a real bus and a real database, for tests: provisioned, migrated, fed, watched, held against its log."""

import asyncio
import base64
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from chassis.bus import EVENTS, Bus, Unavailable
from chassis.entry import Entry, read
from chassis.migrate import migrated
from chassis.provision import PARTITIONS, provision
from chassis.publish import Parcel, Publisher
from chassis.replay import as_recorded
from chassis.runner import Runner
from chassis.service import Service
from chassis.settings import Settings, load_settings
from contracts.envelope import AnyEvent
from contracts.identity import EPOCH
from contracts.subjects import subject_of
from replicas import TOY_NAME, Replica
from toy.service import TOY

PATIENCE = 90.0


def settings_on(nats: str, postgres: str, **given) -> Settings:
    """Settings for servers given by URL; leases short, so that a take-over takes a second."""
    usual = {"nats_url": nats, "postgres_dsn": postgres, "embedded": True, "lease_seconds": 1, "heartbeat_seconds": 0.5}
    return load_settings(**usual | given)


async def until(
    condition: Callable[[], object], what: str = "it", seconds: float = PATIENCE, *, every: float = 0.02
) -> None:
    """Wait for a condition, with a bound."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
        await asyncio.sleep(every)


class Still:
    """A wall clock that reaches no due: nothing ticks while a test looks at what was folded."""

    @staticmethod
    def now() -> datetime:
        """Long ago."""
        return EPOCH


def says(runner: Runner, words: str) -> bool:
    """Whether readiness gives a reason with these words."""
    return any(words in reason for reason in runner.ready()[1])


class Stage:
    """One service's log and database, and whoever works on them."""

    def __init__(self, service: Service, nats: str, postgres: str) -> None:
        self.service = service
        self.nats = nats
        self.postgres = postgres
        self.settings = settings_on(nats, postgres)
        self.bus = Bus(self.settings, "tester")
        self.publisher = Publisher(self.bus, secret=b"of the tests", timeout_seconds=2)
        self.replicas: list[Replica] = []
        self.logs: Path | None = None
        self._replicas = 0
        self._connection: asyncpg.Connection | None = None
        self._count = 0
        self._read: dict[int, Entry] = {}

    def runner(self, **given) -> Runner:
        """A replica in this process, not started."""
        clock = given.pop("clock", None)
        return Runner(self.service, settings_on(self.nats, self.postgres, **given), clock=clock)

    @asynccontextmanager
    async def running(self, **given) -> AsyncIterator[Runner]:
        """A replica in this process."""
        runner = self.runner(**given)
        try:
            await runner.start()
            yield runner
        finally:
            await runner.stop()

    async def process(self, *, crash_at: str | None = None, freeze_at: str | None = None, **given) -> Replica:
        """A replica in a process of its own, which may be killed or frozen, or does so to itself at a step."""
        settings = settings_on(self.nats, self.postgres, **given)
        self._replicas += 1
        environment = {
            "RUCHE_NATS_URL": settings.nats_url,
            "RUCHE_POSTGRES_DSN": settings.postgres_dsn.get_secret_value(),
            "RUCHE_EMBEDDED": "true",
            "RUCHE_REPLICA": f"{self.service.name}-{self._replicas}",
            "RUCHE_LEASE_SECONDS": str(settings.lease_seconds),
            "RUCHE_HEARTBEAT_SECONDS": str(settings.heartbeat_seconds),
            "RUCHE_BATCH_SIZE": str(settings.batch_size),
            "RUCHE_LOG_FORMAT": "json",
        }
        if settings.nats_user and settings.nats_password:
            environment["RUCHE_NATS_USER"] = settings.nats_user
            environment["RUCHE_NATS_PASSWORD"] = settings.nats_password.get_secret_value()
        if crash_at is not None:
            environment["RUCHE_CRASH_AT"] = crash_at
        if freeze_at is not None:
            environment["RUCHE_FREEZE_AT"] = freeze_at
        name = TOY_NAME if self.service is TOY else self.service.name
        replica = Replica(name, environment, self.logs and self.logs / f"{environment['RUCHE_REPLICA']}.log")
        replica.start()
        self.replicas.append(replica)
        return replica

    async def publish(self, *events: AnyEvent, again: str = "") -> int:
        """Put events on the log in order; answers the last sequence. `again`: another publish of the same."""
        return await self.publish_raw(((str(subject_of(event)), event.to_json()) for event in events), again=again)

    async def publish_raw(
        self, messages: Iterable[tuple[str, bytes]], *, again: str = "", seconds: float = PATIENCE
    ) -> int:
        """Put bytes on subjects; while the log is away, the same again."""
        parcels = deque()
        for subject, raw in messages:
            self._count += 1
            parcels.append(Parcel(0, EVENTS, subject, f"{self._count}{again}", raw))
        last, deadline = 0, time.monotonic() + seconds
        while parcels:
            try:
                last = await self.publisher.publish(parcels)
            except Unavailable:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)
        return last

    @property
    def published(self) -> int:
        """How many messages were put on the log, or are about to be."""
        return self._count

    async def hears_the_log(self) -> bool:
        """Whether the log answers; not so for a while after it was stopped and started again."""
        try:
            await self.bus.api(f"STREAM.INFO.{EVENTS}")
        except Unavailable:
            return False
        return True

    async def log(self) -> list[Entry]:
        """The log as it stands, in order."""
        state = (await self.bus.api(f"STREAM.INFO.{EVENTS}"))["state"]
        return [await self._entry(seq) for seq in range(max(1, state["first_seq"]), state["last_seq"] + 1)]

    async def _entry(self, seq: int) -> Entry:
        # What stands in the log stays: tests look at it again and again.
        if seq not in self._read:
            stored = (await self.bus.api(f"STREAM.MSG.GET.{EVENTS}", {"seq": seq}))["message"]
            raw = base64.b64decode(stored.get("data", ""))
            at = datetime.fromisoformat(stored["time"].rstrip("Z")[:26]).replace(tzinfo=UTC)
            self._read[seq] = read(raw, seq=seq, stored_at=at, subject=stored["subject"])
        return self._read[seq]

    def forget_log(self) -> None:
        """Another store was put in the log's place: what was read of it counts no more."""
        self._read.clear()

    async def fetch_body(self, stream: str, seq: int) -> bytes:
        """The bytes at a place of a stream."""
        answer = await self.bus.api(f"STREAM.MSG.GET.{stream}", {"seq": seq})
        return base64.b64decode(answer["message"].get("data", ""))

    async def fetch(self, sql: str, *values):
        """Records of the service's schema."""
        try:
            return await (await self._connected()).fetch(sql, *values)
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
            # The server was killed since the last time: what was asked is a question, and can be asked again.
            await self._hang_up()
            return await (await self._connected()).fetch(sql, *values)

    async def execute(self, sql: str, *values) -> None:
        await (await self._connected()).execute(sql, *values)

    async def _connected(self):
        if self._connection is None or self._connection.is_closed():
            schema = {"search_path": self.service.name}
            self._connection = await asyncpg.connect(self.postgres, server_settings=schema, statement_cache_size=0)
        return self._connection

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def close(self) -> None:
        """Whoever works here is killed, and nobody is connected any more."""
        for replica in self.replicas:
            await replica.kill()
        await self._hang_up()
        await self.bus.close()

    async def quiet(self, *runners: Runner, upto: int = 0) -> None:
        """Until everything up to a sequence, and everything said on it, is folded, published and cleared."""
        await until(lambda: self._quiet(runners, upto), "the service came to rest", every=0.05)

    async def _quiet(self, runners: tuple[Runner, ...], upto: int) -> bool:
        partitions = [part for runner in runners for part in runner.status()["partitions"]]
        if runners and (
            len(partitions) < PARTITIONS
            or any(part["lag"] or part["outbox"] or not part["reading"] for part in partitions)
            or max(part["cursor"] for part in partitions) < upto
        ):
            return False
        return await self.at_rest(upto)

    async def at_rest(self, upto: int) -> bool:
        """Whether nothing waits to be published, and everything up to a sequence of the log is folded."""
        return not await self.fetch("select 1 from outbox limit 1") and await self._folded(upto)

    async def _folded(self, upto: int) -> bool:
        """Whether the cursors passed every message up to a sequence that is not the service's own."""
        cursors = {row[0]: row[1] for row in await self.fetch("select partition, seq from cursor")}
        for entry in await self.log():
            partition = int((entry.subject or "").partition(".")[0])
            own = entry.event is not None and entry.event.source == self.service.source
            if entry.seq <= upto and not own and cursors.get(partition, 0) < entry.seq:
                return False
        return True

    async def holds_as_recorded(self, *, once: bool = True) -> None:
        """The log that a run left, folded in process, gives the same decisions and the same rows, to the byte.

        What came after the cursors (a tick, as the service was stopped) is not folded yet, and left out here too.
        `once`: no decision stands there twice, as after any run shorter than the duplicate window.
        """
        cursors = {row[0]: row[1] for row in await self.fetch("select partition, greatest(seq, passed) from cursor")}
        log = [
            entry
            for entry in await self.log()
            if (entry.event is not None and entry.event.source == self.service.source)
            or entry.seq <= cursors.get(int((entry.subject or "").partition(".")[0]), 0)
        ]
        again = as_recorded(self.service, log)
        assert again.decided == again.recorded
        for row, table in self.service.table_of.items():
            records = await self.fetch(table.everything)
            assert dict(table.from_record(tuple(record)) for record in records) == again.shelf.rows[row], table.name
        deadlines = await self.fetch(
            "select community, due, kind, key from deadline order by community, due, kind, key"
        )
        expected = [(deadline.community, *deadline[:3]) for deadline in again.shelf.deadlines()]
        assert [tuple(record) for record in deadlines] == expected
        letters = await self.fetch(
            "select letter from dead_letter where settled is distinct from 'redriven' order by letter"
        )
        assert [record[0] for record in letters] == sorted(letter.letter for letter in again.shelf.letters)
        if not once:
            return
        said = [
            entry.event.id for entry in log if entry.event is not None and entry.event.source == self.service.source
        ]
        assert len(said) == len(set(said)), "a decision stands in the log twice"


@asynccontextmanager
async def staged(nats: str, postgres: str, service: Service = TOY) -> AsyncIterator[Stage]:
    """A log provisioned and a database migrated for a service."""
    stage = Stage(service, nats, postgres)
    stage.bus.start()
    try:
        assert await stage.bus.connected_within(PATIENCE)
        await provision(stage.bus)
        await migrated(service, postgres)
        yield stage
    finally:
        await stage.close()
