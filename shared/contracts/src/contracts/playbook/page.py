"""The page that documents every key of the playbook, made from the models so that it cannot lag behind them."""

from itertools import groupby

from contracts.playbook.model import Playbook
from contracts.playbook.presets import PRESETS
from contracts.playbook.shape import Entry, all_entries, unit_of

_HEAD = """# The playbook

One document per community says how Ruche cares for it: who is who, where and when things happen, and every figure of
every rule. A community has all that is not in its document at the default below; before its first playbook, everything
is (UTC, English, always open, no relays, no totem, signed by the team).

- `ruche playbook check FILE` says what is wrong, with the line, the reason and the cure; `ruche playbook apply FILE`
  expands the holidays of `country` and `region` into dates and publishes the whole; `ruche playbook show` prints it.
- `preset:` names a starting point; the document changes it key by key (lists and office hours are replaced whole).
- Units stand at the end of names. A figure outside its bounds is refused.
- *words* are one string for every voice, or a mapping by voice: `fr-tu`, `fr-vous`, `en`; `fr` stands for both French
  ones. The label of a first action is a noun phrase: « ta première question ».
- Times of day are local: `10:00`. Intervals of office hours are `09:00-12:30`, any number a day; a day left out is
  closed. Whole weeks by name: `pro` (Monday to Friday 09:00-12:30, 13:30-18:00), `asso` (18:00-22:30, Saturday
  10:00-18:00 instead), `always`.
- Where a section holds one key in most documents, it can be written alone: `register: tu`, `sender: Nadia`,
  `places: {help: atelier-aide}`, `values: [entraide]`.
- What may not be delivered is decided by `community.muted` and `community.unmuted`, never by a playbook.
"""


def playbook_page() -> str:
    """Markdown: every key, its value, default and reason, section by section, and what the presets change."""
    parts = [_HEAD, *_sections(), "## presets\n\n" + _presets()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _sections() -> list[str]:
    sections = []
    for place, group in groupby(all_entries(), key=lambda entry: entry.place):
        title = ".".join(place).replace(".[]", "[]") or "whole document"
        rows = "\n".join(map(_row, group))
        sections.append(
            f"## {title}\n\n{_about(place)}| key | value | unit | default | reason |\n|---|---|---|---|---|\n{rows}\n"
        )
    return sections


def _about(place: tuple[str, ...]) -> str:
    holder = next((entry for entry in all_entries() if (*entry.place, entry.name) == _named(place)), None)
    model = holder.section if holder else Playbook
    return f"{' '.join((model.__doc__ or '').split())}\n\n" if model else ""


def _named(place: tuple[str, ...]) -> tuple[str, ...]:
    return place[:-1] if place and place[-1] == "[]" else place


def _row(entry: Entry) -> str:
    value = entry.bounds.removeprefix("a figure from ").replace(" to ", "-") or entry.kind  # "0 to 10" reads as 0-10
    unit = unit_of(entry.name)[1] if entry.bounds else ""
    default = f"`{entry.default}`" if entry.default else ""
    return f"| `{entry.name}` | {value} | {unit} | {default} | {entry.reason.replace('|', chr(92) + '|')} |"


def _presets() -> str:
    lines = []
    for name, changes in PRESETS.items():
        flat = ", ".join(f"`{key}: {value}`" for key, value in _flat(changes, ""))
        lines.append(f"- **{name}**: {flat}")
    return "\n".join(lines) + "\n"


def _flat(changes: object, prefix: str) -> list[tuple[str, object]]:
    if not isinstance(changes, dict):
        return [(prefix, changes)]
    return [pair for key, value in changes.items() for pair in _flat(value, f"{prefix}.{key}" if prefix else str(key))]
