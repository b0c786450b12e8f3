from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy.stats import norm, t
from statsmodels.api import OLS
from statsmodels.stats.proportion import proportion_confint

from sg_assets.errors import SgAssetsError
from sg_assets.statistics.rates import Method, estimate
from sg_assets_tests.statistics.samples import clustered_flags, items

pytestmark = pytest.mark.slow

CLUSTERED_ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), min_size=2, max_size=40)


def only_row(rows: pl.DataFrame, level: float = 0.95) -> dict[str, Any]:
    return estimate(rows, level).row(0, named=True)


def regression(rows: pl.DataFrame) -> Any:
    """Statsmodels' answer: regression on a constant with cluster-robust covariance."""
    groups = rows["cluster_id"].rank("dense").to_numpy()
    values = rows["value"].to_numpy()
    return OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)


def wilson_oracle(value: float, size: float, clusters: int, level: float = 0.95) -> tuple[float, float]:
    """Statsmodels' Wilson interval, at the normal level whose quantile is our t quantile."""
    alpha = 2 * norm.sf(t.ppf((1 + level) / 2, clusters - 1))
    low, high = proportion_confint(value * size, size, alpha, method="wilson")
    return float(low), float(high)


@pytest.mark.parametrize("seed", range(4))
def test_standard_error_is_that_of_cluster_robust_regression(seed: int) -> None:
    rows = clustered_flags(seed)
    assert only_row(rows)["se"] == pytest.approx(regression(rows).bse[0], rel=1e-9)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_mean_interval_is_that_of_cluster_robust_regression(level: float) -> None:
    flags = clustered_flags(7)
    rows = flags.with_columns(value=pl.Series(np.random.default_rng(7).normal(size=flags.height)) + flags["value"])
    row, oracle = only_row(rows, level), regression(rows)
    assert row["method"] == Method.MEAN
    assert (row["low"], row["high"]) == pytest.approx(tuple(oracle.conf_int(1 - level)[0]), rel=1e-9)


def test_independent_items_give_the_plain_wilson_interval() -> None:
    rows = items([1] * 7 + [0] * 53, [f"t{index}" for index in range(60)])
    row = only_row(rows)
    assert (row["low"], row["high"]) == pytest.approx(wilson_oracle(7 / 60, 60, 60), rel=1e-9)


def test_clustered_items_give_wilson_at_the_effective_sample_size() -> None:
    rows = clustered_flags(3)
    row, variance = only_row(rows), regression(rows).bse[0] ** 2
    independent = row["value"] * (1 - row["value"]) / (row["n"] - 1)
    assert variance > 1.2 * independent  # else this test would not see the design effect
    expected = wilson_oracle(row["value"], row["n"] * independent / variance, row["clusters"])
    assert (row["low"], row["high"]) == pytest.approx(expected, rel=1e-9)


def test_design_effect_is_not_taken_below_one() -> None:
    balanced = items([0, 1] * 20, [f"t{index // 2}" for index in range(40)])  # clusters all alike: clustered variance 0
    row = only_row(balanced)
    assert (row["low"], row["high"]) == pytest.approx(wilson_oracle(0.5, 40, 20), rel=1e-9)


@pytest.mark.parametrize("value", [0, 1])
def test_rate_without_variance_counts_each_cluster_once_and_says_so(value: int) -> None:
    row = only_row(items([value] * 50, [f"t{index // 5}" for index in range(50)]))
    assert row["method"] == "Wilson at n = clusters (all values equal)"
    assert (row["low"], row["high"]) == pytest.approx(wilson_oracle(value, 10, 10), rel=1e-9)
    assert row["se"] is None


def test_single_cluster_has_a_value_and_no_interval() -> None:
    row = only_row(items([0, 1, 1, 1], ["t1"] * 4))
    assert row["value"] == 0.75
    assert (row["se"], row["low"], row["high"]) == (None, None, None)
    assert row["method"] == "no interval: too few clusters"


def test_constant_mean_has_no_interval() -> None:
    row = only_row(items([0.3, 0.3, 0.3], ["t1", "t2", "t3"]))
    assert (row["low"], row["high"], row["method"]) == (None, None, Method.CONSTANT)


def test_groups_are_estimated_apart_and_come_sorted() -> None:
    safe = clustered_flags(1).with_columns(slice=pl.lit("safe"))
    unsafe = clustered_flags(2, rate=0.6)
    rejection = clustered_flags(3, rate=0.9).with_columns(metric=pl.lit("rejection_rate"))
    together = estimate(pl.concat([unsafe, rejection, safe]))
    apart = pl.concat([estimate(rejection), estimate(safe), estimate(unsafe)])
    assert_frame_equal(together, apart, check_exact=True)


def test_empty_items_give_an_empty_table_with_the_same_columns() -> None:
    rows = clustered_flags(1)
    assert estimate(rows.clear()).schema == estimate(rows).schema
    assert estimate(rows.clear()).is_empty()


def test_boolean_flags_count_as_zero_and_one() -> None:
    rows = clustered_flags(1)
    assert_frame_equal(estimate(rows.with_columns(pl.col("value") == 1)), estimate(rows))


@pytest.mark.parametrize("level", [0, 1, 95])
def test_level_that_is_no_share_raises(level: float) -> None:
    with pytest.raises(SgAssetsError, match=r"Write 95 % as 0\.95"):
        estimate(clustered_flags(1), level)


@settings(max_examples=20, deadline=None)
@given(CLUSTERED_ROWS)
def test_interval_holds_the_value_and_stays_a_rate(drawn: list[tuple[str, bool]]) -> None:
    row = only_row(items([value for _, value in drawn], [cluster for cluster, _ in drawn]))
    assume(row["clusters"] > 1)
    assert 0 <= row["low"] <= row["value"] <= row["high"] <= 1
    assert row["low"] < row["high"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(-5, 5)), min_size=2, max_size=40), st.randoms())
def test_order_of_rows_changes_not_one_bit(drawn: list[tuple[str, float]], random: Random) -> None:
    rows = items([value for _, value in drawn], [cluster for cluster, _ in drawn])
    order = list(range(rows.height))
    random.shuffle(order)
    assert_frame_equal(estimate(rows[order]), estimate(rows), check_exact=True)


@settings(max_examples=20, deadline=None)
@given(CLUSTERED_ROWS, st.permutations("abcdef"))
def test_names_of_clusters_change_nothing(drawn: list[tuple[str, bool]], names: list[str]) -> None:
    renamed = dict(zip("abcdef", names, strict=True))
    values = [value for _, value in drawn]
    as_drawn = estimate(items(values, [cluster for cluster, _ in drawn]))
    as_renamed = estimate(items(values, [renamed[cluster] for cluster, _ in drawn]))
    assert_frame_equal(as_drawn, as_renamed, rel_tol=1e-12)


@settings(max_examples=20, deadline=None)
@given(CLUSTERED_ROWS)
def test_repeating_every_item_within_its_cluster_adds_no_information(drawn: list[tuple[str, bool]]) -> None:
    once = items([value for _, value in drawn], [cluster for cluster, _ in drawn])
    twice = pl.concat([once, once.with_columns(item_id="again-" + pl.col("item_id"))])
    before, after = only_row(once), only_row(twice)
    assume(before["clusters"] > 1)
    if before["method"] == Method.WILSON:
        assert after["se"] == pytest.approx(before["se"], rel=1e-9, abs=1e-12)
        independent = before["value"] * (1 - before["value"]) / (before["n"] - 1)
        assume(before["se"] ** 2 >= independent)  # where the floor of 1 holds, repeating does look like information
    # The effective size moves by (2n - 2) / (2n - 1) only.
    assert after["low"] == pytest.approx(before["low"], abs=0.6 / before["n"])
    assert after["high"] == pytest.approx(before["high"], abs=0.6 / before["n"])


def simulated(studies: int, rate: float) -> pl.DataFrame:
    """Many studies of one clustered population, distinguished by their slice."""
    return pl.concat(
        clustered_flags(seed, rate=rate).with_columns(slice=pl.lit(f"study {seed:03d}")) for seed in range(studies)
    )


@pytest.mark.parametrize(("rate", "least"), [(0.02, 0.92), (0.05, 0.89), (0.1, 0.92), (0.3, 0.92)])
def test_interval_covers_the_truth_about_as_often_as_it_says(rate: float, least: float) -> None:
    """At 5 % only some four of the 40 clusters hold an event: too few to see a design effect by (see ``estimate``)."""
    estimates = estimate(simulated(400, rate))
    covered = estimates.select(((pl.col("low") <= rate) & (rate <= pl.col("high"))).mean()).item()
    assert least <= covered <= 0.985


def test_ignoring_clusters_covers_too_seldom() -> None:
    """Guards the test above: on these studies, intervals that ignore clusters fail."""
    alone = simulated(400, 0.3).with_columns(cluster_id="item_id")
    covered = estimate(alone).select(((pl.col("low") <= 0.3) & (pl.col("high") >= 0.3)).mean()).item()
    assert covered < 0.85
