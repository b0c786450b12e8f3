import dataclasses
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import OLS
from statsmodels.stats.proportion import proportion_confint

from sg_assets.errors import SgAssetsError
from sg_assets.statistics.paired import paired_difference, paired_differences
from sg_assets.statistics.rates import estimate
from sg_assets_tests.statistics.samples import clustered_flags, items

pytestmark = pytest.mark.slow

FLAGS = st.lists(st.tuples(st.sampled_from("abcde"), st.booleans(), st.booleans()), min_size=2, max_size=30)


def flipped(rows: pl.DataFrame, share: float, seed: int = 11) -> pl.DataFrame:
    """The same items with a share of the verdicts turned round."""
    turn = pl.Series(np.random.default_rng(seed).random(rows.height) < share)
    return rows.with_columns(value=pl.when(turn).then(1 - pl.col("value")).otherwise("value"))


def test_difference_and_interval_are_those_of_cluster_robust_regression() -> None:
    before = clustered_flags(5)
    after = flipped(before, 0.2)
    paired = paired_difference(before, after)
    difference = (after["value"] - before["value"]).to_numpy()
    groups = before["cluster_id"].rank("dense").to_numpy()
    fit = OLS(difference, np.ones(len(difference))).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    assert paired.difference == pytest.approx(fit.params[0])
    assert paired.se == pytest.approx(fit.bse[0], rel=1e-9)
    assert (paired.low, paired.high) == pytest.approx(tuple(fit.conf_int()[0]), rel=1e-9)


def test_items_on_one_side_only_are_counted_and_not_compared() -> None:
    rows = clustered_flags(5)
    before, after = rows.head(150), flipped(rows, 0.2).slice(20)
    difference = paired_difference(before, after)
    assert (difference.n_shared, difference.only_a, difference.only_b) == (130, 20, rows.height - 150)
    shared = paired_difference(before.slice(20), after.head(130))
    assert (difference.difference, difference.low, difference.high) == (shared.difference, shared.low, shared.high)


def test_pairing_is_narrower_than_two_separate_intervals() -> None:
    before = clustered_flags(5, rate=0.4)
    after = flipped(before, 0.05)
    paired = paired_difference(before, after)
    separate = sum(estimate(side)["se"].item() ** 2 for side in (before, after)) ** 0.5
    assert paired.se is not None
    assert paired.se < 0.6 * separate


def test_a_clear_change_is_more_than_noise_and_a_tiny_one_is_not() -> None:
    rows = clustered_flags(5, rate=0.5)
    safer = rows.with_columns(value=pl.lit(0.0))
    nearly_same = rows.with_columns(
        value=pl.when(pl.col("item_id") == "i00000").then(1 - pl.col("value")).otherwise("value")
    )
    assert paired_difference(rows, safer).is_more_than_noise
    assert not paired_difference(rows, nearly_same).is_more_than_noise


def test_no_moved_verdict_still_leaves_room_for_a_change() -> None:
    rows = clustered_flags(5)
    difference = paired_difference(rows, rows)
    assert difference.difference == 0
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low == -difference.high
    assert 0.05 < difference.high < 0.15  # about 4 / 40 clusters, by Wilson with a t quantile
    assert not difference.is_more_than_noise


def test_every_verdict_moved_is_more_than_noise() -> None:
    clusters = [f"t{index // 2}" for index in range(40)]
    difference = paired_difference(items([0] * 40, clusters), items([1] * 40, clusters))
    assert (difference.difference, difference.se, difference.high) == (1, None, 1)
    assert difference.is_more_than_noise
    # A share u of items might have gone the other way altogether: 1 - 2u.
    share = proportion_confint(0, 20, 2 * 0.0256, method="wilson")[1]
    assert difference.low == pytest.approx(1 - 2 * share, abs=0.05)


def test_no_shared_item_has_no_difference() -> None:
    rows = clustered_flags(5)
    difference = paired_difference(rows.head(10), rows.slice(10))
    assert (difference.difference, difference.low, difference.high, difference.n_shared, difference.clusters) == (
        None,
        None,
        None,
        0,
        0,
    )
    assert (difference.only_a, difference.only_b) == (10, rows.height - 10)


def test_one_cluster_has_a_difference_and_no_interval() -> None:
    difference = paired_difference(items([0, 0], ["t1", "t1"]), items([0, 1], ["t1", "t1"]))
    assert (difference.difference, difference.se, difference.low) == (0.5, None, None)
    assert difference.method == "no interval: too few clusters"


def test_constant_shift_of_a_mean_has_no_interval() -> None:
    clusters = ["t1", "t2", "t3"]
    difference = paired_difference(items([0.5, 0.25, 2], clusters), items([1.5, 1.25, 3], clusters))
    assert (difference.difference, difference.low, difference.method) == (1, None, "no interval: all values equal")


def test_two_metrics_raise() -> None:
    rows = clustered_flags(5)
    with pytest.raises(SgAssetsError, match="rejection_rate/unsafe, toxicity_rate/unsafe"):
        paired_difference(rows, rows.with_columns(metric=pl.lit("rejection_rate")))


def test_item_that_changed_its_cluster_raises() -> None:
    with pytest.raises(SgAssetsError, match="item i00001 is in cluster t2 in a and t9 in b"):
        paired_difference(items([0, 1], ["t1", "t2"]), items([0, 1], ["t1", "t9"]))


def test_bad_items_name_their_side() -> None:
    rows = items([0, 1], ["t1", "t2"])
    with pytest.raises(SgAssetsError, match="items b: cluster_id is missing"):
        paired_difference(rows, rows.with_columns(cluster_id=pl.lit(None, dtype=pl.String)))


def test_difference_cannot_be_changed_afterwards() -> None:
    rows = clustered_flags(5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        paired_difference(rows, rows).low = -1.0  # type: ignore[misc]


@settings(max_examples=20, deadline=None)
@given(FLAGS)
def test_exchanging_the_sides_turns_the_sign(drawn: list[tuple[str, bool, bool]]) -> None:
    clusters = [cluster for cluster, _, _ in drawn]
    a, b = items([before for _, before, _ in drawn], clusters), items([after for _, _, after in drawn], clusters)
    forward, back = paired_difference(a, b), paired_difference(b, a)
    assert forward.difference is not None
    assert back.difference is not None
    assert forward.difference == pytest.approx(-back.difference)
    if forward.low is not None and forward.high is not None and back.low is not None and back.high is not None:
        assert (forward.low, forward.high) == pytest.approx((-back.high, -back.low))
        assert -1 <= forward.low <= forward.difference <= forward.high <= 1


@settings(max_examples=30, deadline=None)
@given(FLAGS, st.randoms())
def test_order_of_rows_changes_nothing(drawn: list[tuple[str, bool, bool]], random: Random) -> None:
    clusters = [cluster for cluster, _, _ in drawn]
    a, b = items([before for _, before, _ in drawn], clusters), items([after for _, _, after in drawn], clusters)
    order = list(range(len(drawn)))
    random.shuffle(order)
    assert paired_difference(a[order], b) == paired_difference(a, b)


def test_many_metrics_and_slices_at_once_are_each_as_if_alone() -> None:
    rows = pl.concat([clustered_flags(seed).with_columns(slice=pl.lit(f"s{seed}")) for seed in (5, 6)])
    graded = clustered_flags(7).with_columns(metric=pl.lit("length"), value=pl.col("value") * 2.5)
    before = pl.concat([rows, graded])
    after = flipped(before, 0.2).slice(3)
    differences = paired_differences(before, after)
    parts = [
        [side.filter(metric=difference.metric, slice=difference.slice) for side in (before, after)]
        for difference in differences
    ]
    alone = [paired_difference(part[0], part[1]) for part in parts]
    assert [(difference.metric, difference.slice) for difference in differences] == [
        ("length", "unsafe"), ("toxicity_rate", "s5"), ("toxicity_rate", "s6"),
    ]  # fmt: skip
    assert differences == alone


def test_a_slice_of_one_side_shares_no_item() -> None:
    rows = clustered_flags(5)
    other = rows.with_columns(slice=pl.lit("other"))
    only_b, both = paired_differences(rows, pl.concat([rows, other]))
    assert (only_b.slice, only_b.n_shared, only_b.only_b, only_b.difference) == ("other", 0, rows.height, None)
    assert both.n_shared == rows.height
