"""A difference in words: what begins it, then by service, type and rule what changed and why, with examples."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import orjson

from ruche_replay.decision import MESSAGES, Decision
from ruche_replay.difference import KINDS, Change, Difference, Field, Kind, Matter

EXAMPLES = 3
"""How many changes of a matter are shown unless more are asked for."""
_WORDS: dict[Kind, str] = {
    "appeared": "appeared",
    "vanished": "vanished",
    "moved": "moved",
    "changed": "say something else",
    "grounds": "have another reason",
}
_SIGNS: dict[Kind, str] = {"appeared": "+", "vanished": "-", "moved": "~", "changed": "!", "grounds": "?"}
_SAID_AT_MOST = 4
_LONGEST = 90
_FORMS = frozenset({"markdown", "html", "short"})
"""The text of a message once more."""
_UNSHOWN = _FORMS | {"because", "playbook", "community", "text", "actions", "sender", "request", "purse", "locale"}
_KNOWN_BY = ("to", "member", "newcomer", "members", "post", "thread", "stage", "action", "kind", "template", "why")
"""By which fields a reader knows a decision again, the first ones first."""


def counted(difference: Difference) -> str:
    """The sums, in a sentence."""
    kinds = [f"{difference.counts[kind]:,} {_WORDS[kind]}" for kind in KINDS if difference.counts[kind]]
    said = f"of {difference.before:,} decisions {difference.same:,} are the same"
    return f"{said}; {', '.join(kinds)}" if kinds else f"all {difference.same:,} decisions are the same"


def in_words(difference: Difference, *, examples: int | None = EXAMPLES) -> Iterator[str]:
    """The lines that tell a difference. `examples`: how many of each matter; None for all."""
    if not difference:
        yield counted(difference)
        return
    first = difference.changes[0]
    yield f"{counted(difference)}."
    yield f"It begins on {_moment(first.first)} with {first.decision.type} by {first.decision.service}."
    for matter, changes in difference.matters().items():
        yield ""
        yield _heading(matter, changes)
        yield from _otherwise(changes)
        shown = changes if examples is None else _examples(changes, examples)
        for change in shown:
            yield from _told(change)
        if len(changes) > len(shown):
            yield f"    … and {len(changes) - len(shown):,} more"


def _heading(matter: Matter, changes: Sequence[Change]) -> str:
    counts = Counter(change.kind for change in changes)
    kinds = ", ".join(f"{counts[kind]:,} {_WORDS[kind]}" for kind in KINDS if counts[kind])
    return f"{matter.service} · {matter.type} · rule {matter.rule}: {kinds}"


def _examples(changes: Sequence[Change], most: int) -> Sequence[Change]:
    """The first ones, with one of each kind among them."""
    firsts = {change.kind: change for change in reversed(changes)}
    kept = {id(change) for change in firsts.values()}
    for change in changes:
        if len(kept) >= most:
            break
        kept.add(id(change))
    return [change for change in changes if id(change) in kept]


def _otherwise(changes: Sequence[Change]) -> Iterator[str]:
    """What is said otherwise, the reasons first, each once with how often."""
    said = Counter(f"why: {words}" for change in changes if (words := ", ".join(_reasons(change))))
    said += Counter(f"it says: {words}" for change in changes if change.kind == "changed" for words in _fields(change))
    lines = sorted(said.items(), key=lambda pair: (not pair[0].startswith("why"), -pair[1]))
    for line, times in lines[:_SAID_AT_MOST]:
        yield f"    {line}" + (f"  ({times:,} times)" if times > 1 else "")
    if len(lines) > _SAID_AT_MOST:
        yield f"    … and {len(lines) - _SAID_AT_MOST:,} other values or fields"


def _reasons(change: Change) -> list[str]:
    """The evidence is told only where nothing else of a reason is another."""
    told = [one for one in change.reasons if one.name != "evidence"]
    return [_said_otherwise(one) for one in told or change.reasons]


def _fields(change: Change) -> list[str]:
    text = any(one.name == "text" for one in change.fields)
    return [_said_otherwise(one) for one in change.fields if not (text and one.name in _FORMS)]


def _said_otherwise(one: Field) -> str:
    before, after = parted(_text(one.before), _text(one.after))
    return f"{one.name} {before} → {after}"


def parted(before: str, after: str, longest: int = _LONGEST) -> tuple[str, str]:
    """Two texts short enough to be read, cut around the place at which they part."""
    if len(before) <= longest and len(after) <= longest:
        return before, after
    at = next((place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), longest)
    start = max(0, at - longest // 3)
    return _cut(before, start, longest), _cut(after, start, longest)


def _cut(text: str, start: int, longest: int) -> str:
    part = text[start : start + longest]
    return f"{'…' if start else ''}{part}{'…' if start + longest < len(text) else ''}"


def _told(change: Change) -> Iterator[str]:
    decision = change.decision
    when = _moment(decision)
    if change.kind == "moved" and change.before is not None:
        when = f"{_moment(change.before)} → {_moment(decision)} ({shifted(change.shift)})"
    yield f"  {_SIGNS[change.kind]} {when}  {known_by(decision)}"
    if change.kind in {"appeared", "vanished"}:
        for reason in decision.reasons[:1]:
            takes = "" if reason.threshold is None else f": it takes {_text(reason.threshold)}"
            there = "" if reason.actual is None else f", there is {_text(reason.actual)}"
            yield f"      because of {reason.rule}{takes}{there}"


def known_by(decision: Decision, most: int = 5) -> str:
    """The fields by which a reader knows a decision again."""
    data = {name: value for name, value in decision.data.items() if name not in _UNSHOWN}
    if decision.type in MESSAGES:
        data["to"] = data["to"]["id"]
    names = [name for name in _KNOWN_BY if data.get(name) not in (None, [])]
    names += [name for name in data if name not in _KNOWN_BY]
    return " ".join(f"{name}={_cut(_text(data[name]), 0, _LONGEST)}" for name in names[:most])


def shifted(span: timedelta) -> str:
    """`22 min 30 s earlier`, `2 d 3 h later`."""
    rest = round(abs(span.total_seconds()))
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number} {unit}")
    return f"{' '.join(parts[:2]) or 'under a second'} {'earlier' if span < timedelta(0) else 'later'}"


def _moment(decision: Decision) -> str:
    return f"{decision.time:%d %b %Y %H:%M:%S}"


def _text(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    # What members wrote may hold characters that move a cursor or turn the reading order around.
    return "".join(letter if letter.isprintable() else " " for letter in text)
