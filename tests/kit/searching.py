"""Somebody looked for wherever services, the log and its letters could have written them down."""

import base64
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import NamedTuple

import orjson

from chassis.bus import DEAD, EVENTS, Bus
from staged import Stage


class Found(NamedTuple):
    """Where a word stands: a schema and table with its column, or a stream with a sequence; and the text around it."""

    where: str
    what: str
    text: str


class Search:
    """Looks for words, however they are cased, in texts, in JSON, in bytes, in bytes of bytes."""

    def __init__(self, *words: str) -> None:
        self._words = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)

    def within(self, value: object) -> str | None:
        """The text around a word in a value; None where there is none."""
        for text in _texts(value):
            if (hit := self._words.search(text)) is not None:
                return text[max(0, hit.start() - 80) : hit.end() + 80]
        return None

    async def tables(self, stages: Sequence[Stage], *, leaving: Iterable[str] = ()) -> list[Found]:
        """Every column of every table of every service, but for some tables."""
        found = []
        for stage in stages:
            names = await stage.fetch(
                "select table_name from information_schema.tables"
                " where table_schema = $1 and table_type = 'BASE TABLE'",
                stage.service.name,
            )
            assert len(names) > 10
            for name in sorted(row[0] for row in names if row[0] not in leaving):
                for row in await stage.fetch(f'select * from "{name}"'):
                    for column, value in row.items():
                        if (text := self.within(value)) is not None:
                            found.append(Found(f"{stage.service.name}.{name}", column, text))
        return found

    async def streams(self, bus: Bus) -> list[Found]:
        """Every message of the log and every dead letter: subject, headers, body."""
        return [
            Found(stream, str(seq), text)
            for stream in (EVENTS, DEAD)
            async for seq, *parts in _messages(bus, stream)
            for part in parts
            if (text := self.within(part)) is not None
        ]


async def _messages(bus: Bus, stream: str) -> AsyncIterator[tuple[int, str, bytes, bytes]]:
    state = (await bus.api(f"STREAM.INFO.{stream}"))["state"]
    gone = set((await bus.api(f"STREAM.INFO.{stream}", {"deleted_details": True}))["state"].get("deleted") or ())
    for seq in range(max(1, state["first_seq"]), state["last_seq"] + 1):
        if seq not in gone:
            one = (await bus.api(f"STREAM.MSG.GET.{stream}", {"seq": seq}))["message"]
            yield seq, one["subject"], base64.b64decode(one.get("hdrs", "")), base64.b64decode(one.get("data", ""))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
        yield from _inside(value)
    elif isinstance(value, str):
        yield value
        yield from _inside(value.encode("utf-8", "replace"))
    elif value is not None:
        yield str(value)


def _inside(raw: bytes) -> Iterable[str]:
    """JSON without its escapes."""
    if raw[:1] in {b"{", b"["}:
        try:
            document = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return
        yield from _leaves(document)


def _leaves(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield from _texts(value)
