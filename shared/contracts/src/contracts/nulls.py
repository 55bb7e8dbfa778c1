"""A null where a list or a yes-or-no is meant: platforms write it for "nothing to say", and it reads as the default."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class NullAs:
    """Annotates a field that is never None in Python: a null in JSON becomes `value`."""

    value: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        default = self.value
        null = core_schema.no_info_after_validator_function(lambda _: default, core_schema.none_schema())
        # What is no null, nearly everything, never leaves the compiled validator.
        return core_schema.union_schema([(handler(source), "-"), (null, "-")], mode="left_to_right")
