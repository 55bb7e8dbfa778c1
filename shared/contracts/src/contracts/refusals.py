"""What is wrong with bytes that are no event: said in words, with the place and the cure, never with people's words."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from contracts.errors import BadData, BadEnvelope, NotJson, Refused, UnknownType
from contracts.registry import ENTITIES, TYPE_PATTERN

MOST_FAULTS = 3
_FIELD = re.compile(r"[A-Za-z_]{1,40}", re.ASCII)
_ALTERNATIVES = ("bool", "int", "str")
_PLACE = re.compile(r" at (line \d+ column \d+)$")
_PAGE = "docs/contracts.md has the fields of every type"
_JSON_CURE = "send one JSON object in UTF-8 for each message, as any JSON library writes it"
_TYPE_CURE = "give `type` as <entity>.<happened>, in lower-case letters, as post.created"
_CURES = {
    "missing": f"send it: {_PAGE}",
    "timezone_aware": "write the zone behind the time, as 2026-03-02T10:00:00Z",
    "datetime_type": "write it as text, as 2026-03-02T10:00:00Z",
    "datetime_parsing": "write it as 2026-03-02T10:00:00Z",
    "string_pattern_mismatch": f"use an id of visible characters, for a community a-z, 0-9 and -; {_PAGE}",
    "string_too_short": "leave it out, or send null, where there is nothing to say",
    "string_too_long": f"cut it; {_PAGE}",
    "extra_forbidden": f"take it out; {_PAGE}",
}


def refusal_of(raw: bytes, error: ValidationError) -> Refused:
    """The typed refusal of bytes that no model could read."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    faults = [fault for fault in faults if fault["type"] != "none_required"] or faults  # every list may also be null
    kind, message = faults[0]["type"], faults[0]["msg"]
    if kind == "json_invalid":
        place = _PLACE.search(message)
        what = message[: place.start()] if place else message
        return NotJson(what, where=place[1] if place else "message", cure=_JSON_CURE)
    if kind == "union_tag_not_found":
        return BadEnvelope("`type` is missing", where="type", cure=_TYPE_CURE)
    if kind == "union_tag_invalid":
        return _unknown_type(from_json(raw)["type"])
    if not faults[0]["loc"]:
        return NotJson("the message is no JSON object", where="message", cure=_JSON_CURE)
    return _misfit([(fault["type"], _where(fault["loc"][1:]), fault["msg"]) for fault in faults])


def _unknown_type(type_: object) -> Refused:
    if not isinstance(type_, str) or not TYPE_PATTERN.fullmatch(type_):
        return BadEnvelope("`type` has not the form of a type", where="type", cure=_TYPE_CURE)
    known_entity = type_.partition(".")[0] in ENTITIES
    cure = "upgrade this service if a newer contract has it" if known_entity else f"see what there is: {_PAGE}"
    return UnknownType(f"no contract has the type {type_}", where="type", cure=cure, known_entity=known_entity)


def _misfit(faults: list[tuple[str, str, str]]) -> Refused:
    """The refusal of a JSON object that does not fit its models: the envelope's faults before those of the data."""
    faults = sorted(dict.fromkeys(faults), key=lambda fault: _is_data(fault[1]))
    kind, where, _ = faults[0]
    what = "; ".join(f"{place}: {message}" for _, place, message in faults[:MOST_FAULTS])
    if len(faults) > MOST_FAULTS:
        what += f"; and {len(faults) - MOST_FAULTS} more"
    refused = BadData if _is_data(where) and (kind, where) != ("missing", "data") else BadEnvelope
    return refused(what, where=where, cure=_CURES.get(kind, _PAGE))


def _is_data(where: str) -> bool:
    return where == "data" or where.startswith("data.")


def _where(steps: tuple[int | str, ...]) -> str:
    """A place in the event, as `data.receivers[1]`; steps that are no field's name are left out."""
    place = ""
    for step in steps:
        if isinstance(step, int):
            place += f"[{step}]"
        elif step not in _ALTERNATIVES and _FIELD.fullmatch(step):
            place += f".{step}"
    return place.lstrip(".")


def refuse_what_cannot_be_kept(raw: bytes) -> None:
    """Raise for JSON that other readers refuse (NaN, Infinity) or that Postgres cannot hold as text (U+0000)."""
    try:
        document = from_json(raw, allow_inf_nan=False)
    except ValueError:
        raise NotJson(
            "NaN or Infinity is no JSON", where="message", cure="leave a figure out where there is none"
        ) from None
    for steps, text in _texts(document):
        if "\0" in text:
            where = _where(steps)
            refused = BadData if _is_data(where) else BadEnvelope
            raise refused("the character U+0000 in a text", where=where or "message", cure="send the text without it")


def _texts(document: Any) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every text in a JSON document, keys included, with the steps that lead to it."""
    waiting: list[tuple[tuple[int | str, ...], Any]] = [((), document)]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, str):
            yield steps, value
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield steps, key
                waiting.append(((*steps, key), inner))
        elif isinstance(value, list):
            waiting.extend(((*steps, number), inner) for number, inner in enumerate(value))
