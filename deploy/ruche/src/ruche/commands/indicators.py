"""`ruche indicators`: the figures of a set of facts, exact, by definitions that anybody can compute again."""

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, Protocol

import orjson
import typer
from rich.table import Table

from chassis.entry import Entry
from chassis.replay import is_fact
from contracts.envelope import AnyEvent
from contracts.errors import UnknownType
from ruche.exits import Code, Problem
from ruche.facts import entries
from ruche.output import note, out, progress, say_json

GROUP = "ruche.figures"
"""The entry points under which a service offers what computes figures without it running."""


class DataSet(Protocol):
    """What takes facts one by one and answers their figures."""

    communities: Mapping[str, None]

    def take(self, event: AnyEvent) -> None:
        """One fact."""

    def passed(self, at: datetime) -> None:
        """The set reaches to that moment at least."""

    def figures(self) -> Mapping[str, Any]:
        """All figures, as plain JSON."""


def indicators(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Facts, one CloudEvent a line, or recordings; gzip too; - is stdin."),
    ],
    community: Annotated[
        str | None, typer.Option("--community", metavar="NAME", help="Only this community of the file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")] = False,
) -> None:
    """Compute the figures of a file of facts: exact, for the operator; recorded decisions and ticks are left out."""
    facts = data_set()
    refused = 0
    with progress("reading", unit="facts") as advance:
        for entry in entries(files):
            refused += not _take(facts, entry, community)
            advance()
    if refused:
        note(f"{refused:,} lines are no facts and were left out; `ruche replay` tells why")
    if community is not None and community not in facts.communities:
        raise Problem(f"there is no fact of the community {community!r} in what was given", Code.USAGE)
    if len(facts.communities) > 1:
        there = ", ".join(sorted(facts.communities))
        note(f"these are the figures of all communities together ({there}); --community takes one of them")
    figures = facts.figures()
    if as_json:
        say_json(figures)
    else:
        show(figures)


def data_set() -> DataSet:
    """An empty set of facts, of the service that defines its figures."""
    for entry in entry_points(group=GROUP):
        if entry.name == "indicators":
            made: DataSet = entry.load()()
            return made
    raise Problem("no service that computes indicators is installed: `pip install ruche-digest`", Code.USAGE)


def _take(facts: DataSet, entry: Entry, community: str | None) -> bool:
    """Count one line in; answers whether it could be read."""
    event = entry.event
    if event is not None:
        if is_fact(event) and community in {None, event.data.community}:
            facts.take(event)
        return True
    if not entry.skipped and not isinstance(entry.refusal, UnknownType):
        return False
    # Of a type that nothing is known of only this is known: that the set reaches to its time.
    try:
        document = orjson.loads(entry.raw)
        if community in {None, document["data"]["community"]}:
            facts.passed(datetime.fromisoformat(document["time"]))
    except (ValueError, KeyError, TypeError):
        return False
    return True


def show(figures: Mapping[str, Any]) -> None:
    """The figures for people; the weeks are in the JSON."""
    table = Table("figure", box=None)
    table.add_column("", justify="right")
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            table.add_row(name.replace("_", " "), _shown(value))
            continue
        if all(key[4:6] == "-W" for key in value):
            weeks = list(value.items())
            table.add_row(name.replace("_", " "), f"{len(weeks)} weeks")
            for week, count in weeks[-3:]:
                table.add_row(f"  {week}", _shown(count))
            continue
        for key, part in value.items():
            parts = part.items() if isinstance(part, Mapping) else ((None, part),)
            for inner, figure in parts:
                words = " ".join(word for word in (name, key, inner) if word).replace("_", " ")
                table.add_row(words, f"{len(figure)} members" if isinstance(figure, list) else _shown(figure))
    out().print(table)


def _shown(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "nothing to compute it from" if value is None else str(value)
