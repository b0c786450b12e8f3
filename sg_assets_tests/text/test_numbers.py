"""How values of metrics, times and long values are written."""

from fractions import Fraction

import pytest

from sg_assets.text.numbers import (
    counted,
    difference_interval,
    difference_unit,
    duration,
    metric_difference,
    metric_interval,
    metric_value,
    rounded_parts,
    shortened,
)


def test_a_rate_is_written_in_percent_and_its_differences_in_points() -> None:
    assert metric_value("x_rate", Fraction(42, 100)) == "42.00 %"
    assert metric_interval("x_rate", 0.1, 0.2) == "10.00 % to 20.00 %"
    assert metric_difference("x_rate", -0.02) == "-2.00 points"
    assert difference_interval("x_rate", 0.012, 0.028) + difference_unit("x_rate") == "+1.20 to +2.80 points"


def test_another_metric_is_written_as_a_number() -> None:
    assert metric_value("similarity", 0.93127) == "0.9313"
    assert metric_difference("similarity", 0.01234) == "+0.0123"
    assert difference_unit("similarity") == ""


def test_a_missing_interval_is_none() -> None:
    assert metric_interval("x_rate", None, 0.2) == difference_interval("x_rate", 0.1, None) == "none"


def test_rounded_parts_add_up_to_the_rounded_total() -> None:
    thirds = [Fraction(1, 3)] * 3
    assert rounded_parts("similarity", thirds, Fraction(1)) == ["+0.3334", "+0.3333", "+0.3333"]


@pytest.mark.parametrize(("seconds", "text"), [(1.25, "1.2 s"), (119.6, "120 s"), (120.0, "2 min"), (3600.0, "60 min")])
def test_a_time_is_written_in_the_unit_that_suits_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_long_value_is_cut_and_none_is_named() -> None:
    assert shortened("ab\n  cd", 5) == "ab cd"
    assert shortened("abcdef", 4) == "abc…"
    assert shortened(None, 40) == "none"


def test_a_count_has_its_noun() -> None:
    assert (counted(1, "cause"), counted(0, "cause"), counted(3, "cause")) == ("1 cause", "0 causes", "3 causes")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (9.94, "9.9 s"), (10, "10 s"), (119.4, "119 s"), (120, "2 min"), (3600, "60 min")],
)
def test_a_duration_has_the_unit_that_suits_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text
