"""What an event costs when there is much: identities that were seen, members that belong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from bench import pipeline
from bench.material import Material, opened
from bench.stand import Stand
from chassis.service import Service
from contracts.envelope import AnyEvent, Event
from contracts.facts import MemberJoined, PostCreated
from contracts.identity import milliseconds

SEEN = (0, 1_000_000, 5_000_000)
"""Identities of the thirty days before the measured events."""
SEEN_BY = "onboarding"
"""The service with the least to do on a post, so that the identities weigh most."""
MEMBERS = (1_000, 100_000)
KNOWN_BY = "recognition"
"""The service with the most tables that have a row for each member."""
_POSTS = 4000
_WINDOW = timedelta(days=30)
_START = datetime.fromisoformat("2026-03-02T10:00:00+00:00")
_FILL_SEEN = (
    "insert into seen select decode(lpad(to_hex(at), 12, '0') || substr(md5(at || '/' || n), 1, 20), 'hex'),"
    " 'elsewhere', to_timestamp(at / 1000.0) from (select n, $1::bigint + $2::bigint * n / $3::bigint as at"
    " from generate_series(1, $3::bigint) n) x"
)


@dataclass(frozen=True)
class Grown:
    """A database that holds so much, to be copied for every run, and the events that are measured over it."""

    service: Service
    size: int
    template: str
    material: Material

    async def run(self, stand: Stand) -> pipeline.Run:
        """The events through the service's whole pipeline."""
        return await pipeline.run(stand, self.service, self.material, self.template)


async def seen(stand: Stand, service: Service, size: int) -> Grown:
    """A service that has seen so many identities in the last thirty days."""
    template = await stand.template(service, f"seen_{size}")
    connection = await _connected(stand, service, template)
    try:
        if size:
            window = milliseconds(_START) - milliseconds(_START - _WINDOW)
            await connection.execute(_FILL_SEEN, milliseconds(_START - _WINDOW), window, size)
        await connection.execute("vacuum (freeze, analyze) seen")
    finally:
        await connection.close()
    return Grown(service, size, template, _posts(MEMBERS[0]))


async def members(stand: Stand, service: Service, size: int) -> Grown:
    """A service of a community of so many members, who joined and posted once: one did, the others are copies."""
    template = await stand.template(service, f"members_{size}")
    await pipeline.run_on(stand, service, _first_member(), stand.servers.postgres.dsn_of(template))
    connection = await _connected(stand, service, template)
    try:
        for table in service.table_of.values():
            if table.key == ("member",):
                names = table.names.split(", ")
                copied = ", ".join(f"'m' || n as {name}" if name == "member" else f"t.{name}" for name in names)
                await connection.execute(
                    f"insert into {table.name} ({table.names}) select {copied} from {table.name} t,"
                    f" generate_series(1, {size - 1}) n where t.member = 'm0'"
                )
        # Another log is read next, from its beginning.
        await connection.execute("truncate cursor, lease, replica, outbox_log")
        await connection.execute("vacuum (freeze, analyze)")
    finally:
        await connection.close()
    return Grown(service, size, template, _posts(size))


async def _connected(stand: Stand, service: Service, database: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(
        stand.servers.postgres.dsn_of(database), server_settings={"search_path": service.name}, command_timeout=600
    )


def _posts(members_: int) -> Material:
    """Posts of as many members, evenly, in threads of twenty; seven seconds apart."""
    # A step without a divisor in common with the number of members meets each of them once a round.
    raws = [_post(number, f"m{number * 7919 % members_}").to_json() for number in range(_POSTS)]
    return opened("posts", f"{_POSTS:,} posts of {members_:,} members", raws)


def _post(number: int, member: str) -> AnyEvent:
    return Event[PostCreated](
        id=f"post/{number}",
        source="/platforms/forum",
        type=PostCreated.TYPE,
        time=_START + number * timedelta(seconds=7),
        data=PostCreated(
            community="atelier",
            member=member,
            post=f"p{number}",
            thread=f"t{number // 20}",
            channel="general",
            kind="message",
            body="La courroie est changée, la machine tourne.",
        ),
    )


def _first_member() -> Material:
    joined = Event[MemberJoined](
        id="join/m0",
        source="/platforms/forum",
        type=MemberJoined.TYPE,
        time=_START - timedelta(hours=3),
        data=MemberJoined(community="atelier", member="m0", display_name="Ana"),
    )
    posted = _post(0, "m0").model_copy(update={"id": "post/first", "time": joined.time + timedelta(hours=1)})
    first: Sequence[AnyEvent] = (joined, posted)
    return opened("first", "one member", [event.to_json() for event in first])
