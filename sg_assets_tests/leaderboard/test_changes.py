from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.changes import changes
from sg_assets.leaderboard.normalise import TASK_NAMES


def scores(n: int = 10, **values: float) -> pl.DataFrame:
    return pl.DataFrame(
        [{"metric": metric, "slice": name, "value": one / scale, "n": n} for name, one in values.items()
         for metric, scale in (("normalised", 1), ("raw", 100))]
    )  # fmt: skip


def test_a_change_is_relative_to_the_base() -> None:
    (found,) = changes(scores(bbh=20.0), scores(bbh=15.0))
    assert (found.difference, found.relative, str(found)) == (-5.0, -0.25, "-25.0%")


def test_where_the_base_has_0_the_difference_is_in_points() -> None:
    (found,) = changes(scores(gpqa=0.0), scores(gpqa=3.25))
    assert (found.difference, found.relative, str(found)) == (3.25, None, "+3.2 points")


def test_changes_come_in_the_order_of_the_leaderboard_with_the_mean_last() -> None:
    every: dict[str, Any] = dict.fromkeys(reversed(("mean", *TASK_NAMES)), 10.0)
    assert [one.slice for one in changes(scores(**every), scores(**every))] == [*TASK_NAMES, "mean"]


def test_subtasks_are_left_out_and_so_is_what_one_side_lacks() -> None:
    found = changes(scores(bbh=1.0, bbh_snarks=2.0, musr=3.0), scores(bbh=1.0, bbh_snarks=2.0))
    assert [one.slice for one in found] == ["bbh"]


def test_scores_of_different_items_do_not_compare() -> None:
    with pytest.raises(SgAssetsError, match="'bbh' is of 10 items for the base and of 12"):
        changes(scores(10, bbh=20.0), scores(12, bbh=20.0))


def test_a_side_without_scores_is_named() -> None:
    with pytest.raises(SgAssetsError, match="the variant has no normalised score"):
        changes(scores(bbh=1.0), scores(bbh=1.0).filter(pl.col("metric") == "raw"))
