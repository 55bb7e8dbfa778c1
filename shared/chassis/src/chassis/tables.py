"""Tables: how a frozen struct stands in Postgres, declared once, its statements derived from its fields."""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import json, structs
from pydantic import BaseModel, TypeAdapter

from contracts.turn import Selection

R = TypeVar("R")
Key = tuple[str, ...]
"""A row's key inside a service: its community, then the values of the table's key."""

_SCALARS: Mapping[Any, str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    datetime: "timestamptz",
    date: "date",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a row: its name, its SQL type, and how a value goes in and comes out."""

    name: str
    sql_type: str
    nullable: bool
    write: Callable[[Any], Any] | None
    read: Callable[[Any], Any] | None


def _json_codec(annotation: Any, *, model: bool) -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    if model:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        # A whole model (a playbook) is large and comes back the same with every batch: frozen, so it can be shared.
        return lambda value: adapter.dump_json(value).decode(), lru_cache(maxsize=64)(adapter.validate_json)
    encoder, decoder = json.Encoder(enc_hook=_model_out), json.Decoder(annotation, dec_hook=_model_in)
    return lambda value: encoder.encode(value).decode(), decoder.decode


def _model_out(value: Any) -> Any:
    """A model inside a struct, as plain values. Raises TypeError for anything else, as a hook has to."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"no column holds a {type(value).__name__}")


def _model_in(model: type[BaseModel], value: Any) -> BaseModel:
    return model.model_validate(value)


def _column(name: str, annotation: Any) -> Column:
    nullable = False
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        nullable = len(rest) < len(get_args(annotation))
        if len(rest) == 1:
            annotation = rest[0]
    bare = annotation
    if get_origin(bare) is not None and get_origin(bare) not in (tuple, dict, list, Mapping):
        first = get_args(bare)[0] if get_args(bare) else None
        if isinstance(first, str):  # Literal["a", "b"]
            return Column(name, "text", nullable, None, None)
    if bare in _SCALARS:
        return Column(name, _SCALARS[bare], nullable, None, None)
    write, read = _json_codec(annotation, model=isinstance(bare, type) and issubclass(bare, BaseModel))
    return Column(name, "jsonb", nullable, write, read)


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table of a service: `row` is a frozen struct, `key` names the fields that identify it in a community.

    The first column of every table is `community`. Fields of type str, int, bool, datetime, date are columns of
    text, bigint, boolean, timestamptz, date; anything else is jsonb. A test holds this against the migrations.
    """

    row: type[R]
    name: str
    key: tuple[str, ...]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The fields in order, without `community`."""
        hints = get_type_hints(self.row)
        return tuple(_column(field.name, hints[field.name]) for field in structs.fields(self.row))  # type: ignore[arg-type]

    @cached_property
    def key_of(self) -> Callable[[R], Key]:
        """The key of a row, without its community."""
        if not self.key:
            return lambda _row: ()
        if len(self.key) == 1:
            get = attrgetter(self.key[0])
            return lambda row: (get(row),)
        return attrgetter(*self.key)

    @cached_property
    def whole_key_of(self) -> Callable[[str, R], Key]:
        """The key of a row of a community. Every change of a row asks for it."""
        if not self.key:
            return lambda community, _row: (community,)
        get: Callable[[R], Any] = attrgetter(*self.key)
        if len(self.key) == 1:
            return lambda community, row: (community, get(row))
        return lambda community, row: (community, *get(row))

    @cached_property
    def names(self) -> str:
        """All columns, community first, for a select."""
        return ", ".join(("community", *(column.name for column in self.columns)))

    @cached_property
    def load(self) -> str:
        """Rows by key: $1 communities, $2… one array per key field."""
        parts = ("community", *self.key)
        arrays = ", ".join(f"${n}::text[]" for n in range(1, len(parts) + 1))
        aliases = ", ".join(f"k{n}" for n in range(len(parts)))
        match = " and ".join(f"t.{part} = k.k{n}" for n, part in enumerate(parts))
        columns = ", ".join(f"t.{name}" for name in self.names.split(", "))
        return f"select {columns} from {self.name} t join unnest({arrays}) as k({aliases}) on {match}"

    @cached_property
    def of_communities(self) -> str:
        """All rows of communities, in any order: $1 communities."""
        return f"select {self.names} from {self.name} where community = any($1::text[])"

    @cached_property
    def save(self) -> str:
        """Insert or replace rows: $1 communities, then one array per column."""
        types_ = ("text", *(column.sql_type for column in self.columns))
        arrays = ", ".join(f"${n}::{sql_type}[]" for n, sql_type in enumerate(types_, 1))
        keys = ", ".join(("community", *self.key))
        rest = [column.name for column in self.columns if column.name not in self.key]
        update = ", ".join(f"{name} = excluded.{name}" for name in rest)
        action = f"update set {update}" if rest else "nothing"
        return f"insert into {self.name} ({self.names}) select * from unnest({arrays}) on conflict ({keys}) do {action}"

    @cached_property
    def remove(self) -> str:
        """Delete rows by key: $1 communities, $2… one array per key field."""
        parts = ("community", *self.key)
        arrays = ", ".join(f"${n}::text[]" for n in range(1, len(parts) + 1))
        aliases = ", ".join(f"k{n}" for n in range(len(parts)))
        match = " and ".join(f"t.{part} = k.k{n}" for n, part in enumerate(parts))
        return f"delete from {self.name} t using unnest({arrays}) as k({aliases}) where {match}"

    @cached_property
    def everything(self) -> str:
        """All rows, in key order."""
        return f"select {self.names} from {self.name} order by {', '.join(('community', *self.key))}"

    def arrays(self, rows: Sequence[tuple[Key, R]]) -> list[list[Any]]:
        """The arguments of `save` for (key, row) pairs."""
        result: list[list[Any]] = [[key[0] for key, _ in rows]]
        for column in self.columns:
            get, write = attrgetter(column.name), column.write
            if write is None:
                result.append([get(row) for _, row in rows])
            else:
                result.append([None if (value := get(row)) is None else write(value) for _, row in rows])
        return result

    def key_arrays(self, keys: Sequence[Key]) -> list[list[str]]:
        """The arguments of `load` and `remove`."""
        return [list(part) for part in zip(*keys, strict=True)]

    def from_record(self, record: Sequence[Any]) -> tuple[Key, R]:
        """A record of `load`, a selection or `everything`, as (key, row)."""
        values = {}
        for column, value in zip(self.columns, record[1:], strict=True):
            values[column.name] = column.read(value) if column.read is not None and value is not None else value
        row = self.row(**values)
        return (record[0], *self.key_of(row)), row


@dataclass(frozen=True, slots=True)
class Statement:
    """A selection's SQL: `select <all columns, community first> from … where community = $1 and … order by …`.

    $2… are the selection's values; the shell adds ` limit n` where the selection has one. The order is that of
    the selection's `order`, text compared by `collate "C"` as Python compares it.
    """

    selection: Selection[Any]
    sql: str
