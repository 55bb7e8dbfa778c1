"""A what-if at a terminal: what was changed, what that changes, for whom most."""

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ruche.output import clean, one_line
from ruche.what_if.compared import Compared
from ruche.what_if.people import Affected, Reason, Typical, messages, most_affected, typical
from ruche_replay.difference import Kind
from ruche_replay.wording import counted, parted, shifted

_WIDEST = 60
_VERBS: tuple[tuple[str, Kind], ...] = (
    ("appeared", "appeared"),
    ("vanished", "vanished"),
    ("moved", "moved"),
    ("say something else", "changed"),
)


def tell(console: Console, found: Compared) -> None:
    """The whole, for people."""
    _settings(console, found)
    console.print()
    console.print(Text(f"{counted(found.difference)}.", "bold"))
    if not found.difference:
        return
    console.print()
    _rules(console, found)
    console.print()
    _messages(console, found)
    affected = most_affected(found)
    if affected:
        console.print()
        console.print(Text("Members for whom most appears, vanishes or moves", "bold"))
        for one in affected:
            _member(console, one)
    failures = sum(len(shelf.letters) for side in (found.before, found.after) for shelf in side.turns.shelves.values())
    if failures:
        console.print(f"{failures:,} dead letters: lines that are refused, or rules that failed", style="red")


def _settings(console: Console, found: Compared) -> None:
    settings = found.settings()
    console.print(Text(clean(f"{found.before.label} → {found.after.label}"), "bold"))
    if not settings:
        console.print("  the two playbooks have the same settings", style="yellow")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    for name, old, new in settings:
        before, after = parted(_value(old), _value(new), _WIDEST)
        table.add_row(name, before, "→", after)
    if settings:
        console.print(table)


def _rules(console: Console, found: Compared) -> None:
    for matter, changes in found.difference.matters().items():
        counts = Counter(change.kind for change in changes)
        said = ", ".join(f"{counts[kind]:,} {verb}" for verb, kind in _VERBS if counts[kind])
        if said:
            console.print(f"{matter.service} · {matter.type} ({matter.rule}): {said}")
            if why := _why(typical(changes)):
                console.print(f"    {why}", style="dim")


def _why(found: Typical) -> str:
    parts = [shifted(found.shift)] if found.shift else []
    if found.otherwise is not None:
        before, after = parted(found.otherwise.before, found.otherwise.after, _WIDEST)
        parts.append(f"{found.otherwise.name} {before} → {after}")
    if not parts:
        return ""
    return one_line(
        f"{': '.join(parts)}{'' if found.times == found.of else f' ({found.times:,} of {found.of:,})'}", 200
    )


def _messages(console: Console, found: Compared) -> None:
    table = Table("messages", box=None)
    for title in ("before", "after"):
        table.add_column(title, justify="right")
    before, after = messages(found.before.to_members), messages(found.after.to_members)
    table.add_row("to members", f"{before.total:,}", f"{after.total:,}")
    table.add_row("members who get any", f"{before.members:,}", f"{after.members:,}")
    table.add_row("to the middle one of them", f"{before.middle:g}", f"{after.middle:g}")
    table.add_row("most to one member", f"{before.most:,}", f"{after.most:,}")
    for name in sorted({*found.before.elsewhere, *found.after.elsewhere}):
        table.add_row(
            f"to {one_line(name, 40)}", f"{found.before.elsewhere[name]:,}", f"{found.after.elsewhere[name]:,}"
        )
    console.print(table)


def _member(console: Console, one: Affected) -> None:
    name = one.member if one.name is None else f"{one.name} ({one.member})"
    counts = ", ".join(f"{one.counts[kind]:,} {verb}" for verb, kind in _VERBS if one.counts[kind])
    more = one.messages_before != one.messages_after
    console.print(
        f"  {one_line(name, 60)}: {counts}"
        + (f"; messages {one.messages_before} → {one.messages_after}" if more else "")
    )
    for reason in one.reasons:
        console.print(f"      {_reason(reason)}", style="dim")


def _reason(reason: Reason) -> str:
    verb = next(verb for verb, kind in _VERBS if kind == reason.kind)
    said = f"{reason.times:,} {reason.type} ({reason.rule}) {verb}"
    why = _why(reason.typical)
    if not why and reason.takes is not None:
        why = f"it takes {reason.takes}"
    return one_line(f"{said}: {why}" if why else said, 200)


def _value(value: object) -> str:
    return one_line("nothing" if value is None else str(value))
