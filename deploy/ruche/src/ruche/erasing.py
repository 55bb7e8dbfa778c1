"""What becomes of a message when somebody is forgotten: it stays, it goes, or a copy without them takes its place."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from chassis.recording import Line
from contracts.envelope import AnyEvent
from contracts.errors import Refused
from contracts.facts import CommunityConfigured, LetterRedriven, MemberForgotten
from contracts.identity import SERVICES
from contracts.persons import people_in, renamed
from contracts.registry import MODELS, OPERATOR, PLATFORM
from contracts.wire import decode
from ruche.pseudonyms import MEMBER_KEYS

AMONG_OTHERS = frozenset({"question.responded", "question.answered", "helper.credited"})
"""Decisions about a thread that have to name who replied there: somebody without a name takes that place."""
_ACTORS = {"nomination.made": "by", "task.opened": "by", "promise.made": "by", "promise.kept": "by"}
_WORDS_OF_OURS = frozenset(
    {
        *("community", "playbook", "rule", "kind", "template", "locale", "purse", "priority", "type", "week", "month"),
        *("day", "channel"),
    }
)
"""Fields that hold words of the contracts, never a person's name."""
_LEAST_LETTERS = 3
"""A shorter name stands in everybody's texts: where a decision names its person by id, its texts go whole anyway."""
_STROKES = r"/|\x1f"
_AFTER_ALL = 1 << 62
"""The place of what stands in no log: its time alone says whom it is about."""
BLANK = "…"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Somebody who is to be forgotten.

    Attributes:
        person: their keyed hash.
        seq: where they asked for it, in the log; 0 when that is gone already.
        erased_at, until: facts, and decisions, of until then are about who they were.
        names: what they called themselves.
    """

    community: str
    member: str
    person: str
    seq: int
    erased_at: datetime
    until: datetime
    names: frozenset[str] = frozenset()

    @property
    def nobody(self) -> str:
        """What stands where somebody has to."""
        return f"erased-{self.person[:8]}"


class Eraser:
    """Judges messages about somebody who is to be forgotten."""

    def __init__(self, who: Forgotten) -> None:
        self._who = who
        # An id that is a short number stands in every date: it is found by itself, or between strokes.
        wordy = len(who.member) >= _LEAST_LETTERS and any(character.isalpha() for character in who.member)
        before, after = (r"(?<!\w)", r"(?!\w)") if wordy else (rf"(?<![^{_STROKES}])", rf"(?![^{_STROKES}])")
        self._id = re.compile(f"{before}{re.escape(who.member)}{after}")
        names = sorted((name for name in who.names if len(name.strip()) >= _LEAST_LETTERS), key=len, reverse=True)
        self._names = re.compile(
            "|".join(rf"(?<!\w)(?:{_spelled(name)})(?!\w)" for name in names) or r"(?!)", re.IGNORECASE
        )

    def judge(self, line: Line) -> bytes | None:
        """The bytes that stand at this place from now on: those that are there, others, or none."""
        event = _event(line.raw)
        if event is None:
            # Nobody took it in; it is not read for what it might mean.
            return None if self.mentioned(line.raw.decode("utf-8", "replace")) else line.raw
        if event.data.community != self._who.community or not self._is_old(line.seq, event):
            return line.raw
        document = orjson.loads(line.raw)
        left = self._left(event.type, document["data"])
        after = {**self._envelope(document), "data": left}
        if after == document:
            return line.raw
        raw = orjson.dumps(after)
        return raw if left is not None and _event(raw) is not None else None

    def mentioned(self, text: str) -> bool:
        """Whether a text names them, by id or name, at any depth of JSON."""
        return any(self._id.search(one) or self._names.search(one) for one in _strings(text))

    def named_by_id(self, text: str) -> bool:
        """Whether a text holds their id, at any depth of JSON."""
        return any(self._id.search(one) for one in _strings(text))

    def concerns(self, body: str, *words: str | None) -> bool:
        """Whether a dead letter is about who they were: what it says of its message, and the message itself."""
        raw = body.encode()
        if _event(raw) is not None:
            return self.judge(Line(_AFTER_ALL, None, None, raw)) != raw
        return any(self.mentioned(text) for text in (body, *words) if text)

    def would_change(self, raw: bytes) -> bool:
        """Whether a decision, wherever it was kept, would not stand in the log as it is."""
        return self.judge(Line(_AFTER_ALL, None, None, raw)) != raw

    def _is_old(self, seq: int, event: AnyEvent) -> bool:
        """Whether a message is about who they were, and not about somebody who came back."""
        decision = event.source.startswith(SERVICES)
        return seq <= self._who.seq or event.time <= (self._who.until if decision else self._who.erased_at)

    def _left(self, kind: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """The data without them; None when it is theirs, or says nothing without them."""
        if kind in PLATFORM:
            theirs = self._who.member in {data.get("member"), data.get(_ACTORS.get(kind, "member"))}
            return None if theirs else renamed(kind, data, self._gone)
        if kind in OPERATOR:
            return self._left_of_order(kind, data)
        left: dict[str, Any] | None = data
        if self._who.member in people_in(kind, data):
            left = renamed(kind, data, self._nobody if kind in AMONG_OTHERS else self._gone)
        return None if left is None else self._cleared(_blanked(left) if left is not data else left)

    def _left_of_order(self, kind: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """The same of what an operator said: it holds, whoever said it; what is about them alone goes."""
        if data.get("member") == self._who.member:
            return None
        if kind == LetterRedriven.TYPE and self.mentioned(orjson.dumps(data).decode()):
            return None
        if kind == MemberForgotten.TYPE:
            return {**data, "copies": [copy for one in data["copies"] for copy in self._copies(one)]}
        if kind == CommunityConfigured.TYPE:
            return {**data, "playbook": self._playbook(data["playbook"])}
        return renamed(kind, data, self._nobody)

    def _playbook(self, value: Any, key: str = "") -> Any:
        """A playbook in which nobody has their parts. Its texts are the operator's own words."""
        if isinstance(value, dict):
            result = {name: self._playbook(one, name) for name, one in value.items()}
            return {**result, "name": BLANK} if value.get("member") == self._who.member and "name" in value else result
        if isinstance(value, list):
            return [self._playbook(one, key) for one in value]
        return self._nobody(value) if key in MEMBER_KEYS and isinstance(value, str) else value

    def _copies(self, copy: dict[str, Any]) -> Iterable[dict[str, Any]]:
        """What an earlier erasure left at a place, without them too."""
        raw = orjson.dumps(copy["event"])
        left = self.judge(Line(int(copy["seq"]), None, str(copy["subject"]), raw))
        if left is not None:
            yield copy if left == raw else {**copy, "event": orjson.loads(left)}

    def _gone(self, member: str) -> str | None:
        return None if member == self._who.member else member

    def _nobody(self, member: str) -> str:
        return self._who.nobody if member == self._who.member else member

    def _envelope(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes, whose ids may be made of theirs."""
        return {
            name: self._id.sub(self._who.nobody, value)
            if isinstance(value, str) and name in {"id", "causationid", "correlationid", "subject"}
            else value
            for name, value in document.items()
        }

    def _cleared(self, data: dict[str, Any]) -> dict[str, Any]:
        """A decision whose texts name them no more."""
        return {name: value if name in _WORDS_OF_OURS else self._clear(value) for name, value in data.items()}

    def _clear(self, value: Any) -> Any:
        if isinstance(value, str):
            # A name that is a word of the contracts is not meant where that word stands alone.
            return value if value in _words() else self._names.sub(BLANK, self._id.sub(self._who.nobody, value))
        if isinstance(value, dict):
            return self._cleared(value)
        return [self._clear(one) for one in value] if isinstance(value, list) else value


_RENDERED = ("text", "markdown", "html", "short", "title")


def _blanked(data: dict[str, Any]) -> dict[str, Any]:
    """A rendered text that named somebody is not read for names: it goes whole."""
    if "html" not in data:
        return data
    return {name: BLANK if name in _RENDERED and value else value for name, value in data.items()}


def _spelled(name: str) -> str:
    """A pattern for a name as texts have it: plain, escaped for Markdown, escaped for HTML."""
    return "".join(
        rf"\\?(?:{'|'.join(dict.fromkeys(re.escape(one) for one in (character, html.escape(character))))})"
        for character in name.strip()
    )


def _event(raw: bytes) -> AnyEvent | None:
    """What bytes say; None for what every service refused, or passed over as unknown."""
    try:
        return decode(raw)
    except Refused:
        return None


@cache
def _words() -> frozenset[str]:
    """Every word that a contract allows in a field, and no other in its place."""
    return frozenset(word for model in MODELS.values() for word in _enumerated(model.model_json_schema()))


def _enumerated(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (word for word in (*schema.get("enum", ()), schema.get("const")) if isinstance(word, str))
        for part in schema.values():
            yield from _enumerated(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _enumerated(part)


def _strings(value: Any) -> Iterable[str]:
    """Every text in a value, in texts that are JSON themselves too."""
    if isinstance(value, str):
        yield value
        if value[:1] in {"{", "["}:
            try:
                yield from _strings(orjson.loads(value))
            except orjson.JSONDecodeError:
                return
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def names_of(kind: str, data: Mapping[str, Any], member: str) -> frozenset[str]:
    """What somebody calls themselves in a fact of theirs."""
    if kind in {"member.joined", "member.updated"} and data.get("member") == member:
        name = data.get("display_name")
        return frozenset({name}) if isinstance(name, str) and name.strip() else frozenset()
    return frozenset()


def part_in(playbook: Any, member: str, key: str = "") -> str | None:
    """The field of a playbook that gives somebody a part; None when none does."""
    if isinstance(playbook, dict):
        return next((found for name, one in playbook.items() if (found := part_in(one, member, name))), None)
    if isinstance(playbook, list):
        return next((found for one in playbook if (found := part_in(one, member, key))), None)
    return key if key in MEMBER_KEYS and playbook == member else None
