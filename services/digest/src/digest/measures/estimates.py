"""Estimates, exact: fractions and decimals of stated precision, never binary fractions."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from fractions import Fraction

PRECISION = Context(prec=40)
"""Logarithms and exponentials are rounded half even at 40 digits; what is shown has four."""
HALF = Fraction(1, 2)


def censored_median(waits: Sequence[int], still_waiting: Sequence[int]) -> int | None:
    """Kaplan and Meier's median: the shortest wait by which at most half are expected to go on waiting.

    Args:
        waits: how long each of those waited whose wait ended.
        still_waiting: how long each of the others has waited so far; they stay in until then.

    None where more than half are expected to wait longer than anybody was watched.
    """
    return next((wait for wait, survival in survival_curve(waits, still_waiting) if survival <= HALF), None)


def survival_curve(waits: Sequence[int], still_waiting: Sequence[int]) -> Iterator[tuple[int, Fraction]]:
    """Kaplan and Meier's curve: after each wait that ended, the share expected to go on waiting."""
    ends, censored = sorted(waits), sorted(still_waiting)
    at_risk = len(ends) + len(censored)
    # Between two who are lost sight of the product telescopes: `before` x at risk now / at risk then.
    before, then = Fraction(1), at_risk
    passed = place = 0
    while place < len(ends):
        wait = ends[place]
        # Somebody last seen waiting at the very moment of an end was still at risk then.
        lost = bisect_left(censored, wait)
        if lost > passed:
            before *= Fraction(at_risk, then)
            at_risk -= lost - passed
            then, passed = at_risk, lost
        ended = bisect_right(ends, wait, place) - place
        at_risk -= ended
        place += ended
        yield wait, before * Fraction(at_risk, then)


def absence_factor(contributions: Sequence[int]) -> int:
    """CHAOSS's contributor absence factor: the fewest contributors who make half of all contributions; 0 of none."""
    half = Fraction(sum(contributions), 2)
    made = 0
    for number, count in enumerate(sorted(contributions, reverse=True), 1):
        made += count
        if made >= half and made > 0:
            return number
    return 0


def inequality(contributions: Sequence[int]) -> Fraction | None:
    """Gini's coefficient over those who contributed: 0 where all give the same, towards 1 where one gives all."""
    ordered = sorted(count for count in contributions if count > 0)
    whole, people = sum(ordered), len(ordered)
    if not whole:
        return None
    weighted = sum(place * count for place, count in enumerate(ordered, 1))
    return Fraction(2 * weighted, people * whole) - Fraction(people + 1, people)


def logarithm(count: int) -> Decimal:
    """ln(1 + count)."""
    return PRECISION.ln(Decimal(1 + count))


def weekly_growth_percent(points: Sequence[tuple[int, Decimal]]) -> Decimal | None:
    """By how many percent a week a series grows, by least squares on its logarithms: 100 (e^slope - 1).

    Args:
        points: (week, logarithm); weeks may be missing.

    None of fewer than three points, through which any line would do.
    """
    if len(points) < 3:
        return None
    number = len(points)
    mean_week = Fraction(sum(week for week, _ in points), number)
    spread = sum((week - mean_week) ** 2 for week, _ in points)
    if not spread:
        return None
    context = PRECISION
    slope = Decimal(0)
    for week, value in points:
        weight = (week - mean_week) / spread
        factor = context.divide(Decimal(weight.numerator), Decimal(weight.denominator))
        slope = context.add(slope, context.multiply(factor, value))
    return context.multiply(Decimal(100), context.subtract(context.exp(slope), Decimal(1)))
