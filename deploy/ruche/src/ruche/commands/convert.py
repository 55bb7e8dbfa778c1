"""`ruche convert`: a platform's own export to a file of facts, in order of time, ready for `ruche adopt`."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from gzip import GzipFile
from pathlib import Path
from typing import IO, Annotated

import typer

from ruche.connection import slug
from ruche.converters import PLATFORMS, Done, convert
from ruche.exits import Code, Problem
from ruche.output import clean, note, progress, say_json

PlatformName = Enum("PlatformName", {name: name for name in PLATFORMS}, type=str)  # type: ignore[misc]


def convert_export(
    platform: Annotated[PlatformName, typer.Argument(metavar="|".join(PLATFORMS), help="Whose export it is.")],
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", exists=True, help="The export as the platform gives it: archive, folder, file."),
    ],
    community: Annotated[
        str | None,
        typer.Option("--community", "-c", help="Its name on the bus; the export's own unless given.", callback=slug),
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to; standard output unless given.", dir_okay=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            help="Who says it: what the live platform will publish under; /platforms/<platform> unless given."
        ),
    ] = None,
    restricted: Annotated[
        list[str] | None,
        typer.Option(metavar="CHANNEL", help="A channel not everybody reads, where no export tells; may be repeated."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was found as one JSON document; with --out.")
    ] = False,
) -> None:
    """Convert a platform's own export to facts: one CloudEvent a line, in order of time, each examined.

    What cannot be made a fact is counted and said, and does not stop the rest. The same export gives the same bytes.
    """
    if as_json and out_file is None:
        raise Problem("--json needs --out: standard output holds the facts", Code.USAGE)
    chosen = PLATFORMS[str(platform.value)]
    with progress("converting", unit="records") as advance, writing(out_file) as file:
        done = convert(
            chosen,
            path,
            community=community,
            source=source,
            restricted=restricted or (),
            write=lambda raw: file.write(raw + b"\n"),
            advance=advance,
        )
    if as_json:
        say_json(done.document())
    else:
        _tell(done)


@contextmanager
def writing(path: Path | None) -> Iterator[IO[bytes] | GzipFile]:
    """Where facts go: standard output, or a file that is there once it is whole; packed when it ends in `.gz`."""
    if path is None:
        yield sys.stdout.buffer
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with ExitStack() as stack:
            plain = stack.enter_context(part.open("wb"))
            if path.suffix == ".gz":
                # Neither a name nor a time in the head: the same facts are the same bytes.
                yield stack.enter_context(GzipFile(filename="", mode="wb", fileobj=plain, mtime=0))
            else:
                yield plain
        part.replace(path)
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}", Code.USAGE) from None
    finally:
        part.unlink(missing_ok=True)


def _tell(done: Done) -> None:
    total = sum(done.facts.values())
    note(f"{total:,} facts of {done.community}, by {done.source}")
    if done.threads_inferred:
        note(f"{done.threads_inferred:,} threads concluded by thread-gap/1")
    for what, count in sorted(done.findings.left_out.items()):
        note(f"left out: {count:,} {what}")
    if done.findings.bad:
        note(f"{done.findings.bad:,} bad records, passed over:")
        for bad in done.findings.shown:
            note(clean(f"  {bad.where}: {bad.what}; {bad.cure}"))
