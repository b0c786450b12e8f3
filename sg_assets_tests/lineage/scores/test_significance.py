"""Verdicts are right about as often as their level says."""

import numpy as np
import polars as pl
import pytest

from sg_assets.lineage.scores.seed_spread import SeedSpread
from sg_assets.lineage.scores.significance import ChangeVerdict, significance
from sg_assets_tests.statistics.samples import items

pytestmark = pytest.mark.slow

PAIRS = 2000


def simulated(rng: np.random.Generator, items_each: int, pairs: int, shift: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs of versions on items clustered by 10; a slice is a pair.

    An item has a rate of its own around its cluster's, and each version draws its value anew: what is left between the
    two is noise, and ``shift`` on top, more of it on some clusters than on others.
    """
    clusters = items_each // 10
    of_cluster = rng.beta(1.5, 3, (pairs, clusters, 1))
    rates = np.clip(of_cluster + rng.normal(0, 0.1, (pairs, clusters, 10)), 0.05, 0.9)
    uneven = shift * rng.uniform(0, 2, (pairs, clusters, 1))
    values = [(rng.random(rates.shape) < rate).astype(float).ravel() for rate in (rates, rates + uneven)]
    item = np.tile(np.arange(items_each), pairs)
    keys = pl.DataFrame({"slice": np.repeat(np.arange(pairs), items_each), "item": item, "cluster": item // 10})
    frame = keys.select(
        metric=pl.lit("toxicity_rate"),
        slice=pl.col("slice").cast(pl.String),
        item_id=pl.col("item").cast(pl.String),
        cluster_id=pl.col("cluster").cast(pl.String),
    )
    return frame.with_columns(value=pl.Series(values[0])), frame.with_columns(value=pl.Series(values[1]))


def share_moved(seed: int, items_each: int, pairs: int, shift: float) -> float:
    sides = simulated(np.random.default_rng(seed), items_each, pairs, shift)
    significances = significance(*sides, trained=False).values()
    assert len(significances) == pairs
    return sum(assessed.verdict is ChangeVerdict.MOVED for assessed in significances) / pairs


@pytest.mark.parametrize("items_each", [200, 600])
def test_of_two_thousand_pairs_without_a_change_one_in_twenty_is_called_moved(items_each: int) -> None:
    assert 0.035 <= share_moved(3, items_each, PAIRS, 0.0) <= 0.065


def test_five_points_on_two_thousand_items_are_found_four_times_in_five() -> None:
    assert share_moved(2, 2000, 300, 0.05) >= 0.8


def changed(n: int, flips: int, clusters: int | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """n items of value 0, the first of which become 1."""
    names = [f"t{index % (clusters or n):04d}" for index in range(n)]
    return items([0.0] * n, names), items([1.0] * flips + [0.0] * (n - flips), names)


def verdict(before: pl.DataFrame, after: pl.DataFrame, *, trained: bool = False) -> ChangeVerdict:
    [assessed] = significance(before, after, trained=trained).values()
    return assessed.verdict


def test_a_clear_change_moved() -> None:
    assert verdict(*changed(200, 60)) is ChangeVerdict.MOVED


def test_after_a_training_it_moved_on_these_items_and_no_more_is_said() -> None:
    assert verdict(*changed(200, 60), trained=True) is ChangeVerdict.MOVED_HERE


def test_a_few_flips_are_within_noise() -> None:
    assert verdict(*changed(200, 2)) is ChangeVerdict.WITHIN_NOISE


def test_a_handful_of_texts_is_too_few_to_tell() -> None:
    assert verdict(*changed(200, 100, clusters=9)) is ChangeVerdict.TOO_FEW


def test_without_a_common_item_there_is_nothing_to_tell_by() -> None:
    before, after = changed(20, 5)
    assert verdict(before, after.with_columns(item_id="new " + pl.col("item_id"))) is ChangeVerdict.INCOMPARABLE


def test_equal_values_on_the_same_items_did_not_move() -> None:
    assert verdict(*changed(200, 0)) is ChangeVerdict.UNCHANGED


def test_equal_values_on_fewer_items_are_not_called_unchanged() -> None:
    before, after = changed(200, 0)
    assert verdict(before, after.head(150)) is ChangeVerdict.WITHIN_NOISE


def test_a_trained_model_is_judged_beside_the_spread_of_its_trainings() -> None:
    sides = changed(1000, 100, 200)
    [(known, _)] = significance(*sides, trained=True).items()
    verdicts = {
        deviation: significance(*sides, trained=True, spreads={known: SeedSpread(deviation, 3)})[known].verdict
        for deviation in (0.0, 0.001, 0.05)
    }
    assert verdicts == {
        0.0: ChangeVerdict.MOVED_BEYOND,
        0.001: ChangeVerdict.MOVED_BEYOND,
        0.05: ChangeVerdict.WITHIN_RUNS,
    }


def test_the_spread_says_nothing_where_no_training_lies_between() -> None:
    sides = changed(1000, 100, 200)
    [(known, _)] = significance(*sides, trained=True).items()
    assert (
        significance(*sides, trained=False, spreads={known: SeedSpread(0.5, 3)})[known].verdict is ChangeVerdict.MOVED
    )
