"""`ruche send`: facts onto the log, as a platform would send them; and what they caused."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import orjson
import typer

from chassis.bus import Bus
from chassis.entry import Entry, read
from chassis.provision import describe, partitions_of
from contracts.envelope import AnyEvent
from contracts.errors import Refused
from contracts.registry import MODELS, OPERATOR
from contracts.subjects import partition_of, subject_of
from contracts.wire import decode, examine
from ruche import explain, orders, services
from ruche.commands.explained import show_accounts
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run
from ruche.exits import Code, Problem
from ruche.facts import STANDARD_INPUT, raw_lines
from ruche.following import last_sequence, until
from ruche.output import clean, note, out, progress, say_json
from ruche.processes import NOT_RUNNING, has_read
from ruche.publishing import Acknowledged, publish

SOURCE = "/platforms/cli"
READ_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact to send: where it stood, its bytes and what they say."""

    place: str
    raw: bytes
    event: AnyEvent


def send(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="TYPE KEY=VALUE... | FILE...",
            help="One fact (KEY=text, KEY:=json), as: member.joined community=atelier member=ana; or files of facts,"
            " one CloudEvent a line, gzip too; - is standard input.",
        ),
    ],
    source: Annotated[str | None, typer.Option(help=f"Who says it; {SOURCE} unless given.")] = None,
    event_id: Annotated[str | None, typer.Option("--id", help="The fact's id; a new one unless given.")] = None,
    at: Annotated[str | None, typer.Option("--time", metavar="TIME", help="When it happened; now.")] = None,
    explained: Annotated[
        bool, typer.Option("--explain", help="Wait until the services have read it, and say what they made of it.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it would be accepted.")] = False,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document a fact.")] = False,
) -> None:
    """Send facts: each is validated, published under its identity, and acknowledged by the log.

    What is not valid is not sent; the rest is, and the exit code is 1.
    """
    refused: list[str] = []
    if is_type(words[0]):
        facts = iter([made(words, source=source, event_id=event_id, at=at)])
    else:
        facts = read_facts([Path(word) for word in words], refused)
    if check:
        count = sum(1 for _ in facts)
        note(f"{count:,} would be accepted, {len(refused):,} refused")
    else:
        run(_send(find(data, nats), facts, explained=explained, as_json=as_json, quiet=not is_type(words[0])))
    for complaint in refused[:20]:
        typer.echo(clean(complaint), err=True)
    if refused:
        raise Problem(f"{len(refused):,} refused: what is above is not in the log")


def is_type(word: str) -> bool:
    """Whether the first word names a type rather than a file."""
    return word in MODELS or ("." in word and word != "-" and not Path(word).exists() and "/" not in word)


def made(words: Sequence[str], *, source: str | None, event_id: str | None, at: str | None) -> Fact:
    """One fact from the words of the command line."""
    type_, *pairs = words
    document = {
        "specversion": "1.0",
        "id": event_id or str(uuid4()),
        "source": source or (orders.SOURCE if type_ in OPERATOR else SOURCE),
        "type": type_,
        "time": at or datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": dict(_pair(pair) for pair in pairs),
    }
    raw = orjson.dumps(document)
    return Fact("the command line", raw, _accepted(raw))


def _pair(pair: str) -> tuple[str, Any]:
    name, equals, value = pair.partition("=")
    if not equals or not name.rstrip(":"):
        raise Problem(f"{pair!r} is no field: write KEY=text, or KEY:=json as skills:='[\"bois\"]'", Code.USAGE)
    if not name.endswith(":"):
        return name, value
    try:
        return name[:-1], orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise Problem(f"{pair!r} is not JSON after := ({error}); KEY=text takes it as it is", Code.USAGE) from None


def _accepted(raw: bytes) -> AnyEvent:
    """What the log's readers would accept now; raises a `Refused` for the rest."""
    event = decode(raw)
    examine(event, subject=str(subject_of(event)), stored_at=datetime.now(UTC))
    return event


def read_facts(files: Sequence[Path], refused: list[str]) -> Iterator[Fact]:
    """The valid facts of files; what is wrong with the others goes to `refused`, with file and line."""
    for file in files:
        name = "standard input" if file == STANDARD_INPUT else str(file)
        for line in raw_lines([file]):
            try:
                yield Fact(f"{name}:{line.seq}", line.raw, _accepted(line.raw))
            except Refused as error:
                refused.append(f"{name}:{line.seq}: {error}")


async def _send(addresses: Addresses, facts: Iterator[Fact], *, explained: bool, as_json: bool, quiet: bool) -> None:
    sent = duplicates = 0
    async with connected(bus_settings(addresses)) as bus:
        with progress("sending", unit="facts") as advance:
            for fact in facts:
                told = await publish(bus, fact.event, fact.raw)
                sent, duplicates = sent + 1, duplicates + told.duplicate
                advance()
                if explained:
                    await _explain(bus, fact.event, told, as_json=as_json)
                elif as_json:
                    say_json({"id": fact.event.id, "seq": told.seq, "duplicate": told.duplicate})
                elif not quiet:
                    again = " (it was there already)" if told.duplicate else ""
                    out().print(f"{fact.event.type} {fact.event.id} is at place {told.seq} of the log{again}")
    if quiet:
        note(f"{sent:,} sent and acknowledged, {duplicates:,} of them there already")


async def _explain(bus: Bus, event: AnyEvent, told: Acknowledged, *, as_json: bool) -> None:
    described = await describe(bus, "EVENTS")
    if described is None:
        raise Problem("there is no log", Code.UNREACHABLE)
    community = event.data.community
    partition = partition_of(community, partitions_of(described))
    silent = await _read_by_all(bus, partition, told.seq)
    end = await last_sequence(bus)
    entries: list[Entry] = [
        read(message.raw, seq=message.seq, stored_at=message.time, subject=message.subject)
        async for message in until(bus, end, filters=[f"{partition}.*.*.{community}.*"])
    ]
    found = explain.accounts(services.chosen(), entries, told.seq)
    later = [entry.event for entry in entries if entry.seq > told.seq and entry.event is not None]
    caused = explain.caused_by(event, later)
    show_accounts(event, told, found, caused, silent, as_json=as_json)


async def _read_by_all(bus: Bus, partition: int, seq: int) -> list[str]:
    """Wait until every installed service has read to a place; answers those that have not in time, and why."""
    deadline = time.monotonic() + READ_SECONDS
    behind = dict.fromkeys(services.names(), "")
    while True:
        told = {name: await has_read(bus, name, partition, seq) for name in behind}
        behind = {name: why for name, why in told.items() if why is not None}
        if all(why == NOT_RUNNING for why in behind.values()) or time.monotonic() > deadline:
            return [f"{name}: {why}" for name, why in behind.items()]
        await asyncio.sleep(0.1)
