"""A moment of the contracts: it has a zone, is kept in UTC, and lies where calendars are of use."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

FIRST_YEAR, LAST_YEAR = 1970, 2999
"""Outside of these a time is a mistake (0001, 9999), and adding to it would leave the calendar."""

_USUAL_LENGTHS = frozenset({len("2026-03-02T10:00:00Z"), len("2026-03-02T10:00:00.000Z")})
_parse = TypeAdapter(AwareDatetime).validator.validate_python


def _read(value: Any, read: ValidatorFunctionWrapHandler) -> datetime:
    time = _from_text(value) if type(value) is str else read(value)
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise PydanticCustomError(
            "instant_range", "a moment is in the years 1970 to 2999; one that is not known is left out"
        )
    return time if time.tzinfo is UTC else time.astimezone(UTC)


def _from_text(text: str) -> datetime:
    if text[4:5] != "-":  # a count of seconds, which the general parser would take
        raise PydanticCustomError("datetime_parsing", "a moment is written as 2026-03-02T10:00:00Z")
    if len(text) in _USUAL_LENGTHS and text[10] == "T" and text[-1] == "Z":
        # The usual form takes half the time this way, and every event that is read pays for it.
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # the general parser says what is wrong with it
    time: datetime = _parse(text)
    return time


Instant = Annotated[AwareDatetime, WrapValidator(_read)]
"""A moment with a zone, kept in UTC."""
