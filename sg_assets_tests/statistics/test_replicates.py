import numpy as np
import pytest

from sg_assets.statistics.replicates import Run, over_runs


def test_the_value_is_the_mean_and_the_spread_that_between_trainings() -> None:
    pooled = over_runs([Run(0.1, 0.0, 0.2), Run(0.2, 0.1, 0.3), Run(0.3, 0.2, 0.4)])
    assert [pooled.value, pooled.spread] == pytest.approx([0.2, 0.1])


def test_arms_join_the_items_and_the_trainings() -> None:
    pooled = over_runs([Run(0.1, 0.0, 0.12), Run(0.2, 0.1, 0.22), Run(0.3, 0.2, 0.32)])
    between = 4.302653 * 0.1 / 3**0.5
    assert pooled.low == pytest.approx(0.2 - (0.1**2 + between**2) ** 0.5)
    assert pooled.high == pytest.approx(0.2 + (0.02**2 + between**2) ** 0.5)


def test_equal_trainings_keep_the_interval_on_the_items() -> None:
    pooled = over_runs([Run(0.1, 0.05, 0.2)] * 3)
    assert [pooled.low, pooled.high] == pytest.approx([0.05, 0.2])


def test_a_training_without_an_interval_leaves_none() -> None:
    pooled = over_runs([Run(0.1, None, None), Run(0.2, 0.1, 0.3)])
    assert (pooled.low, pooled.high) == (None, None)


def test_the_interval_covers_the_mean_of_all_trainings_and_all_items() -> None:
    """1,000 programmes of three trainings on 200 items: items and trainings both vary, and are both covered."""
    draws = np.random.default_rng(7)
    items, trainings = 200, 3
    covered = 0
    for _ in range(1_000):
        of_item = draws.normal(0, 1.0, items)
        of_training = draws.normal(0, 0.05, trainings)
        values = of_item[None, :] + of_training[:, None] + draws.normal(0, 0.3, (trainings, items))
        arms = 1.972 * values.std(axis=1, ddof=1) / items**0.5
        means = values.mean(axis=1)
        runs = [Run(float(m), float(m - a), float(m + a)) for m, a in zip(means, arms, strict=True)]
        pooled = over_runs(runs)
        assert pooled.low is not None
        assert pooled.high is not None
        covered += pooled.low <= 0 <= pooled.high
    assert 945 <= covered <= 1_000
