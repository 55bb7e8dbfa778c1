"""Values of exports, read with suspicion: a record that lacks what it must have raises, and is counted as bad."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

MILLISECONDS = 1000
LONGEST_KEY = 160
_TELLING = 12


class Unfit(ValueError):  # noqa: N818 - said of a record
    """A record that is no fact: its text says what is wrong with it."""


def instant(value: object) -> datetime:
    """An instant as text (ISO 8601; UTC when it names no zone) or as seconds since 1970. Raises Unfit."""
    if value is None or value == "":
        raise Unfit("it has no time")
    try:
        if isinstance(value, str):
            text = value[:-1] + "+00:00" if value.endswith(("Z", "z")) else value
            at = datetime.fromisoformat(text)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            at = datetime.fromtimestamp(value, UTC)
        else:
            raise Unfit(f"{value!r} is no time")
    except (ValueError, OverflowError, OSError):
        raise Unfit(f"{str(value)[:60]!r} is no time") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def from_milliseconds(value: object) -> datetime:
    """An instant as whole milliseconds since 1970. Raises Unfit."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit(f"{str(value)[:60]!r} is no time in milliseconds")
    whole, rest = divmod(value, MILLISECONDS)
    return instant(whole).replace(microsecond=rest * MILLISECONDS)


def text(record: Mapping[str, Any], name: str) -> str:
    """A text that must be there and not be empty. Raises Unfit."""
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise Unfit(f"it has no {name}")
    return value


def maybe(record: Mapping[str, Any], name: str) -> str:
    """A text, or an empty one."""
    value = record.get(name)
    return value if isinstance(value, str) else ""


def whole(record: Mapping[str, Any], name: str) -> int:
    """A whole number that must be there. Raises Unfit."""
    value = record.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit(f"it has no {name}")
    return value


def records(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else is nothing."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def key(words: str) -> str:
    """Words as part of an id: what cannot be printed is left out, what is long is cut, and both stay told apart."""
    plain = "".join(character for character in words if not unicodedata.category(character).startswith("C"))
    if plain == words and len(plain) <= LONGEST_KEY:
        return plain
    return f"{plain[:LONGEST_KEY]}~{sha256(words.encode('utf-8', 'replace')).hexdigest()[:_TELLING]}"
