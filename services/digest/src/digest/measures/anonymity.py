"""What people read: small figures rounded, splits with a small side hidden: no number picks anybody out."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from contracts.playbook.digest import Digest
from digest.measures import rounding

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Veil:
    """The playbook's figures of anonymity, as rules: `below` them counts go to multiples of `step`."""

    below: int
    step: int
    least: int

    def count(self, number: int) -> int:
        """A count as people read it: from `below` on exact, under it the nearest multiple, half up."""
        if number >= self.below:
            return number
        return int(rounding.half_up(Fraction(number, self.step))) * self.step

    def is_exact(self, number: int) -> bool:
        """Whether it is shown as it is."""
        return number >= self.below

    def may_split(self, *sides: int) -> bool:
        """Whether a whole may be shown in these parts: not when one of them is so small that it tells who."""
        return all(side >= self.least for side in sides)

    def percent(self, part: int, whole: int) -> int | None:
        """A share as people read it; None where its sides are too small to be shown."""
        if not whole or not self.may_split(part, whole - part):
            return None
        return self.rounded_percent(Fraction(part, whole), whole)

    def rounded_percent(self, share: Fraction, whole: int) -> int:
        """A share in percent, of so many: of few in steps, for single percents would give the count away."""
        step = 1 if whole >= self.below else self.step
        return int(rounding.half_up(share * PERCENT / step)) * step

    def parts(self, split: Mapping[str, int]) -> Mapping[str, int] | None:
        """A split as people read it; None where it has a side too small."""
        if not split or not self.may_split(*split.values()):
            return None
        return {name: self.count(number) for name, number in split.items()}


def veil(figures: Digest) -> Veil:
    """By a playbook."""
    return Veil(below=figures.round_below, step=figures.round_to, least=figures.hide_below)
