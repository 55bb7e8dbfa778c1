"""What the measurements run on: a slice of a public archive where it is there, and simulated communities."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from pathlib import Path

from chassis.entry import Entry, read
from chassis.recording import lines
from contracts.envelope import AnyEvent
from contracts.subjects import subject_of
from ruche import playbooks
from ruche.commands.replay import opened_with
from ruche.simulate import simulate

ARCHIVES = Path(os.environ.get("RUCHE_ARCHIVES", Path(__file__).parents[2] / "shared" / "data"))
ARCHIVE = "fcc-gitter"
FACTS = 8000
COMMUNITIES = ("atelier", "chorale", "fablab", "verger")
"""Simulated side by side: they live in four of the eight partitions."""
_MEMBERS, _WEEKS = 90, 4
PLAYBOOK = "latelier"


@dataclass(frozen=True)
class Material:
    """Facts in order, each community's playbook and unmuting before its first one, as they are put on the log."""

    name: str
    what: str
    entries: tuple[Entry, ...]

    def first(self, count: int) -> "Material":
        """Only the first so many facts."""
        return Material(self.name, self.what, self.entries[:count])

    @property
    def raws(self) -> list[bytes]:
        """The bytes of every fact."""
        return [entry.raw for entry in self.entries]

    @property
    def messages(self) -> Iterator[tuple[str, bytes]]:
        """Subject and bytes of every fact, as it came: what its platform left out is not put in."""
        return ((str(subject_of(entry.event)), entry.raw) for entry in self.entries if entry.event is not None)


def messages(events: Iterable[AnyEvent]) -> Iterator[tuple[str, bytes]]:
    """Subject and bytes of every event."""
    return ((str(subject_of(event)), event.to_json()) for event in events)


def opened(name: str, what: str, raws: Iterable[bytes]) -> Material:
    """Facts as they are on the log of a community that was configured and unmuted first."""
    facts = (read(raw, seq=seq) for seq, raw in enumerate(raws, 1))
    entries = opened_with(facts, playbook=playbooks.load(PLAYBOOK), unmute=True)
    known = (entry for entry in entries if entry.event is not None)
    return Material(name, what, tuple(entry._replace(seq=seq) for seq, entry in enumerate(known, 1)))


def archive(facts: int = FACTS) -> Material | None:
    """The first facts of the chat archive; None where it is not on this machine."""
    path = ARCHIVES / f"{ARCHIVE}.ndjson.gz"
    if not path.exists():
        return None
    raws = islice((line.raw for line in lines(path)), facts)
    return opened("gitter", f"{ARCHIVE}: the first {facts:,} facts, one community", raws)


def simulated(facts: int = FACTS) -> Material:
    """The first facts of four simulated communities, interleaved by time."""
    each = (
        simulate(members=_MEMBERS, weeks=_WEEKS, seed=seed, community=community)
        for seed, community in enumerate(COMMUNITIES, 1)
    )
    raws = (json.dumps(fact, ensure_ascii=False).encode() for fact in merge(*each, key=lambda fact: str(fact["time"])))
    words = f"the first {facts:,} facts of {len(COMMUNITIES)} simulated communities of {_MEMBERS} people"
    return opened("simulated", words, islice(raws, facts))


def materials(facts: int = FACTS) -> Sequence[Material]:
    """All there is on this machine."""
    return [found for found in (archive(facts), simulated(facts)) if found is not None]
