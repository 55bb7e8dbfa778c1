"""A choice among equals: by a hash that is the same on every machine, in every process, in every version of Python."""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
Part = str | int


def stable_hash(*parts: Part) -> int:
    """64 bits from the parts, in their order; never Python's own `hash`, which a seed changes."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def stable_order(items: Iterable[T], *salt: Part, by: Callable[[T], str] = str) -> list[T]:
    """The items in an order that the salt decides; whatever order they came in.

    Args:
        items: what to order.
        salt: what this choice is about (rule, day), so that the same person is not always first.
        by: the identity of an item; two items of one identity are the same.
    """
    return sorted(items, key=lambda item: (stable_hash(*salt, by(item)), by(item)))


def stable_choice(items: Iterable[T], *salt: Part, by: Callable[[T], str] = str) -> T | None:
    """The first of the items in that order; None when there is none."""
    return min(items, key=lambda item: (stable_hash(*salt, by(item)), by(item)), default=None)
