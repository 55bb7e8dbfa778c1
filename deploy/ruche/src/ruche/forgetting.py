"""`ruche log erase`: somebody taken out of archives, tables, dead letters and the log, in an order that can break off.

The log goes last, and tells first what will be missing from it: until it has, all that leads to them can be read, and
once it has, what is still there is taken out by whoever erases next.
"""

import base64
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from chassis import archive
from chassis.bus import DEAD, EVENTS, ApiRefused, Bus
from chassis.erasures import runs, told_in
from chassis.recording import Line
from contracts.envelope import LARGEST_EVENT_BYTES
from contracts.facts import MemberForgotten
from contracts.facts.operators import Copy
from ruche import orders, standing, traces
from ruche.erasing import Eraser, Forgotten, part_in
from ruche.exits import Code, Problem
from ruche.following import until
from ruche.history import Archive, History, history
from ruche.lines import erasures, lines
from ruche.output import progress
from ruche.publishing import publish
from ruche.recorder import extent

_RECORD_BYTES = LARGEST_EVENT_BYTES // 2
"""A telling of an erasure that would be larger is several."""
_COPY_BYTES = LARGEST_EVENT_BYTES * 3 // 4
"""A larger message has no room in a telling: it goes whole."""
_NO_MESSAGE = 10037
_UNKNOWN = "unknown"
"""The community of letters whose message names none."""


@dataclass(slots=True)
class Done:
    """What an erasure did, in messages, files and rows.

    `left`: how many rows of a table hold the person's id all the same, where a platform makes ids of its facts of it.
    """

    removed: int = 0
    copied: int = 0
    archives: dict[str, int] = field(default_factory=dict)
    letters: int = 0
    rows: int = 0
    left: dict[str, int] = field(default_factory=dict)


async def erase(
    bus: Bus,
    connection: asyncpg.Connection,
    who: tuple[str, str],
    files: Sequence[Path],
    *,
    secret: bytes,
    alone: bool = False,
    names: Iterable[str] = (),
) -> Done:
    """Forget `who`, a community and a member of it. `Problem` when a service has yet to read that they asked for it.

    `files` are the archives of what was trimmed; `alone`: they are left to somebody else. Under `secret` those who
    were erased have no name. `names`: what else texts call them, beside what their own facts do.
    """
    log = await extent(bus)
    past = History((), log, log.first) if alone else await history(bus, files)
    if past.first > 1 and not alone:
        raise Problem(
            f"messages 1 to {past.first - 1:,} are in archives: give them all with --archive, or say"
            " --without-archives and see to them yourself",
            Code.REFUSED,
        )
    forgotten, told = await traces.forgotten(bus, connection, past, who, secret)
    eraser = Eraser(replace(forgotten, names=forgotten.names | set(names)))
    done = Done()
    await _nothing_new_names_them(connection, eraser, forgotten)
    # All of them are written before the first is put in its place: until then the names that they tell are known.
    for settle in [_rewritten(one, eraser, done) for one in past.archives]:
        settle()
    done.rows = await _tables(connection, eraser, forgotten)
    done.letters = await _letters(bus, eraser, forgotten.community)
    await _log(bus, eraser, forgotten, done, told=told)
    done.left = await traces.left(connection, eraser, forgotten)
    return done


async def _nothing_new_names_them(connection: asyncpg.Connection, eraser: Eraser, who: Forgotten) -> None:
    """`Problem` while a service has yet to publish something about them, or the playbook in force gives them a part."""
    for service in await standing.services_of(connection):
        for body in await connection.fetch(f'select body from "{service}".outbox where stream = $1', EVENTS):
            if eraser.would_change(body[0]):
                raise Problem(f"not yet: {service} has yet to publish what names {who.member}", Code.REFUSED)
        for row in await connection.fetch(
            f'select playbook from "{service}".playbook where community = $1', who.community
        ):
            part = part_in(orjson.loads(row[0]), who.member)
            if part is not None:
                raise Problem(
                    f"the playbook in force names {who.member} under `{part}`: apply one without them first, with"
                    f" `ruche playbook apply`",
                    Code.REFUSED,
                )


def _rewritten(one: Archive, eraser: Eraser, done: Done) -> Callable[[], None]:
    """An archive written anew without them; answers what puts it in the place of the one that names them."""
    changed = 0
    with archive.writing(one.path) as writer:
        for line in archive.archived(one.path):
            raw = eraser.judge(line)
            changed += raw != line.raw
            if raw is not None:
                writer.write(line._replace(raw=raw))
    done.archives[str(one.path)] = changed
    of = one.manifest
    return lambda: archive.settle(one.path, writer.tally.manifest(of.stream, of.first, of.last))


async def _tables(connection: asyncpg.Connection, eraser: Eraser, who: Forgotten) -> int:
    """What services keep of what they said, and their dead letters; answers how many rows went."""
    count = 0
    for service in await standing.services_of(connection):
        said = await connection.fetch(
            f'select partition, position, stream, body from "{service}".outbox_log'
            " where subject like $1 or stream = $2",
            f"%.{who.community}.%",
            DEAD,
        )
        for partition, position, stream, body in said:
            if _letter_concerns(eraser, body) if stream == DEAD else eraser.would_change(body):
                await connection.execute(
                    f'delete from "{service}".outbox_log where partition = $1 and position = $2', partition, position
                )
                count += 1
        letters = await connection.fetch(
            f'select letter, body, what, place, traceback, event_id from "{service}".dead_letter'
            " where community = any($1::text[])",
            [who.community, _UNKNOWN],
        )
        for letter, body, *words in letters:
            if eraser.concerns(body.decode("utf-8", "replace"), *words):
                await connection.execute(f'delete from "{service}".dead_letter where letter = $1', letter)
                count += 1
    return count


def _letter_concerns(eraser: Eraser, raw: bytes) -> bool:
    """Whether a letter as the stream has it is about them."""
    try:
        document = orjson.loads(raw)
        body = str(document.pop("body", ""))
    except (ValueError, AttributeError):
        return eraser.concerns(raw.decode("utf-8", "replace"))
    return eraser.concerns(body, orjson.dumps(document).decode())


async def _letters(bus: Bus, eraser: Eraser, community: str) -> int:
    """Dead letters of the stream that name them; answers how many went."""
    count = 0
    for whose in (community, _UNKNOWN):
        async for seq, raw in _matching(bus, DEAD, f"dead.*.{whose}"):
            if _letter_concerns(eraser, raw):
                await _delete(bus, DEAD, seq)
                count += 1
    return count


async def _matching(bus: Bus, stream: str, subject: str) -> AsyncIterator[tuple[int, bytes]]:
    """Place and bytes of each message of a stream on some subjects."""
    seq = 1
    while True:
        try:
            answer = await bus.api(f"STREAM.MSG.GET.{stream}", {"seq": seq, "next_by_subj": subject})
        except ApiRefused as refused:
            if refused.code == _NO_MESSAGE:
                return
            raise
        seq = int(answer["message"]["seq"])
        yield seq, base64.b64decode(answer["message"].get("data", ""))
        seq += 1


async def _log(bus: Bus, eraser: Eraser, who: Forgotten, done: Done, *, told: bool) -> None:
    """The log itself: first it tells what will be missing, then that is taken out."""
    if not told:
        # Behind this word a fold of what remains knows not to write them down; up to it everything is judged.
        await _tell(bus, who, (), ())
    removed: list[int] = []
    copies: list[dict[str, Any]] = []
    log = await extent(bus)
    theirs = (f"*.*.*.{who.community}.*",)
    with progress("reading the log", unit="messages") as advance:
        async for line in lines(bus, log.last, after=log.first - 1, filters=theirs):
            raw = eraser.judge(line)
            copy = None if raw is None or raw == line.raw else _copy(line, raw)
            if copy is not None and (len(orjson.dumps(copy)) <= _COPY_BYTES or told_in(line.subject)):
                copies.append(copy)
            elif raw != line.raw:
                removed.append(line.seq)
            advance()
    done.removed, done.copied = len(removed), len(copies)
    if removed or copies:
        await _tell(bus, who, removed, copies)
    # Also what an erasure told of that broke off before it had taken everything out.
    erased = await erasures(bus)
    with progress("taking out", done.removed + done.copied, "messages") as advance:
        async for message in until(bus, log.last, after=log.first - 1, filters=theirs):
            if erased.took(message.seq):
                await _delete(bus, EVENTS, message.seq)
                advance()


async def _tell(bus: Bus, who: Forgotten, removed: Sequence[int], copies: Sequence[dict[str, Any]]) -> None:
    """Say on the log what is missing from now on, and what stands there instead."""
    at = datetime.now(UTC)
    for number, (places, some) in enumerate(_records(removed, copies)):
        told = MemberForgotten(
            community=who.community,
            person=who.person,
            erased_at=who.erased_at,
            until=who.until,
            removed=tuple(places),
            copies=tuple(Copy.model_validate(copy) for copy in some),
            by=orders.who(),
        )
        await publish(bus, orders.event(told, at, key=f"{who.person}/{number}"))


def _copy(line: Line, raw: bytes) -> dict[str, Any]:
    return {"seq": line.seq, "stored_at": line.stored_at, "subject": line.subject, "event": orjson.loads(raw)}


def _records(
    removed: Iterable[int], copies: Sequence[dict[str, Any]]
) -> Iterable[tuple[list[tuple[int, int]], list[dict[str, Any]]]]:
    """What is told of an erasure, in parts of which each fits an event; one at least."""
    places: list[tuple[int, int]] = []
    some: list[dict[str, Any]] = []
    size = 0
    for run in runs(removed):
        size += len(str(run))
        places.append(run)
        if size > _RECORD_BYTES:
            yield places, some
            places, some, size = [], [], 0
    for copy in copies:
        bytes_ = len(orjson.dumps(copy))
        if (places or some) and size + bytes_ > _RECORD_BYTES:
            yield places, some
            places, some, size = [], [], 0
        some.append(copy)
        size += bytes_
    yield places, some


async def _delete(bus: Bus, stream: str, seq: int) -> None:
    """One message, overwritten on the disk; one that is gone already is no fault."""
    try:
        await bus.api(f"STREAM.MSG.DELETE.{stream}", {"seq": seq, "no_erase": False})
    except ApiRefused as refused:
        if refused.code not in {_NO_MESSAGE, 10057}:
            raise
