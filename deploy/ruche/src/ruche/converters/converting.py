"""A conversion from beginning to end: an export is read, sorted, woven into events, and each is examined."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from contracts.envelope import AnyEvent
from contracts.identity import EPOCH
from contracts.people import acting_member
from ruche.converters import exports
from ruche.converters.drafts import POST_TIME, BadExport, Draft, Findings
from ruche.converters.exports import Export
from ruche.converters.ordering import RUN, Sorter
from ruche.converters.people import People
from ruche.converters.weaving import Address, Weaver

LONGEST_SLUG = 63
_NUL = "\0"


@dataclass(slots=True)
class Reading:
    """What a converter reads from and tells to: the export, the people it knows, what it finds."""

    export: Export
    people: People = field(default_factory=People)
    findings: Findings = field(default_factory=Findings)


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform whose exports can be converted.

    Attributes:
        name: also the publisher of the facts.
        export: what its administrator really gets, in a sentence.
        endings: the names of the files that are read.
        read: the drafts of an export, in any order; people go to `reading.people`.
        flat: messages without a thread of their own get one by `thread-gap/1`.
    """

    name: str
    export: str
    endings: Sequence[str]
    read: Callable[[Reading], Iterator[Draft]]
    flat: bool = False


@dataclass(slots=True)
class Done:
    """How a conversion went."""

    community: str
    source: str
    findings: Findings
    facts: Counter[str] = field(default_factory=Counter)
    threads_inferred: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def document(self) -> Mapping[str, Any]:
        """As JSON has it."""
        return {
            "community": self.community,
            "source": self.source,
            "facts": dict(sorted(self.facts.items())),
            "first": self.first,
            "last": self.last,
            "threads_inferred": self.threads_inferred,
            "bad_records": self.findings.bad,
            "bad_records_shown": [bad._asdict() for bad in self.findings.shown],
            "left_out": dict(sorted(self.findings.left_out.items())),
        }


def slug_of(name: str) -> str:
    """A name as a community's name on the bus."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "community"


def convert(
    platform: Platform,
    path: Path,
    *,
    community: str | None = None,
    source: str | None = None,
    restricted: Sequence[str] = (),
    write: Callable[[bytes], object],
    advance: Callable[[], object] = lambda: None,
    in_memory: int = RUN,
) -> Done:
    """Convert an export; each fact's bytes go to `write`, in order of time. At most `in_memory` wait in memory.

    Raises BadExport when it is no export of the platform, or holds no fact at all.
    """
    findings = Findings()
    with exports.opened(path, platform.endings, findings) as export, Sorter(in_memory) as sorter:
        reading = Reading(export, findings=findings)
        last = EPOCH
        for draft in platform.read(reading):
            _note_act(reading.people, draft)
            last = max(last, draft.time)
            sorter.add(_kept(draft))
            advance()
        ends_at = max(last, findings.ends_at or last)
        for draft in reading.people.drafts(ends_at):
            sorter.add(_kept(draft))
        slug = community or slug_of(findings.community or path.name.partition(".")[0])
        address = Address(slug, source or f"/platforms/{platform.name}", frozenset(restricted))
        done = Done(slug, address.source, findings)
        weaver = Weaver(address, reading.people, findings, flat=platform.flat)
        for event, raw in weaver.woven(sorter.sorted()):
            _count(done, event)
            write(raw)
            advance()
    if not done.facts:
        found = findings.shown[0] if findings.shown else None
        raise BadExport(
            "there is no fact in it" + (f"; the first thing wrong: {found.what} (at {found.where})" if found else ""),
            where=str(path),
            cure=f"`ruche convert {platform.name}` reads {platform.export}",
        )
    return done


def _note_act(people: People, draft: Draft) -> None:
    member = draft.data.get("member")
    if isinstance(member, str) and draft.type not in {"member.left", "member.sanctioned", "badge.awarded"}:
        people.acts(member, draft.time, timed=draft.data.get("time_precision") != POST_TIME)


def _count(done: Done, event: AnyEvent) -> None:
    done.facts[event.type] += 1
    done.threads_inferred += (
        event.type == "post.created"
        and event.data.post == event.data.thread
        and bool((event.data.model_extra or {}).get("thread_inferred"))
    )
    done.first = event.time if done.first is None else done.first
    done.last = event.time
    if acting_member(event) is None and event.type == "reaction.added":
        done.findings.leave_out("givers of reactions, whom the export does not tell")


def _kept(draft: Draft) -> Draft:
    """The draft with texts that can be written: half a character, or a NUL, is in some exports and in no database."""
    return draft._replace(id=_text(draft.id), data=_plain(draft.data), where=_text(draft.where))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value


def _text(value: str) -> str:
    if value.isascii() and _NUL not in value:
        return value
    return value.encode("utf-8", "replace").decode().replace(_NUL, "")
