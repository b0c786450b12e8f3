"""Means of clustered items, their variance, and intervals at an effective size."""

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.statistics.clusters import check_level, clustered_means, t_quantiles, wilson


def items(*values: tuple[str, float]) -> pl.DataFrame:
    frame = pl.DataFrame(values, schema={"cluster_id": pl.String, "value": pl.Float64}, orient="row")
    return frame.with_columns(
        metric=pl.lit("rate"), slice=pl.lit("all"), item_id=pl.int_range(pl.len()).cast(pl.String)
    )


def test_the_variance_is_that_of_the_sums_of_residuals() -> None:
    row = clustered_means(items(("a", 1), ("a", 1), ("b", 0), ("b", 1))).row(0, named=True)
    # The mean is 3/4, the residuals' sums are 1/2 and -1/2: 2 / 1 * (1/4 + 1/4) / 16.
    assert (row["value"], row["n"], row["clusters"], row["variance"]) == (0.75, 4, 2, 0.0625)


def test_one_cluster_has_no_variance() -> None:
    assert clustered_means(items(("a", 1), ("a", 0)))["variance"].to_list() == [None]


def test_a_rate_has_only_zeros_and_ones() -> None:
    assert clustered_means(items(("a", 1), ("b", 0)))["binary"].item()
    assert not clustered_means(items(("a", 1), ("b", 0.5)))["binary"].item()


def test_quantiles_are_those_of_students_t() -> None:
    quantiles = t_quantiles(pl.Series([1, 2, 11]), 0.95).to_list()
    assert quantiles[0] is None
    assert quantiles[1:] == pytest.approx([12.706, 2.228], abs=1e-3)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(SgAssetsError, match=r"Write 95 % as 0\.95"):
        check_level(level)


def test_the_interval_of_a_rate_is_wilsons() -> None:
    frame = pl.DataFrame({"value": [0.5, 0.0], "n": [100, 10], "q": [1.96, None]})
    low, high = wilson(pl.col("value"), pl.col("n"), pl.col("q"))
    row, without = frame.select(low=low, high=high).rows()
    assert row == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert without == (None, None)
