"""Chance that is the same on every Python: one seed, `Random.random()` and the four operations, nothing of libm."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import TypeVar

T = TypeVar("T")

Quantiles = tuple[tuple[float, float], ...]
"""A distribution by its quantiles, from (0, least) to (1, most); straight lines between them."""


class Chance:
    """A stream of chance named by its parts: the same parts give the same stream, whatever else was drawn elsewhere."""

    def __init__(self, *parts: str | int) -> None:
        # A text seeds through SHA-512, the same in every version; hash() of a tuple would not be.
        self._draw = Random("/".join(str(part) for part in parts)).random  # noqa: S311 - a play, not a secret

    def share(self) -> float:
        """A number from 0, included, to 1, excluded."""
        return self._draw()

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self._draw() < probability

    def below(self, end: int) -> int:
        """A whole number from 0 to `end` - 1."""
        return int(self._draw() * end)

    def between(self, least: float, most: float) -> float:
        """A number of that range, all equally likely."""
        return least + self._draw() * (most - least)

    def count(self, mean: float) -> int:
        """A whole number that is `mean` on average: its whole part, or one more."""
        whole = int(mean)
        return whole + (self._draw() < mean - whole)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, all equally likely."""
        return choices[self.below(len(choices))]

    def pick_some(self, choices: Sequence[T], count: int) -> tuple[T, ...]:
        """So many different places of the choices, or all there are, in the order they were drawn."""
        left = list(choices)
        return tuple(left.pop(self.below(len(left))) for _ in range(min(count, len(left))))

    def shuffled(self, count: int) -> list[int]:
        """The numbers from 0 to `count` - 1 in an order by chance."""
        order = list(range(count))
        for end in range(count - 1, 0, -1):
            other = self.below(end + 1)
            order[end], order[other] = order[other], order[end]
        return order

    def along(self, quantiles: Quantiles) -> float:
        """A value of a distribution given by its quantiles."""
        share = self._draw()
        for (left, low), (right, high) in pairwise(quantiles):
            if share < right:
                return low + (high - low) * (share - left) / (right - left)
        return quantiles[-1][1]
