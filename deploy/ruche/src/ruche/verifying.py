"""The log held against what services said: what is missing, what is other bytes, what no service said; put back."""

import secrets
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from chassis.bus import EVENTS, Bus
from chassis.committing import identity_of
from chassis.cursor import LogChanged, hold_against
from chassis.log import Stored
from chassis.publish import Parcel, Publisher
from chassis.recording import Line
from ruche import standing
from ruche.following import last_sequence, until
from ruche.history import History, history
from ruche.lines import lines
from ruche.output import progress
from ruche.standing import Word

SKEW = timedelta(minutes=5)
"""How far the clocks of Postgres and NATS may be apart."""
PUBLISH_SECONDS = 10.0


@dataclass(slots=True)
class Verdict:
    """What came of holding the log against what services keep of what they said.

    Attributes:
        kept: how many decisions each service keeps.
        waiting: how many of them wait to be published.
        missing: those the log lacks, in the order in which they were said.
        before: how many it lacks that may have been trimmed: said before it begins, and in no archive given.
        begins: the first message of what was looked through; `archived`: archives among it.
        altered: those whose identity stands in the log with other bytes, and where.
        unknown: identities that stand in the log under a service's name after what it keeps, and that it never said.
        torn: what is wrong between a cursor and the log, in words.
    """

    kept: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    missing: list[Word] = field(default_factory=list)
    before: int = 0
    begins: int = 1
    archived: bool = False
    altered: list[tuple[Word, int]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether the log holds what was said, and nothing else."""
        return not (self.missing or self.altered or self.unknown or self.torn)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "equal": self.equal,
            "services": {name: {"kept": self.kept[name], "waiting": self.waiting[name]} for name in sorted(self.kept)},
            "begins": self.begins,
            "before": self.before,
            "missing": [word.identity.replace("\x1f", " ") for word in self.missing],
            "altered": [{"seq": seq, "event": word.identity.replace("\x1f", " ")} for word, seq in self.altered],
            "unknown": [{"seq": seq, "event": identity.replace("\x1f", " ")} for seq, identity in self.unknown],
            "torn": self.torn,
        }


async def verify(bus: Bus, connection: asyncpg.Connection, files: Sequence[Path] = ()) -> Verdict:
    """Hold the log against what each service keeps of what it said, and against its cursors.

    `files` are archives of what was trimmed: they are looked through as the log is. `Problem` where they leave a gap.
    """
    past = await history(bus, files)
    verdict = Verdict(begins=past.first, archived=bool(past.archives))
    words: list[Word] = []
    for service in await standing.services_of(connection):
        verdict.kept[service] = 0
        words += await standing.said(connection, service)
        for partition, place in (await standing.places(connection, service)).items():
            try:
                await hold_against(bus, place.cursor)
            except LogChanged as changed:
                verdict.torn.append(f"{service}, partition {partition}: {changed}")
    # What services said was read first: whatever they say meanwhile is in the log before it is known to be.
    found = await _found(bus, past, words)
    begins_at = await _begins_at(bus, past)
    for word in words:
        verdict.kept[word.service] += 1
        verdict.waiting[word.service] += word.waits
        seqs = found.said.get(word.identity)
        if seqs is None:
            if not word.waits and begins_at is not None and word.committed_at <= begins_at + SKEW:
                verdict.before += 1
            elif not word.waits:
                verdict.missing.append(word)
        elif all(digest != _digest(word.body) for _, digest in seqs):
            verdict.altered.append((word, seqs[0][0]))
    verdict.missing.sort(key=lambda word: (word.partition, word.committed_at, word.service, word.position))
    if found.strangers:
        # Said while the log was read, perhaps: then it is kept by now.
        now = {word.identity for service in verdict.kept for word in await standing.said(connection, service)}
        verdict.unknown = [stranger for stranger in found.strangers if stranger[1] not in now]
    return verdict


class _Found:
    """What the log holds of some words, and what stands between them that is none of them."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._words = {word.identity: word for word in words}
        self._begun: set[tuple[str, int]] = set()
        self._last = {(word.service, word.partition): word for word in words}
        self._ended: set[tuple[str, int]] = set()
        self.said: dict[str, list[tuple[int, bytes]]] = {}
        self.strangers: list[tuple[int, str]] = []

    def remember(self, line: Line) -> None:
        """A line of an archive, which may hold copies of what an erasure took out: nothing in it is a stranger."""
        self._is_known(line.subject or "", line.seq, line.raw)

    def take(self, message: Stored) -> None:
        """A message of the log."""
        if self._is_known(message.subject, message.seq, message.raw):
            return
        place = _place(message.subject)
        if place in self._begun and place not in self._ended:
            self.strangers.append((message.seq, _identity(message.seq, message.raw)))

    def _is_known(self, subject: str, seq: int, raw: bytes) -> bool:
        identity = _identity(seq, raw)
        word = self._words.get(identity)
        if word is None:
            return False
        place = _place(subject)
        self.said.setdefault(identity, []).append((seq, _digest(raw)))
        self._begun.add(place)
        if word is self._last[place]:
            self._ended.add(place)
        return True


def _place(subject: str) -> tuple[str, int]:
    partition, _, rest = subject.partition(".")
    return rest.rpartition(".")[2], int(partition)


async def _begins_at(bus: Bus, past: History) -> datetime | None:
    """When the first message of what is known came in: nothing said later was trimmed. None when all is known."""
    if past.first <= 1:
        return None
    if past.archives and past.archives[0].manifest.since is not None:
        return past.archives[0].manifest.since
    if past.log.first <= past.log.last:
        async for line in lines(bus, past.log.last):
            return line.stored_at
    # An empty log: all that was ever said may have been trimmed.
    return datetime.max.replace(tzinfo=UTC) - SKEW


async def _found(bus: Bus, past: History, words: list[Word]) -> _Found:
    found = _Found(words)
    if not words:
        return found
    for line in past.archived():
        if line.seq < past.log.first:
            found.remember(line)
    filters = tuple(f"*.*.*.*.{service}" for service in sorted({word.service for word in words}))
    since = min(word.committed_at for word in words) - SKEW
    end = await last_sequence(bus)
    with progress("reading the log", unit="decisions") as advance:
        async for message in until(bus, end, filters=filters, since=since):
            found.take(message)
            advance()
    return found


async def repair(bus: Bus, words: Iterable[Word]) -> int:
    """Put words back at the end of the log: the same ids, the same bytes; answers how many.

    Whoever has applied one passes over it.
    """
    # Under ids of its own: the log would take a message that it lost for one that it has.
    publisher = Publisher(bus, secret=secrets.token_bytes(16), timeout_seconds=PUBLISH_SECONDS)
    parcels = deque(Parcel(0, EVENTS, word.subject, word.identity, word.body) for word in words)
    count = len(parcels)
    await publisher.publish(parcels)
    return count


def _identity(seq: int, raw: bytes) -> str:
    try:
        document = orjson.loads(raw)
        return identity_of(str(document["source"]), str(document["id"]))
    except (ValueError, KeyError, TypeError):
        return f"message {seq}, which is no event"


def _digest(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=16).digest()
