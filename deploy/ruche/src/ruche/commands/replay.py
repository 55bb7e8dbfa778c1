"""`ruche replay`: facts through the services' rules in process, as if they arrived one after the other."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any

import orjson
import typer
from rich.table import Table

from chassis import collector
from chassis.entry import Entry
from chassis.replay import Turns
from contracts.envelope import AnyEvent
from contracts.errors import UnknownType
from ruche import orders, playbooks, replaying
from ruche.connection import NatsAddress, PostgresAddress
from ruche.exits import Code, Problem
from ruche.facts import entries
from ruche.output import one_line, out, progress, say_json
from ruche.services import chosen
from ruche_replay.files import opened


def moment(text: str) -> datetime:
    """An instant as people write it: RFC 3339, or a day (its end, in UTC)."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no instant: write 2026-03-14T09:00:00Z, or a day, 2026-03-14") from None
    if len(text) == len("2026-03-14"):
        at = at.replace(hour=23, minute=59, second=59)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def replay(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Facts, one CloudEvent a line, or recordings; gzip too; - is stdin."),
    ],
    playbook: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="A playbook that holds from each community's first fact on, alone."),
    ] = None,
    unmute: Annotated[
        bool, typer.Option("--unmute", help="Decide as in a community that was unmuted before its first fact.")
    ] = False,
    service: Annotated[
        list[str] | None, typer.Option("--service", "-s", help="Only this service; may be repeated.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME", help="Leave out later facts, and let time pass until then.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write every decision, one CloudEvent a line.")
    ] = None,
    on_bus: Annotated[
        bool, typer.Option("--on-bus", help="On real servers: private ones, or empty ones given by address.")
    ] = False,
    speed: Annotated[
        str,
        typer.Option(
            metavar="turns|60x|max",
            help="On the bus: in turns, so many times as fast as it happened, or as fast as the bus takes it.",
            callback=replaying.speed,
        ),
    ] = replaying.TURNS,
    nats: NatsAddress = None,
    postgres: PostgresAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")] = False,
) -> None:
    """Replay facts in process: no server, no wall clock, and the same decisions to the byte every time.

    With --on-bus through every service on a real NATS and Postgres. In turns the decisions must be those in process,
    to the byte; at the other speeds the services run as they do live, and what they decided and keep must be what a
    fold of the log gives. Either is checked: exit code 4 when it is not so.
    """
    end = None if until is None else moment(until)
    services = chosen(service or ())
    collector.spare()
    opening = None if playbook is None else playbooks.load(playbook)
    unknown: Counter[str] = Counter()
    if on_bus:
        facts = replaying.facts_of(list(opened_with(entries(files), playbook=opening, unmute=unmute)))
        with writer(decisions) as write:
            wanted = replaying.Wanted(services, facts, end, write)
            told = replaying.replayed(wanted, speed, replaying.servers(nats, postgres))
        named = (unknown_type(entry) for entry in facts if entry.event is None)
        unknown.update(name for name in named if name is not None)
        tell({**told, "unknown_types": dict(sorted(unknown.items()))}, as_json=as_json)
        return
    with writer(decisions) as write, progress("replaying", unit="facts") as advance:
        turns = Turns(services, on_decision=write)
        for entry in opened_with(entries(files), playbook=opening, unmute=unmute):
            if end is None or entry.event is None or entry.event.time <= end:
                turns.play(entry)
            if entry.event is None and (name := unknown_type(entry)):
                unknown[name] += 1
            advance()
        if end is not None:
            turns.finish(end)
    tell(report(turns, unknown), as_json=as_json)


def tell(figures: Mapping[str, Any], *, as_json: bool) -> None:
    """The figures, as they are wanted."""
    if as_json:
        say_json(figures)
    else:
        show(figures)


def opened_with(facts: Iterator[Entry], *, playbook: playbooks.Loaded | None, unmute: bool) -> Iterator[Entry]:
    """The facts, each community's first one preceded by the operator's words that were asked for.

    With a playbook of its own, those that the file brings are left out: the question is what this one would do.
    """

    def said(community: str, at: datetime) -> Iterator[AnyEvent]:
        if unmute:
            yield orders.unmuted(community, at, by="replay")
        if playbook is not None:
            yield orders.configured(community, playbook.for_years_around(at), at)

    return opened(facts, said, alone=playbook is not None)


@contextmanager
def writer(path: Path | None) -> Iterator[Callable[[AnyEvent, bytes], None] | None]:
    """What writes each decision as a line of a file, if one is wanted; `-` is no file: results have their own place."""
    if path is None:
        yield None
        return
    try:
        file: IO[bytes] = path.open("wb")
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}", Code.USAGE) from None
    with file:

        def write(_event: AnyEvent, raw: bytes) -> None:
            file.write(raw + b"\n")

        yield write


def unknown_type(entry: Entry) -> str | None:
    """The type of an entry that no contract has; None when something else is wrong with it."""
    if not entry.skipped and not isinstance(entry.refusal, UnknownType):
        return None
    try:
        return one_line(str(orjson.loads(entry.raw).get("type")), 64)
    except (orjson.JSONDecodeError, AttributeError):
        return "?"


def report(turns: Turns, unknown: Mapping[str, int]) -> Mapping[str, Any]:
    """The figures of a replay, as a document."""
    return {
        "communities": turns.communities(),
        "services": sorted(turns.shelves),
        "facts": dict(sorted(turns.heard.items())),
        "unknown_types": dict(sorted(unknown.items())),
        "refused": dict(sorted(turns.refused.items())),
        "decisions": dict(sorted(turns.said.items())),
        "rule_failures": sum(
            letter.kind == "rule-failure" for shelf in turns.shelves.values() for letter in shelf.letters
        ),
        "sha256": turns.sha256(),
    }


def show(figures: Mapping[str, Any]) -> None:
    """The figures for people."""
    console = out()
    for title, key in (
        ("Heard", "facts"),
        ("Decided", "decisions"),
        ("Refused", "refused"),
        ("Unknown types, passed over", "unknown_types"),
    ):
        counts: Mapping[str, int] = figures[key]
        if not counts and key in {"refused", "unknown_types"}:
            continue
        table = Table("type", title=f"{title}: {sum(counts.values()):,}", title_justify="left", box=None)
        table.add_column("number", justify="right")
        for name, count in counts.items():
            table.add_row(name, f"{count:,}")
        console.print(table)
        console.print()
    console.print(f"services           {', '.join(figures['services'])}")
    console.print(f"communities        {', '.join(figures['communities']) or 'none'}")
    if figures.get("rule_failures"):
        console.print(f"rule failures      {figures['rule_failures']:,} (dead letters: a bug)", style="red")
    console.print(f"sha256             {figures['sha256']}")
    if "on_bus" in figures:
        told = figures["on_bus"]
        proof = "the same in process, to the byte" if told["speed"] == replaying.TURNS else "equal as recorded"
        console.print(f"on the bus         {told['messages']:,} messages in {told['seconds']} s; {proof}")
