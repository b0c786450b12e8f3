"""Means as fractions, so that what adds up on paper adds up to the last digit."""

from collections.abc import Iterable
from fractions import Fraction

import polars as pl


def exact_mean(values: pl.Series) -> Fraction:
    """The mean of the values of a column; 0 of none."""
    return counted_mean((Fraction(value), count) for value, count in values.value_counts().rows())[0]


def counted_mean(counted: Iterable[tuple[Fraction | None, int]]) -> tuple[Fraction, int]:
    """The mean of values with their counts, and how many values that are; None is no value, and 0 the mean of none."""
    present = [(value, count) for value, count in counted if value is not None]
    n = sum(count for _, count in present)
    total = sum((value * count for value, count in present), start=Fraction(0))
    return (total / n if n else Fraction(0)), n
