"""JSON Schemas of every type, for those who do not read Python; written to `shared/contracts/schemas`."""

import inspect
import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue

from contracts.envelope import AnyEvent, Event
from contracts.page import contracts_page
from contracts.registry import MODELS

__all__ = ["FOLDER", "contracts_page", "schema_files", "schema_of"]

FOLDER = "shared/contracts/schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_CONTROLS = r"\u0000-\u001f\u007f-\u009f"


class _Untitled(GenerateJsonSchema):
    """Without the titles that only repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the library's signature
        return False


def schema_of(type_: str | None) -> dict[str, Any]:
    """The schema of the events of a type; None: of the envelope around any data."""
    if type_ is None:
        return _finished(AnyEvent, "envelope", "The envelope: CloudEvents 1.0, structured JSON. `data` is of its type.")
    model = MODELS[type_]
    schema = _finished(Event[model], type_, inspect.cleandoc(model.__doc__ or ""))  # type: ignore[valid-type]
    schema["properties"]["type"] = {"const": type_, "type": "string"}
    return schema


def _finished(event: type[AnyEvent], name: str, meaning: str) -> dict[str, Any]:
    mode: JsonSchemaMode = "validation"
    schema: JsonSchemaValue = event.model_json_schema(schema_generator=_Untitled, mode=mode)
    schema |= {"$schema": DIALECT, "$id": f"urn:ruche:contract:{name}", "title": name, "description": meaning}
    schema["required"] = ["specversion", *schema["required"]]
    return {key: _readable(value) for key, value in schema.items()}


def _readable(value: Any) -> Any:
    r"""Patterns without `\p{C}`, which many validators cannot read: control characters are as near as they come."""
    if isinstance(value, dict):
        return {
            key: inner.replace(r"\p{Cc}", _CONTROLS).replace(r"\p{C}", _CONTROLS)
            if key == "pattern" and isinstance(inner, str)
            else _readable(inner)
            for key, inner in value.items()
        }
    return [_readable(inner) for inner in value] if isinstance(value, list) else value


def schema_files() -> dict[str, str]:
    """Every schema as text, by its path in the repository; the same bytes each time."""
    schemas = {"envelope": schema_of(None)} | {type_: schema_of(type_) for type_ in sorted(MODELS)}
    return {
        f"{FOLDER}/{name}.json": json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }
