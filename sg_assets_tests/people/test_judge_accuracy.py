"""A judge's accuracy over all answers, from a weighted sample."""

import polars as pl
import pytest

from sg_assets.people.judge_accuracy import accuracy


def rows(*cells: tuple[str, bool, bool, float, int]) -> pl.DataFrame:
    """Labelled answers: stratum, truth, flagged, weight, how many; a text each."""
    listed = [
        (f"{cell}.{number}", stratum, truth, flagged, weight)
        for cell, (stratum, truth, flagged, weight, count) in enumerate(cells)
        for number in range(count)
    ]
    names = ["item_id", "stratum", "truth", "flagged", "weight"]
    frame = pl.DataFrame(listed, schema=names, orient="row")
    fixed = {"benchmark": pl.lit("b"), "variant": pl.lit("v"), "answer": pl.lit("a"), "sample": pl.lit("s")}
    return frame.with_columns(**fixed, cluster_id=pl.col("item_id"))


def test_each_answer_counts_by_one_over_its_probability() -> None:
    result = accuracy(rows(("up", True, True, 1.0, 9), ("up", False, True, 1.0, 1), ("down", True, False, 9.0, 1),
                          ("down", False, False, 9.0, 9)))  # fmt: skip
    assert result.sensitivity is not None
    assert result.specificity is not None
    assert result.sensitivity.value == pytest.approx(9 / 18)
    assert result.specificity.value == pytest.approx(81 / 82)
    assert result.prevalence == pytest.approx(18 / 100)
    assert (result.labels, result.positives, result.texts) == (20, 10, 20)


def test_misses_that_no_label_shows_are_still_likely_in_a_large_stratum() -> None:
    small = accuracy(rows(("up", True, True, 1.0, 40), ("down", False, False, 1.0, 40))).sensitivity
    large = accuracy(rows(("up", True, True, 1.0, 40), ("down", False, False, 100.0, 40))).sensitivity
    assert small is not None
    assert large is not None
    assert (small.value, large.value) == (1.0, 1.0)
    assert large.low < 0.5 < small.low


def test_a_rate_of_zero_or_one_is_never_certain() -> None:
    result = accuracy(rows(("down", True, False, 1.0, 6), ("down", False, False, 1.0, 30)))
    assert result.sensitivity is not None
    assert (result.sensitivity.value, result.sensitivity.low) == (0.0, 0.0)
    assert result.sensitivity.high > 0.2


def test_answers_of_one_text_count_as_little_as_one() -> None:
    single = rows(("up", True, True, 1.0, 30), ("up", False, True, 1.0, 10), ("down", False, False, 1.0, 30))
    of_few = single.with_columns(cluster_id=pl.col("item_id").str.slice(-1))
    wide, narrow = (accuracy(each).sensitivity for each in (of_few, single))
    assert wide is not None
    assert narrow is not None
    assert wide.value == narrow.value
    assert wide.low < narrow.low - 0.05


def test_the_scale_and_the_order_of_rows_do_not_count() -> None:
    labelled = rows(("up", True, True, 1.0, 9), ("up", False, True, 2.0, 3), ("down", True, False, 9.0, 2))
    assert accuracy(labelled) == accuracy(labelled.reverse())
    doubled = accuracy(labelled.with_columns(pl.col("weight") * 8))
    assert doubled.sensitivity is not None
    assert doubled.sensitivity.value == accuracy(labelled).sensitivity.value  # type: ignore[union-attr]


def test_without_labels_nothing_is_measured() -> None:
    nothing = accuracy(rows(("up", True, True, 1.0, 1)).clear())
    assert (nothing.labels, nothing.sensitivity, nothing.specificity, nothing.prevalence) == (0, None, None, None)


def test_without_an_answer_that_people_say_yes_to_sensitivity_is_not_measured() -> None:
    result = accuracy(rows(("down", False, False, 1.0, 5)))
    assert result.sensitivity is None
    assert result.specificity is not None
