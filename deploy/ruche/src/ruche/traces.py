"""Who is to be forgotten: what the log and the services still know of them, before an erasure and after it."""

from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

import asyncpg
import orjson

from chassis.bus import Bus
from chassis.forgetting import nameless
from contracts.facts import MemberErased, MemberForgotten
from contracts.subjects import partition_of
from ruche import standing
from ruche.erasing import Eraser, Forgotten, names_of
from ruche.exits import Code, Problem
from ruche.following import until
from ruche.history import History

Until = tuple[datetime, datetime]
"""From an erasure: until when facts, and until when decisions, are about who was erased."""


async def forgotten(
    bus: Bus, connection: asyncpg.Connection, past: History, who: tuple[str, str], secret: bytes
) -> tuple[Forgotten, bool]:
    """Who they were, by their own facts and what every service keeps, and whether the log tells of it already.

    `Problem` when a service has yet to read that they asked for it.
    """
    community, member = who
    person = nameless(secret, community, member)
    traces = await _traces(bus, past, community, member, person)
    stones = await _stones(connection, community, person)
    if traces.seq:
        partition = partition_of(community, past.log.stream.partitions)
        late = await standing.behind(connection, [partition], traces.seq)
        if late:
            raise Problem(f"not yet: {'; '.join(late)}", Code.REFUSED)
        missing = [service for service, stone in stones.items() if stone is None]
        if missing and len(missing) < len(stones):
            raise Problem(
                f"{', '.join(missing)} read that {member} is to be forgotten and failed on it: see `ruche dead list`",
                Code.REFUSED,
            )
        if missing:
            raise Problem(
                f"every service has read that {member} is to be forgotten, and none keeps it under this secret:"
                " RUCHE_ERASURE_SECRET, or RUCHE_DEPLOYMENT_SECRET, is not that of the services"
            )
    until = [until for until in (*stones.values(), traces.told) if until is not None]
    if not until:
        raise Problem(
            f"nobody asked that {member} be forgotten in {community}: the platform says `member.erased` first, or you"
            f" do: ruche send member.erased community={community} member={member}"
        )
    last = max(until, key=itemgetter(1))
    return Forgotten(community, member, person, traces.seq, *last, frozenset(traces.names)), traces.told == last


@dataclass(slots=True)
class _Traces:
    """What leads to somebody in the log, and tells of them.

    Attributes:
        seq: where they last asked to be forgotten; 0 for nowhere.
        names: what they called themselves.
        told: until when facts, and decisions, are not taken in, as the last erasure of them told.
    """

    seq: int = 0
    names: set[str] = field(default_factory=set)
    told: Until | None = None


async def _traces(bus: Bus, past: History, community: str, member: str, person: str) -> _Traces:
    """What leads to somebody, also in what an erasure that broke off has told of and not yet taken out."""
    found = _Traces()

    def look(seq: int, raw: bytes) -> None:
        try:
            event = orjson.loads(raw)
            kind, data = str(event["type"]), dict(event["data"])
        except (ValueError, KeyError, TypeError):
            return
        if data.get("community") == community:
            found.names |= names_of(kind, data, member)
            if kind == MemberForgotten.TYPE and data.get("person") == person:
                told = MemberForgotten.model_validate_json(orjson.dumps(data))
                found.told = (told.erased_at, told.until)
            if kind == MemberErased.TYPE and data.get("member") == member:
                found.seq = seq

    for line in past.archived(community=community):
        look(line.seq, line.raw)
    async for message in until(bus, past.log.last, after=past.log.first - 1, filters=(f"*.member.*.{community}.*",)):
        look(message.seq, message.raw)
    return found


async def _stones(connection: asyncpg.Connection, community: str, person: str) -> dict[str, Until | None]:
    """What each service keeps of them: until when facts, and until when decisions about them are not taken in."""
    found: dict[str, Until | None] = {}
    for service in await standing.services_of(connection):
        sql = f'select erased_at, until from "{service}".tombstone where community = $1 and person = $2'
        stone = await connection.fetchrow(sql, community, person)
        found[service] = None if stone is None else (stone[0], stone[1])
    return found


async def left(connection: asyncpg.Connection, eraser: Eraser, who: Forgotten) -> dict[str, int]:
    """How many rows of each table hold their id, in any column; none are looked for once they came back."""
    found: dict[str, int] = {}
    for service in await standing.services_of(connection):
        sql = f'select 1 from "{service}".person where community = $1 and member = $2'
        if await connection.fetchval(sql, who.community, who.member):
            return {}
        for table in [row[0] for row in await connection.fetch(_TABLES, service)]:
            rows = await connection.fetch(
                f'select to_jsonb(t)::text from "{service}".{table} t'
                " where t.community = $1 and position($2 in to_jsonb(t)::text) > 0",
                who.community,
                who.member,
            )
            if count := sum(eraser.named_by_id(row[0]) for row in rows):
                found[f"{service}.{table}"] = count
    return found


_TABLES = (
    "select c.table_name::text from information_schema.columns c join information_schema.tables t"
    " using (table_schema, table_name) where c.table_schema = $1 and c.column_name = 'community'"
    " and t.table_type = 'BASE TABLE' order by c.table_name"
)
