"""`docs/contracts.md`: every type in words, by who publishes it, made from the models themselves."""

import inspect
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from contracts.envelope import Decision, Event, EvidenceRange
from contracts.registry import CLOCK, DECISIONS, MESSAGES, MODELS, OPERATOR, PLATFORM

_WORDS = {
    str: "text",
    int: "whole number",
    bool: "yes or no",
    AwareDatetime: "time",
    date: "day",
    Decimal: "decimal",
    NoneType: "null",
    dict: "object",
    Any: "anything",
}
_HEAD = """# Contracts

What is said on the bus. This page is made from the models (`make docs`); it is not edited by hand. Every type has a
JSON Schema in [`shared/contracts/schemas`](../shared/contracts/schemas) and an example in
[`shared/contracts/src/contracts/examples`](../shared/contracts/src/contracts/examples) that must decode for ever.

## The envelope

CloudEvents 1.0 in structured JSON (`application/cloudevents+json`), at most 256 KiB, on the subject
`<type>.<community>.<publisher>`: `member.joined.atelier.forum`. The publisher is the last path segment of `source`,
unless another was registered for it. An event sent again repeats `source`, `id` and `time`.

{envelope}

Types are read strictly: a number is no text. Optional fields may be left out or null. A time has a zone and lies in the
years 1970 to 2999. Fields that are not listed are kept and ignored; a type that is not listed, of an entity that is, is
counted and skipped. What is refused becomes a dead letter that says what, where and how to mend it: over 256 KiB, no
JSON (NaN and Infinity are none), a field that is missing or wrong, the character U+0000 in a text, a `time` over five
minutes after the log's own, a community or publisher unlike the subject's, a type that is not the publisher's to say.

`data` always has `community` (text): one token of `a-z`, `0-9` and `-`. It is left out of the tables below.
"""
_DECISIONS = """
Every decision also has `because`, a list of at least one [Because](#because), and `playbook` (text), the version that
it was made under; they are left out below. Its `source` is `/services/<name>`, its `id` a UUIDv8 that sorts by time and
is the same for the same cause.
"""


def contracts_page() -> str:
    """The page, whole; the same bytes each time."""
    envelope = _table(Event, skip={"data"})
    parts = [
        _HEAD.format(envelope=envelope.rstrip()),
        _chapter("Platform facts", "What platforms say happened.", PLATFORM),
        _chapter("Operators and managers", "What people who run the place say; publisher `operator`.", OPERATOR),
        _chapter("The clock", "Publisher `clock`, source `/clock`.", CLOCK),
        _chapter("Messages", "What every service asks platforms to say." + "\n" + _DECISIONS, MESSAGES),
    ]
    for service, types in DECISIONS.items():
        parts.append(_chapter(f"Decisions of {service}", f"Publisher `{service}`.", types))
    parts.append(_parts())
    return "\n".join(parts)


def _chapter(title: str, about: str, types: Iterable[str]) -> str:
    sections = [f"## {title}\n\n{about.strip()}\n"]
    for type_ in types:
        model = MODELS[type_]
        skip = {"community", "because", "playbook"} if issubclass(model, Decision) else {"community"}
        table = _table(model, skip) or "Nothing more.\n"
        sections.append(f"### {type_}\n\n{inspect.cleandoc(model.__doc__ or '')}\n\n{table}")
    return "\n".join(sections)


def _parts() -> str:
    found: dict[str, type[BaseModel]] = {EvidenceRange.__name__: EvidenceRange}
    waiting: list[type[BaseModel]] = list(MODELS.values())
    while waiting:
        for hint in _hints(waiting.pop()).values():
            for part in _models_in(hint):
                if part.__name__ not in found:
                    found[part.__name__] = part
                    waiting.append(part)
    sections = ["## Parts\n\nObjects that stand inside of the above.\n"]
    for name, model in sorted(found.items()):
        sections.append(f"### {name}\n\n{inspect.cleandoc(model.__doc__ or '')}\n\n{_table(model)}")
    return "\n".join(sections)


def _table(model: type[BaseModel], skip: Iterable[str] = ()) -> str:
    rows = []
    hints = _hints(model)
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        mark = "" if field.is_required() else "?"
        meaning = field.description or next(_descriptions(hints[name]), "")
        words = _words(hints[name]).replace("|", "\\|")
        rows.append(f"| `{field.alias or name}`{mark} | {words} | {meaning} |")
    return "\n".join(["| field | type | meaning |", "|---|---|---|", *rows]) + "\n" if rows else ""


def _hints(model: type[BaseModel]) -> dict[str, Any]:
    return get_type_hints(model, include_extras=True)


def _bare(hint: Any) -> Any:
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return hint


def _words(hint: Any) -> str:
    """A type in words: `text`, `list of whole number`, `a` or `b`."""
    hint = _bare(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in (Union, UnionType):
        return " or ".join(_words(one) for one in inner if _bare(one) is not NoneType)
    if origin is tuple:
        return f"list of {_words(inner[0])}"
    if origin is dict:
        return "object"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return _WORDS[hint]


def _descriptions(hint: Any) -> Iterator[str]:
    """What the parts of a type say of themselves, the outermost first."""
    if get_origin(hint) is Annotated:
        for extra in reversed(hint.__metadata__):
            if isinstance(extra, FieldInfo) and extra.description:
                yield extra.description
    if get_origin(hint) in (Annotated, Union, UnionType):
        for inner in get_args(hint):
            yield from _descriptions(inner)


def _models_in(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for inner in get_args(hint):
        yield from _models_in(inner)
