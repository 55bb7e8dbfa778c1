"""`ruche simulate`: a believable community, as facts."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import typer

from ruche.connection import slug
from ruche.exits import Code, Problem
from ruche.output import note, progress
from ruche.simulate import LEAST_MEMBERS, START, simulate

DAY = "%Y-%m-%d"
FIRST_DAY = START.replace(tzinfo=None)


def simulate_facts(
    members: Annotated[int, typer.Option(min=LEAST_MEMBERS, max=1_000_000, help="How many people belong.")],
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How long it is watched.")],
    seed: Annotated[int, typer.Option(help="Which of all such communities; the same seed, the same bytes.")] = 1,
    language: Annotated[Literal["fr", "en"], typer.Option(help="What members write in.")] = "fr",
    community: Annotated[
        str, typer.Option("--community", "-c", help="Its name on the bus.", callback=slug)
    ] = "latelier",
    start: Annotated[
        datetime, typer.Option(formats=[DAY], help="The Monday on which it opens, in its own zone.")
    ] = FIRST_DAY,
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; standard output unless given.")
    ] = None,
) -> None:
    """Write the facts of a simulated community, one CloudEvent a line: for demonstrations, tests and benchmarks."""
    if file is None and sys.stdout.isatty():
        raise Problem(
            "thousands of lines would go to this terminal: give --out FILE, or send them on with |", Code.USAGE
        )
    try:
        facts = simulate(
            members=members,
            weeks=weeks,
            seed=seed,
            language=language,
            start=start.replace(tzinfo=START.tzinfo),
            community=community,
        )
    except ValueError as error:
        raise Problem(str(error), Code.USAGE) from None
    try:
        target = nullcontext(sys.stdout.buffer) if file is None else file.open("wb")
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}", Code.USAGE) from None
    count = 0
    with target as stream, progress("simulating", unit="facts") as advance:
        for raw in lines(facts):
            stream.write(raw + b"\n")
            count += 1
            advance()
    note(f"{count:,} facts of {community}")


def lines(facts: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Facts as the lines of a file."""
    for fact in facts:
        yield orjson.dumps(fact)
