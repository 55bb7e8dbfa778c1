"""Files of events: facts files (bare CloudEvents, one a line) and recordings of the log, plain or gzip."""

import base64
import gzip
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

import orjson

from contracts.errors import Refused

_EVENT = b',"event":'


class Line(NamedTuple):
    """One line of a file: a message of the log with its place, or a bare fact with its line number as place."""

    seq: int
    stored_at: datetime | None
    subject: str | None
    raw: bytes


class BadFile(Refused):
    """A line is neither a CloudEvent nor a line of a recording."""

    kind = "bad-file"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file for reading, unpacked when it is gzip by its first bytes."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        yield io.BufferedReader(gzip.GzipFile(fileobj=file)) if packed else file


def lines(path: Path) -> Iterator[Line]:
    """The lines of a facts file or a recording. Raises BadFile with the line's number for one that is neither."""
    with opened(path) as file:
        for number, raw in enumerate(file, 1):
            text = raw.strip()
            if text:
                yield parsed(text, number, path)


def parsed(text: bytes, number: int, path: Path) -> Line:
    """One line of a file, without its end. Raises BadFile."""
    if not text.startswith(b'{"seq":'):
        return Line(number, None, None, text)
    try:
        document = orjson.loads(text)
        seq, stored_at, subject = document["seq"], document["stored_at"], document["subject"]
        if "base64" in document:
            raw = base64.b64decode(document["base64"])
        else:
            # The raw event, to the byte: it is the last field of the line.
            raw = text[text.index(_EVENT) + len(_EVENT) : -1]
        return Line(int(seq), datetime.fromisoformat(stored_at), str(subject), raw)
    except (ValueError, KeyError, TypeError) as fault:
        raise BadFile(
            "the line is no line of a recording",
            where=f"{path.name}, line {number}",
            cure="a recording line is {seq, stored_at, subject, event}; take it again with `ruche log record`",
        ) from fault


def recorded(line: Line) -> bytes:
    """A message of the log as a line of a recording, its raw bytes kept."""
    head = orjson.dumps(
        {"seq": line.seq, "stored_at": line.stored_at, "subject": line.subject}, option=orjson.OPT_UTC_Z
    )[:-1]
    if b"\n" not in line.raw and _is_object(line.raw):
        return head + _EVENT + line.raw + b"}\n"
    return head + b',"base64":' + orjson.dumps(base64.b64encode(line.raw).decode()) + b"}\n"


def _is_object(raw: bytes) -> bool:
    try:
        return isinstance(orjson.loads(raw), dict)
    except ValueError:
        return False


def write(path: Path, messages: Iterable[Line]) -> int:
    """Write a recording; answers how many lines. A name that ends in `.gz` is packed."""
    count = 0
    with gzip.open(path, "wb") if path.suffix == ".gz" else path.open("wb") as file:
        for message in messages:
            file.write(recorded(message))
            count += 1
    return count
