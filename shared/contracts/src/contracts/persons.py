"""Persons: whom an event names, wherever it does so, and the same event with them under other names or without them.

Works on `data` as JSON, by the models of the contracts: a field names a person when its type is marked so.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from contracts.decisions.common import ReadyFact, Recipient
from contracts.envelope import Person
from contracts.registry import MODELS

Change = Callable[[str], str | None]
"""A person's id → what stands there instead; None: nobody."""
MEMBER = "member"
"""The kind of a `Recipient` that is a person."""


class _Place(NamedTuple):
    """A field that names people: itself, each of its items, or somewhere inside of it."""

    name: str
    required: bool
    many: bool
    model: type[BaseModel] | None


class _Gone(Exception):  # noqa: N818 - says what is left, which is nothing
    """Without somebody whom it has to name, an object says nothing."""


def people_in(kind: str, data: Mapping[str, Any]) -> frozenset[str]:
    """Everybody whom the data of an event name by id. `kind`: its type; one that no contract has names nobody."""
    found: set[str] = set()

    def seen(member: str) -> str:
        found.add(member)
        return member

    renamed(kind, data, seen)
    return frozenset(found)


def renamed(kind: str, data: Mapping[str, Any], change: Change) -> dict[str, Any] | None:
    """The data of an event with each person's id changed; None when somebody is gone whom it has to name.

    Who is gone leaves a list, and a field that may be empty; an entry of a list that has to name them goes whole.
    """
    model = MODELS.get(kind)
    if model is None:
        return dict(data)
    try:
        return _changed(model, data, change)
    except _Gone:
        return None


def _changed(model: type[BaseModel], data: Mapping[str, Any], change: Change) -> dict[str, Any]:
    result = dict(data)
    for place in _places(model):
        value = result.get(place.name)
        if value is None:
            continue
        if place.many and isinstance(value, (list, tuple)):
            result[place.name] = [item for one in value if (item := _item(place, one, change)) is not None]
            if place.required and value and not result[place.name]:
                raise _Gone
        elif not place.many:
            result[place.name] = _item(place, value, change)
            if result[place.name] is None:
                if place.required:
                    raise _Gone
                del result[place.name]
    if model is Recipient and data.get("kind") == MEMBER:
        result["id"] = _kept(change(str(data["id"])))
    if model is ReadyFact and isinstance(data.get("data"), dict):
        result["data"] = _kept(renamed(str(data.get("type")), data["data"], change))
    return result


def _kept(value: Any) -> Any:
    if value is None:
        raise _Gone
    return value


def _item(place: _Place, value: Any, change: Change) -> Any:
    if place.model is None:
        return change(value) if isinstance(value, str) else value
    if not isinstance(value, Mapping):
        return value
    try:
        return _changed(place.model, value, change)
    except _Gone:
        return None


@cache
def _places(model: type[BaseModel]) -> tuple[_Place, ...]:
    return tuple(
        place
        for name, field in model.model_fields.items()
        for place in _found(field.alias or name, field.annotation, field.metadata, required=field.is_required())
    )


def _found(name: str, annotation: Any, metadata: list[Any], *, required: bool) -> Iterator[_Place]:
    marked = any(isinstance(one, Person) for one in metadata)
    for kind, many, person in _kinds(annotation, person=marked):
        if person:
            yield _Place(name, required, many, None)
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and _names_people(kind):
            yield _Place(name, required, many, kind)


def _kinds(annotation: Any, *, person: bool, many: bool = False) -> Iterator[tuple[Any, bool, bool]]:
    """Each type that a field can have, whether there can be several, whether it names a person."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        yield from _kinds(inner, person=person or any(isinstance(one, Person) for one in marks), many=many)
    elif origin in {Union, types.UnionType}:
        for part in get_args(annotation):
            if part is not type(None):
                yield from _kinds(part, person=person, many=many)
    elif origin in {tuple, list}:
        yield from _kinds(get_args(annotation)[0], person=person, many=True)
    else:
        yield annotation, many, person


@cache
def _names_people(model: type[BaseModel]) -> bool:
    return issubclass(model, (Recipient, ReadyFact)) or bool(_places(model))
