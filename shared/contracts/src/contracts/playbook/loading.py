"""Reading a playbook from a document: all that is wrong with it at once, each with place, reason and cure."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contracts.errors import BadPlaybook
from contracts.playbook.model import COUNTRY_PATTERN, Playbook
from contracts.playbook.presets import PRESETS
from contracts.playbook.section import SLUG_PATTERN
from contracts.playbook.shape import Entry, entries, entry_at, homes_of, unit_of

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        place: the path to it in the document: keys, and positions in lists from 0.
        what: what is wrong, in one clause.
        cure: what to write instead.
    """

    place: Place
    what: str
    cure: str

    def __str__(self) -> str:
        """Place, reason and cure on one line."""
        return f"{written(self.place)}: {self.what}; {self.cure}"


class UnfitPlaybook(BadPlaybook):
    """A document that is no playbook, with everything that is wrong with it, in the order of the document's keys."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first, others = problems[0], len(problems) - 1
        more = f" (and {others} more)" if others else ""
        super().__init__(f"{first.what}{more}", where=written(first.place), cure=first.cure)
        self.problems = problems


def written(place: Place) -> str:
    """A path as people write it: `onboarding.catalogue[2].label`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the document"


def load(document: object) -> Playbook:
    """The playbook of a document: its `preset`, if it names one, with what it changes; the rest at the defaults.

    What `Playbook.document` gives is read back, equal. Raises UnfitPlaybook with every problem found.
    """
    if not isinstance(document, Mapping):
        what = "a playbook is a mapping of keys"
        raise UnfitPlaybook((Problem((), what, "write keys and values, the name of the community first"),))
    own = {str(name): value for name, value in document.items()}
    preset = own.pop("preset", None)
    problems: list[Problem] = []
    if preset is not None and (not isinstance(preset, str) or preset not in PRESETS):
        problems.append(_unknown_preset(preset))
    base = PRESETS.get(preset, {}) if isinstance(preset, str) else {}
    try:
        playbook = Playbook.model_validate(_merged(base, own))
    except ValidationError as error:
        problems += [_problem(details) for details in error.errors(include_url=False)]
    else:
        if not problems:
            return playbook
    order = list(own)
    raise UnfitPlaybook(tuple(sorted(problems, key=lambda problem: _rank(problem.place, order))))


def _rank(place: Place, order: list[str]) -> int:
    first = place[0] if place else ""
    return order.index(first) if isinstance(first, str) and first in order else -1


def _unknown_preset(preset: object) -> Problem:
    what = f"there is no preset {preset!r}" if isinstance(preset, str) else "a preset is a name"
    return Problem(("preset",), what, f"choose one of {', '.join(PRESETS)}, or leave it out")


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` over `base`: mappings key by key, everything else whole. Office hours are one thing."""
    merged = dict(base)
    for name, value in own.items():
        under = merged.get(name)
        if isinstance(under, Mapping) and isinstance(value, Mapping) and name != "hours":
            merged[name] = _merged(under, value)
        else:
            merged[name] = value
    return merged


def _problem(details: ErrorDetails) -> Problem:
    place = tuple(part for part in details["loc"] if part != "[key]")
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        return _wrong_key(place, details["input"])
    if kind == "value_error":
        what, _, cure = str(context["error"]).partition(": ")
        key = what.split()[0]  # a check across keys names first the one to look at
        place = (*place, key) if any(entry.name == key for entry in entries(place)) else place
        return Problem(place, what, cure or "change one of the two")
    if kind == "missing":
        entry = entry_at(place)
        return Problem(place, "it is missing", f"write it: {entry.reason}" if entry else "write it")
    what, cure = _unfit_value(kind, context, details, entry_at(place))
    return Problem(place, what, cure)


def _wrong_key(place: Place, value: object) -> Problem:
    name, section = str(place[-1]), place[:-1]
    known = [entry.name for entry in entries(section)]
    what = "there is no such key"
    stem, unit = unit_of(name)
    for other in known:
        other_stem, other_unit = unit_of(other)
        if other_unit and other_stem == stem and other_unit != unit:
            given = f"this figure is in {other_unit}" if unit else "the unit stands in the name"
            return Problem(place, what, f"{given}: write {other}{_converted(value, unit, other_unit)}")
    homes = [written((*home, name)) for home in homes_of(name)]
    if homes:
        return Problem(place, what, f"it belongs elsewhere: {' or '.join(homes[:3])}")
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return Problem(place, what, f"did you mean {near[0]}?")
    far = get_close_matches(name, [entry.name for entry in entries(None)], n=1, cutoff=0.8)
    if far:
        return Problem(place, what, f"did you mean {written((*homes_of(far[0])[0], far[0]))}?")
    return Problem(place, what, f"take it out; keys here are {', '.join(known[:12])}{' …' if len(known) > 12 else ''}")


_MINUTES = {"seconds": 1 / 60, "minutes": 1, "hours": 60, "days": 1440, "weeks": 10080}


def _converted(value: object, unit: str, wanted: str) -> str:
    """`: 120`, when two hours were meant as minutes and the figure is a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not {unit, wanted} <= set(_MINUTES):
        return ""
    figure = value * _MINUTES[unit] / _MINUTES[wanted]
    return f": {figure:.0f}" if figure.is_integer() and figure else ""


def _unfit_value(kind: str, context: Mapping[str, Any], details: ErrorDetails, entry: Entry | None) -> tuple[str, str]:
    given = details["input"]
    shown = repr(given) if len(repr(given)) <= _LONGEST_SHOWN else f"this {type(given).__name__}"
    default = f"; the default is {entry.default}" if entry and entry.default else ""
    what, cure = "does not fit", details["msg"][:1].lower() + details["msg"][1:]
    if kind in ("greater_than_equal", "less_than_equal"):
        what = "is an impossible figure"
        cure = f"give {entry.bounds}" if entry and entry.bounds else cure
    elif kind == "literal_error":
        what, cure = "is none of the words known here", _nearest_word(str(given), str(context.get("expected", "")))
    elif kind.startswith(("int_", "float_", "finite_")):
        unit = unit_of(entry.name)[1] if entry else ""
        whole = ", without decimals" if kind == "int_from_float" else ""
        what, cure = "is no number that fits", f"write the figure alone{f', in {unit}' if unit else ''}{whole}"
    elif kind.startswith("bool_"):
        what, cure = "is neither true nor false", "write true or false"
    elif kind.startswith(("time_", "date_")):
        sort = kind.partition("_")[0]
        what, cure = f"is no {sort}", f"write it as {'10:00' if sort == 'time' else '2026-03-02'}"
    elif kind == "string_pattern_mismatch":
        cure = _PATTERNS.get(str(context.get("pattern", "")), cure)
    return f"{shown} {what}", f"{cure}{default}"


_LONGEST_SHOWN = 60
_PATTERNS = {
    SLUG_PATTERN: "write small letters, digits and dashes, as velo-cargo",
    COUNTRY_PATTERN: "write the two capitals of its ISO code, as FR",
}


def _nearest_word(given: str, expected: str) -> str:
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = get_close_matches(given, words, n=1)
    return f"did you mean {near[0]}?" if near else f"write {expected}"
