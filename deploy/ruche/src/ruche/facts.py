"""Facts from files and standard input, read and examined, each with where it stands."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from chassis import recording
from chassis.entry import Entry, read
from ruche.exits import Code, Problem

STANDARD_INPUT = Path("-")


def raw_lines(files: Sequence[Path]) -> Iterator[recording.Line]:
    """Every line of facts files and recordings, plain or gzip, in the order given; `-` is standard input."""
    for file in files:
        if file == STANDARD_INPUT:
            for number, raw in enumerate(sys.stdin.buffer, 1):
                if text := raw.strip():
                    yield recording.Line(number, None, None, text)
            continue
        try:
            yield from recording.lines(file)
        except (OSError, EOFError) as error:
            raise Problem(f"{file} cannot be read: {error}", Code.USAGE) from None


def entries(files: Sequence[Path]) -> Iterator[Entry]:
    """Every line, read: an event, a refusal, or an unknown type that is passed over."""
    for line in raw_lines(files):
        yield read(line.raw, seq=line.seq, stored_at=line.stored_at, subject=line.subject)
