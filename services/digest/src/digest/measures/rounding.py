"""Rounding, said once: half up, from exact values, never through a binary fraction."""

from decimal import Decimal
from fractions import Fraction

SHARE_PLACES = 6
SECONDS_PLACES = 3


def half_up(value: Fraction, places: int = 0) -> Decimal:
    """The value with so many decimal places; a value half-way goes up, away from minus infinity."""
    scale = 10**places
    scaled = value * scale
    # Not `Decimal.quantize`: it would take a quotient that was rounded before.
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(units).scaleb(-places)


def share(part: int, whole: int) -> Decimal | None:
    """A share to 6 places; None of nothing."""
    return half_up(Fraction(part, whole), SHARE_PLACES) if whole else None


def text(value: Decimal) -> str:
    """A decimal as contracts write it: no exponent, no zeros that say nothing, no minus before zero."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain


def number(value: Fraction, places: int) -> str:
    """An exact value as the text of a decimal."""
    return text(half_up(value, places))
