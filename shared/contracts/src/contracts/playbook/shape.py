"""The playbook's own structure, read from its models: for error messages and for the page that documents it."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from contracts.playbook.model import Playbook
from contracts.playbook.section import Section, Wording

UNITS = (
    *("seconds", "minutes", "hours", "days", "weeks", "months", "years", "points", "share", "percent", "factor"),
    *("characters", "words", "time", "weekday", "weekdays"),
)
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of the playbook.

    Attributes:
        place: the section's path; `[]` stands for each element of a list.
        name: the key, as it is written.
        kind: what its value is, in a word.
        default: its default as it would be written; empty when it has to be given or is left out.
        bounds: the figures between which it is possible, in words; empty for what is no figure.
        reason: its meaning.
        section: the model of its value, or of each element, when that has keys of its own.
        listed: whether its value is a list.
    """

    place: tuple[str, ...]
    name: str
    kind: str
    default: str
    bounds: str
    reason: str
    section: type[BaseModel] | None
    listed: bool


def unit_of(name: str) -> tuple[str, str]:
    """A key without its unit, and the unit; an empty unit when the name ends in none."""
    stem, _, last = name.rpartition("_")
    return (stem, last) if stem and last in UNITS else (name, "")


@lru_cache(maxsize=1)
def all_entries() -> tuple[Entry, ...]:
    """Every key, section by section, in the order of the models."""
    return tuple(_walk(Playbook, ()))


def entries(section: tuple[str | int, ...] | None) -> tuple[Entry, ...]:
    """The keys of the section at a place of a document; of all sections for None."""
    if section is None:
        return all_entries()
    wanted = tuple("[]" if isinstance(part, int) else part for part in section)
    return tuple(entry for entry in all_entries() if entry.place == wanted)


def entry_at(place: tuple[str | int, ...]) -> Entry | None:
    """The key at a place of a document; for an element of a plain list, the list."""
    while place and isinstance(place[-1], int):
        place = place[:-1]
    return next((entry for entry in entries(place[:-1]) if entry.name == place[-1]), None) if place else None


def homes_of(name: str) -> tuple[tuple[str, ...], ...]:
    """The sections that have a key of this name, lists left out."""
    return tuple(entry.place for entry in all_entries() if entry.name == name and "[]" not in entry.place)


def _walk(model: type[BaseModel], place: tuple[str, ...]) -> Iterator[Entry]:
    below: list[Entry] = []
    for attribute, field in model.model_fields.items():
        entry = _entry(field.alias or attribute, field, place)
        yield entry
        if entry.section is not None:
            below.append(entry)
    for entry in below:
        if entry.section is not None:
            yield from _walk(entry.section, (*place, entry.name, *(("[]",) if entry.listed else ())))


def _entry(name: str, field: FieldInfo, place: tuple[str, ...]) -> Entry:
    inner, listed = _bare(field.annotation)
    section = inner if isinstance(inner, type) and issubclass(inner, Section) else None
    words = section is Wording
    return Entry(
        place=place,
        name=name,
        kind=_kind(inner, listed=listed),
        default=_default(field),
        bounds=_bounds(field),
        reason=field.description or "",
        section=None if words else section,
        listed=listed,
    )


def _bare(annotation: Any) -> tuple[Any, bool]:
    """A type without Annotated, Optional and tuple around it; and whether there was a tuple."""
    listed = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        elif origin is tuple:
            annotation, listed = get_args(annotation)[0], True
        else:
            return annotation, listed


_KINDS: dict[Any, str] = {
    int: "whole number",
    float: "number",
    bool: "true or false",
    str: "text",
    date: "date",
    time: "time of day",
    Wording: "words",
}


def _kind(inner: Any, *, listed: bool) -> str:
    if get_origin(inner) is Literal:
        word = " \\| ".join(str(value) for value in get_args(inner))
    elif get_origin(inner) is dict:
        word = "mapping"
    else:
        word = _KINDS.get(inner, "section")
    return f"list of {word}" if listed else word


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined or value is None or isinstance(value, BaseModel):
        return ""
    text = _shown(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{len(value)} entries" if isinstance(value, tuple) else ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]" if value else ""
    if isinstance(value, BaseModel):
        return ", ".join(f"{name} {_shown(item)}" for name, item in value if item)
    return f"{value:g}" if isinstance(value, float) else str(value or "") if value != 0 else "0"


def _bounds(field: FieldInfo) -> str:
    least = next((item.ge for item in field.metadata if isinstance(item, Ge)), None)
    most = next((item.le for item in field.metadata if isinstance(item, Le)), None)
    return f"a figure from {least:g} to {most:g}" if least is not None and most is not None else ""
