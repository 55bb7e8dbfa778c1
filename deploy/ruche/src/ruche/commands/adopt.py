"""`ruche adopt`: a community's history onto the log, as history; and what it holds."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from contracts.envelope import AnyEvent
from ruche.adopting import Found, found
from ruche.commands.send import read_facts
from ruche.connection import DATA, Addresses, DataFolder, NatsAddress, bus_settings, connected, find, run
from ruche.exits import Code, Problem
from ruche.facts import STANDARD_INPUT
from ruche.importing import bring
from ruche.output import Advance, clean, note, one_line, out, progress, say_json


def adopt(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Facts, one CloudEvent a line, in order of time, as `ruche convert` writes."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is in it; no server is needed.")] = False,
    late: Annotated[
        bool, typer.Option("--late", help="Also where live facts of the same time are in the log already.")
    ] = False,
    data: DataFolder = DATA,
    nats: NatsAddress = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as one JSON document.")] = False,
) -> None:
    """Import facts as history: they change state and make no message.

    Every fact is marked `backfill: true` and published as `ruche send` does, in the order of the file. What is in the
    log already is left alone: an import that was interrupted goes on where it stopped, and a second one does nothing.
    Lines that are no facts are left out and said, and the exit code is 1.
    """
    if STANDARD_INPUT in files:
        raise Problem("a history is read twice, so it has to be a file", Code.USAGE)
    refused: list[str] = []
    with progress("reading", unit="facts") as advance:
        history = found(_events(files, refused, advance))
    if not any(one.facts for one in history.values()):
        _complain(refused)
        raise Problem("there is no fact of a platform in it: nothing to adopt")
    sent: Mapping[str, int] = {}
    if not dry_run:
        sent = run(_bring(find(data, nats), files, history, late=late))
    if as_json:
        say_json([{**one.document(), **({} if dry_run else {"sent": sent[slug]})} for slug, one in history.items()])
    else:
        for one in history.values():
            _show(out(), one)
    if not dry_run and not as_json:
        total = sum(sent.values())
        there = sum(sum(one.facts.values()) for one in history.values()) - total
        note(f"{total:,} adopted, {there:,} were in the log already")
        note("the import ends with the next live fact of its community, such as `ruche community unmute`")
    _complain(refused)


def _events(files: Sequence[Path], refused: list[str], advance: Advance) -> Iterator[AnyEvent]:
    for fact in read_facts(files, refused):
        advance()
        yield fact.event


def _complain(refused: Sequence[str]) -> None:
    for complaint in refused[:20]:
        typer.echo(clean(complaint), err=True)
    if refused:
        raise Problem(f"{len(refused):,} lines are no facts: what is above is left out")


async def _bring(
    addresses: Addresses, files: Sequence[Path], history: Mapping[str, Found], *, late: bool
) -> dict[str, int]:
    total = sum(sum(one.facts.values()) for one in history.values())
    async with connected(bus_settings(addresses)) as bus:
        with progress("adopting", total, unit="facts") as advance:
            return await bring(bus, read_facts(files, []), history, late=late, advance=advance)


def _show(console: Console, one: Found) -> None:
    """What was found, for people."""
    console.print(f"{one.community}", style="bold")
    rows = [*_people(one), *_talk(one)]
    for name, words in rows:
        console.print(f"  {name:<10} {words}")
    for name, count in sorted(one.left_out.items()):
        console.print(f"  left out   {count:,} {name}: not a platform's fact")
    if one.disordered:
        console.print(f"  order      {one.disordered:,} facts are earlier than the one before them", style="yellow")
    console.print("  What it cannot tell:")
    for sentence in one.cannot_tell():
        console.print(f"    - {one_line(sentence)}")


def _people(one: Found) -> Iterator[tuple[str, str]]:
    if one.first is not None and one.last is not None:
        days = (one.last - one.first).days
        yield "time", f"{one.first:%Y-%m-%d} to {one.last:%Y-%m-%d}, {days:,} days"
    yield (
        "facts",
        f"{sum(one.facts.values()):,}, by {', '.join(one_line(source, 80) for source in sorted(one.sources))}",
    )
    told, concluded = len(one.joined), len(one.concluded - one.joined)
    kinds = f"{len(one.bots):,} programs, {len(one.staff):,} staff"
    yield "members", f"{len(one.members):,}: {told:,} joins told, {concluded:,} concluded; {kinds}"
    if one.channels:
        restricted = sum(seen == "restricted" for seen in one.channels.values())
        yield "channels", f"{len(one.channels):,}, {restricted:,} of them restricted"


def _talk(one: Found) -> Iterator[tuple[str, str]]:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(one.posts.items()))
    yield "posts", f"{sum(one.posts.values()):,} in {len(one.threads):,} threads ({kinds or 'none'})"
    yield "questions", f"{one.posts['question']:,} by the platform's word, {one.facts['answer.accepted']:,} acceptances"
    yield "reactions", f"{sum(one.reactions.values()):,}, {one.reactions[True]:,} of them with a giver"
