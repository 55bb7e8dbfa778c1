"""One member, as far as services and the log know: for a manager, or as the copy that the member is handed.

The member's own copy names nobody else: other people are « somebody », what they wrote and called things is left out,
and a message that repeats any of it is mentioned without its words. Whoever signs for the organisation stays named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.sentences import Around
from chassis.telling import Audience
from contracts.envelope import AnyEvent, Decision
from contracts.identity import SERVICES
from contracts.people import concerned_member
from contracts.registry import MESSAGES
from contracts.telling import Part
from ruche.why.library import Library
from ruche.why.remembered import Remembered

PARTS: tuple[Part, ...] = ("standing", "next", "keeping", "open")
_POINTS = "points."
_PROFILE = ("locale", "timezone", "languages", "skills", "experience", "motivations", "population")
_WORDED = ("said", "title", "text")
"""What of a line is words, in which others' could stand."""
_SHINGLE = 5
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Page:
    """All of it, in words.

    Attributes:
        person: who it is; then, by part, what services tell, each with its service.
        waiting: what waits to be said; `sent`: what was said, newest last; `decided`: what else was decided.
        facts: what platforms said of the member's own doing; in the member's own copy only.
        silent: services that did not answer, and why.
    """

    community: str
    member: str
    name: str
    now: datetime | None
    audience: Audience
    person: list[str] = field(default_factory=list)
    parts: dict[Part, list[dict[str, Any]]] = field(default_factory=lambda: {part: [] for part in PARTS})
    waiting: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    silent: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "community": self.community,
            "member": self.member,
            "name": self.name,
            "now": self.now,
            "person": self.person,
            **{str(part): told for part, told in self.parts.items()},
            "waiting": self.waiting,
            "decided": self.decided,
            "sent": self.sent,
            **({"facts": self.facts} if self.audience == "member" else {}),
            **({"silent": self.silent} if self.silent else {}),
        }


class Writer:
    """Writes pages of one community."""

    def __init__(self, log: Remembered, library: Library, audience: Audience) -> None:
        self._log = log
        self._library = library
        self._audience = audience

    def page(self, member: str, answers: Mapping[str, Mapping[str, Any]], silent: Mapping[str, str]) -> Page:
        """The page of a member, of what services answered by name, and of the log."""
        called = self._log.name(member) or member
        page = Page(self._log.community, member, called, self._log.now, self._audience, silent=dict(silent))
        around = self._around(member)
        person = next((answer["person"] for answer in answers.values() if answer.get("person")), None)
        page.person = list(self._person(person, around))
        for service, answer in sorted(answers.items()):
            for tell in answer["tells"]:
                said = {"service": service, "said": tell["words"][self._library.language], "due": tell["due"]}
                page.parts[tell["part"]].append({**said, "key": tell["key"], "values": tell["values"]})
            page.waiting += [{"service": service, **self._waits(one, around)} for one in answer["waiting"]]
        for event in self._log.about(member):
            self._put(page, event, member, around)
        if self._audience == "member":
            self._leave_out_others_words(page, member)
        return page

    def _around(self, member: str) -> Around:
        log, now = self._log, self._log.now
        if now is None:
            raise LookupError("nothing was read")
        if self._audience == "manager":
            return log.around(now)
        return Around(
            log.playbook.zone,
            now,
            name=lambda id_: log.name(id_) if id_ == member else None,
            title=lambda thread: log.own_title(member, thread),
        )

    def _person(self, person: Mapping[str, Any] | None, around: Around) -> Iterator[str]:
        heading = self._library.heading
        if person is None:
            yield heading("unknown", around)
            return
        if person["display_name"]:
            yield heading("called", around, text=person["display_name"])
        yield heading("known_since", around, at=person["joined_at"] or person["first_seen_at"])
        for flag, key in (("bot", "is_bot"), ("staff", "is_staff")):
            if person[flag]:
                yield heading(key, around)
        if person["left_at"] is not None:
            yield heading("is_gone", around, at=person["left_at"])
        if person["paused"]:
            yield heading("is_paused", around, until=person["paused_until"])
        for key in _PROFILE:
            value = person[key]
            if value:
                yield heading("profile", around, what=key, text=value if isinstance(value, str) else ", ".join(value))
        chosen = {key: person[key] for key in ("thanks", "digest", "introduce", "profiling", "stop")}
        yield heading("choices", around, **chosen)

    def _waits(self, one: Mapping[str, Any], around: Around) -> dict[str, Any]:
        said = self._library.heading("waits", around, **{key: one[key] for key in ("kind", "due", "expires_at")})
        return {"said": said, "kind": one["kind"], "rule": one["rule"], "due": one["due"]}

    def _put(self, page: Page, event: AnyEvent, member: str, around: Around) -> None:
        """An event where it belongs, if the page has a place for it."""
        if event.source.startswith(SERVICES):
            to = getattr(event.data, "to", None)
            if event.type in MESSAGES and to is not None and to.kind == "member" and to.id == member:
                page.sent.append(self._message(event, around))
            elif event.type not in MESSAGES and member in _whom(event) and self._may_see(event):
                page.decided.append(self._decision(event, around))
        elif self._audience == "member" and concerned_member(event) == member:
            page.facts.append(self._fact(event, around))

    def _may_see(self, event: AnyEvent) -> bool:
        """Points are for the member alone; who is fading, or suspected, is for a human first."""
        return self._audience == "member" or not event.type.startswith(_POINTS)

    def _decision(self, event: AnyEvent, around: Around) -> dict[str, Any]:
        return {
            "id": event.id,
            "time": event.time,
            "type": event.type,
            "said": self._library.event(event, around),
            "why": self._why(event, around),
            **({"history": True} if event.backfill else {}),
        }

    def _message(self, event: AnyEvent, around: Around) -> dict[str, Any]:
        data = event.data
        known = {name: getattr(data, name, None) for name in ("kind", "title", "text", "muted")}
        return {**self._decision(event, around), **{key: value for key, value in known.items() if value}}

    def _fact(self, event: AnyEvent, around: Around) -> dict[str, Any]:
        own = (
            {name: getattr(event.data, name, None) for name in ("title", "body")}
            if event.type == "post.created"
            else {}
        )
        return {
            "id": event.id,
            "time": event.time,
            "type": event.type,
            "said": self._library.event(event, around),
            **{key: value for key, value in own.items() if value},
        }

    def _why(self, event: AnyEvent, around: Around) -> list[str]:
        if not isinstance(event.data, Decision):
            return []
        return list(dict.fromkeys(self._library.reason(event, one, around) for one in event.data.because))

    def _leave_out_others_words(self, page: Page, member: str) -> None:
        """What repeats what others are called, or wrote, stays without its words."""
        silence = self._library.heading("words_left_out", self._around(member))
        lines = [*page.sent, *page.decided, *page.waiting, *(line for part in page.parts.values() for line in part)]
        theirs = _TheirWords(self._log, member, [line[key] for line in lines for key in _WORDED if key in line])
        for line in lines:
            if any(theirs.repeated_in(line[key]) for key in _WORDED if key in line):
                for key in (*_WORDED, "values"):
                    line.pop(key, None)
                line["said"] = silence


class _TheirWords:
    """Whether a text repeats the names, titles or sentences of others, the organisation's own people left out."""

    def __init__(self, log: Remembered, member: str, texts: Sequence[str]) -> None:
        house = log.playbook.staff
        names = {name for id_, name in log.names.items() if id_ != member and id_ not in house}
        names |= {id_ for id_ in log.names if id_ != member and id_ not in house}
        self._names = frozenset(name.casefold() for name in names if name)
        self._titles = tuple(title.casefold() for title, author in log.titles.values() if author != member and title)
        wanted = {shingle for text in texts for shingle in _shingles(text)}
        own = {shingle for event in log.events("post.created") if event.data.member == member
               for shingle in _shingles(f"{event.data.title or ''} {event.data.body}")}  # fmt: skip
        self._shingles = frozenset(
            shingle
            for event in (log.events("post.created") if wanted else ())
            if event.data.member != member
            for shingle in _shingles(f"{event.data.title or ''} {event.data.body}")
            if shingle in wanted and shingle not in own
        )

    def repeated_in(self, text: str) -> bool:
        """Whether it does."""
        folded = text.replace("\u2060", "").casefold()
        return (
            any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in self._names if name in folded)
            or any(title in folded for title in self._titles)
            or not self._shingles.isdisjoint(_shingles(text))
        )


def _shingles(text: str) -> Iterable[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return (tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))


def _whom(event: AnyEvent) -> frozenset[str]:
    """Whom a decision is about."""
    data = event.data
    found = {getattr(data, name, None) for name in ("member", "newcomer")}
    return frozenset(one for one in found if isinstance(one, str)) | frozenset(getattr(data, "members", ()) or ())
