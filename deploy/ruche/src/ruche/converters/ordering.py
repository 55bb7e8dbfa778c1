"""Drafts in order of time, however many: sorted runs on disk, merged. Memory holds one run."""

import heapq
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import IO, Self

import orjson

from contracts.identity import EPOCH
from ruche.converters.drafts import Draft

RUN = 50_000
"""So many drafts are sorted in memory at a time."""
_MICROSECOND = 10**6
_RANK = {
    type_: rank
    for rank, type_ in enumerate(
        (
            *("platform.described", "channel.described", "member.joined", "post.created", "post.updated"),
            *("reaction.added", "answer.accepted", "thread.resolved", "post.deleted", "post.restored", "member.left"),
        )
    )
}
"""What comes first at the same moment: somebody has joined before they write, a post is there before its reactions."""
_OTHERS = len(_RANK)


class Sorter:
    """Takes drafts in any order and gives them back in order of (time, kind, id); a context that cleans up."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._at_hand: list[tuple[bytes, bytes]] = []
        self._files: list[IO[bytes]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def add(self, draft: Draft) -> None:
        """One more."""
        self._at_hand.append((_key(draft), _packed(draft)))
        if len(self._at_hand) >= self._run:
            self._spill()

    def sorted(self) -> Iterator[Draft]:
        """All of them, in order. Of two with the same id and type the first stays, by key."""
        self._at_hand.sort()
        runs = [_read(file) for file in self._files]
        for _, packed in heapq.merge(*runs, self._at_hand):
            yield _unpacked(packed)

    def _spill(self) -> None:
        file = self._open.enter_context(tempfile.TemporaryFile(prefix="ruche-convert-"))  # noqa: SIM115 - the stack closes it
        self._at_hand.sort()
        file.writelines(key + b"\t" + packed + b"\n" for key, packed in self._at_hand)
        self._at_hand.clear()
        self._files.append(file)


def _key(draft: Draft) -> bytes:
    since = draft.time - EPOCH
    micros = (since.days * 86_400 + since.seconds) * _MICROSECOND + since.microseconds
    # Written as JSON, an id can hold neither a tab nor a line break; times before 1970 sort first, wrongly among
    # themselves, and are refused when they are written.
    return b"%020d %02d %s" % (max(micros, 0), _RANK.get(draft.type, _OTHERS), orjson.dumps(draft.id))


def _packed(draft: Draft) -> bytes:
    return orjson.dumps((draft.time.isoformat(), draft.type, draft.id, draft.data, draft.where))


def _unpacked(packed: bytes) -> Draft:
    time, type_, id_, data, where = orjson.loads(packed)
    return Draft(datetime.fromisoformat(time), type_, id_, data, where)


def _read(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    file.seek(0)
    for line in file:
        key, _, packed = line.rstrip(b"\n").partition(b"\t")
        yield key, packed
