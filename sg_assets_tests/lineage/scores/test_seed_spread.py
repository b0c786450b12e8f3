"""How far trainings of a variant lie apart."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sg_assets.lineage.scores.seed_spread import SeedSpread, spreads
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import recipe, step

AGAIN = {"sft": ("sft_seed_1", "sft_seed_2")}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, "tiny")


def scored(store: Store, variant: str, value: float) -> Manifest:
    def written(space: Workspace) -> None:
        space.write_table(pl.DataFrame({"metric": ["rate"], "slice": ["safe"], "value": [value]}))

    return step(
        store, f"scores/b[{variant}]", written, made_by=recipe(key=("metric", "slice")), run_id=variant
    ).manifest


def test_the_spread_is_that_between_all_trainings(store: Store) -> None:
    first = scored(store, "sft", 0.1)
    for index in (1, 2):
        scored(store, f"sft_seed_{index}", 0.1 + 0.1 * index)
    [(group, estimated)] = spreads(store, first, AGAIN).items()
    assert (group, estimated.runs) == (("rate", "safe"), 3)
    assert estimated.deviation == pytest.approx(0.1)


def test_a_training_that_is_not_scored_yet_leaves_the_spread_unknown(store: Store) -> None:
    first = scored(store, "sft", 0.1)
    scored(store, "sft_seed_1", 0.2)
    assert spreads(store, first, AGAIN) == {}


def test_a_variant_trained_once_has_none(store: Store) -> None:
    assert spreads(store, scored(store, "kto", 0.1), AGAIN) == {}


def test_two_trainings_lie_apart_by_more_than_their_arm_as_often_as_the_level_says() -> None:
    """4,000 programmes: a spread seen on three trainings, two more trainings compared."""
    draws = np.random.default_rng(5).normal(0, 0.02, (4000, 5))
    beyond = [abs(draw[3] - draw[4]) > SeedSpread(float(draw[:3].std(ddof=1)), 3).arm(0.95) for draw in draws]
    assert 0.035 <= np.mean(beyond) <= 0.065
