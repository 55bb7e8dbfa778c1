"""Estimates, held against what textbooks and definitions give."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.measures import rounding
from digest.measures.estimates import (
    absence_factor,
    censored_median,
    inequality,
    logarithm,
    survival_curve,
    weekly_growth_percent,
)

waits = st.lists(st.integers(0, 50), max_size=40)


def test_a_censored_median_keeps_in_those_who_still_wait():
    assert censored_median([1, 2, 3], []) == 2
    assert censored_median([1, 2, 3], [100] * 3) == 3
    assert censored_median([1, 2, 3], [100] * 4) is None
    assert censored_median([], [1]) is None
    assert censored_median([], []) is None


def test_the_curve_of_freireich_is_that_of_the_textbooks():
    # The 6-MP group of Freireich and others (1963), in weeks of remission.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    lost = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]

    curve = {wait: round(float(share), 4) for wait, share in survival_curve(ended, lost)}

    assert curve == {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert censored_median(ended, lost) == 23


@given(waits, waits)
def test_the_curve_is_the_product_of_its_steps(ended, lost):
    at_risk = [*ended, *lost]
    survival = Fraction(1)
    for wait, share in survival_curve(ended, lost):
        watched = sum(each >= wait for each in at_risk)
        survival *= Fraction(watched - ended.count(wait), watched)
        assert share == survival


def test_the_absence_factor_is_the_fewest_who_make_half():
    assert absence_factor([]) == 0
    assert absence_factor([10]) == 1
    assert absence_factor([1, 1, 1, 1]) == 2
    assert absence_factor([1, 1, 1, 1, 1]) == 3
    assert absence_factor([1000, 202, 90, 33, 332]) == 1


def test_inequality_is_none_where_all_give_the_same():
    assert inequality([]) is None
    assert inequality([3, 3, 3]) == 0
    assert inequality([0, 3, 3]) == 0
    assert inequality([1, 3]) == Fraction(1, 4)


@given(st.lists(st.integers(1, 100), min_size=1, max_size=12))
def test_inequality_is_half_the_mean_difference_over_the_mean(counts):
    people, whole = len(counts), sum(counts)
    differences = sum(abs(one - other) for one in counts for other in counts)

    assert inequality(counts) == Fraction(differences, 2 * people * whole)


def test_growth_is_what_doubles_in_a_week():
    doubling = [(week, logarithm(2**week - 1)) for week in range(1, 9)]

    assert round(weekly_growth_percent(doubling) or Decimal(0), 20) == 100
    assert weekly_growth_percent(doubling[:2]) is None
    assert weekly_growth_percent([(week, logarithm(7)) for week in range(8)]) == 0


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "0"),
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(2, 3), 6, "0.666667"),
        (Fraction(10), 3, "10"),
        (Fraction(-7, 2), 1, "-3.5"),
    ],
)
def test_rounding_is_half_up_from_exact_values(value, places, expected):
    assert rounding.number(value, places) == expected
