"""The rows of a plain dump by `pg_dump`: its COPY blocks as a stream, those of the tables that are wanted."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import IO, NamedTuple

_COPY = re.compile(r'COPY (?:"?public"?\.)?"?(\w+)"? \(([^)]*)\) FROM stdin;')
_END = b"\\."
_NULL = "\\N"
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
Row = Mapping[str, str | None]


class Record(NamedTuple):
    """One row of a table, and the line of the dump it stands in; `row` is None when it has not the table's columns."""

    table: str
    line: int
    row: Row | None


def records(file: IO[bytes], tables: Container[str]) -> Iterator[Record]:
    """The rows of some tables, in the order of the dump."""
    table: str | None = None
    wanted = False
    columns: list[str] = []
    for number, raw in enumerate(file, 1):
        if table is None:
            if raw.startswith(b"COPY ") and (head := _COPY.match(raw.decode("utf-8", "replace"))):
                table = head[1]
                wanted = table in tables
                columns = [name.strip().strip('"') for name in head[2].split(",")]
        elif raw.rstrip(b"\r\n") == _END:
            table = None
        elif wanted:
            values = raw.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            fits = len(values) == len(columns)
            yield Record(table, number, dict(zip(columns, map(_value, values), strict=True)) if fits else None)


def _value(text: str) -> str | None:
    if text == _NULL:
        return None
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code[0] in "01234567":
        return chr(int(code, 8))
    return _LETTERS.get(code, code)
