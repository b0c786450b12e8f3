"""Means are fractions."""

from fractions import Fraction

import polars as pl

from sg_assets.lineage.scores.exact_mean import counted_mean, exact_mean


def test_a_mean_is_exact() -> None:
    assert exact_mean(pl.Series([0.0, 1.0, 1.0])) == Fraction(2, 3)


def test_the_mean_of_no_values_is_zero() -> None:
    assert exact_mean(pl.Series([], dtype=pl.Float64)) == 0


def test_values_count_as_often_as_they_occur_and_none_is_no_value() -> None:
    assert counted_mean([(Fraction(1), 2), (None, 5), (Fraction(0), 1)]) == (Fraction(2, 3), 3)
