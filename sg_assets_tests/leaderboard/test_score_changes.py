from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.normalisation import TASK_NAMES
from sg_assets.leaderboard.paired_items import paired_arms
from sg_assets.leaderboard.score_changes import VariantScores, paired_changes, score_changes
from sg_assets_tests.leaderboard.samples import half, raw_items


def scores(n: int = 10, **values: float) -> pl.DataFrame:
    return pl.DataFrame(
        [{"metric": metric, "slice": name, "value": score / scale, "n": n} for name, score in values.items()
         for metric, scale in (("normalised", 1), ("raw", 100))]
    )  # fmt: skip


def test_a_change_is_relative_to_the_base() -> None:
    (change,) = score_changes(scores(bbh=20.0), scores(bbh=15.0))
    assert (change.difference, change.relative, str(change)) == (-5.0, -0.25, "-25.0%")


def test_where_the_base_has_0_the_difference_is_in_points() -> None:
    (change,) = score_changes(scores(gpqa=0.0), scores(gpqa=3.25))
    assert (change.difference, change.relative, str(change)) == (3.25, None, "+3.2 points")


def test_changes_come_in_the_order_of_the_leaderboard_with_the_mean_last() -> None:
    every: dict[str, Any] = dict.fromkeys(reversed(("mean", *TASK_NAMES)), 10.0)
    assert [change.slice for change in score_changes(scores(**every), scores(**every))] == [*TASK_NAMES, "mean"]


def test_subtasks_are_left_out_and_so_is_what_one_side_lacks() -> None:
    listed = score_changes(scores(bbh=1.0, bbh_snarks=2.0, musr=3.0), scores(bbh=1.0, bbh_snarks=2.0))
    assert [change.slice for change in listed] == ["bbh"]


def test_scores_of_different_items_do_not_compare() -> None:
    with pytest.raises(SgAssetsError, match="'bbh' has 10 items for the base and 12"):
        score_changes(scores(10, bbh=20.0), scores(12, bbh=20.0))


def test_a_side_without_scores_is_named() -> None:
    with pytest.raises(SgAssetsError, match="the variant has no normalised score"):
        score_changes(scores(bbh=1.0), scores(bbh=1.0).filter(pl.col("metric") == "raw"))


def test_the_mean_has_an_interval_where_all_six_tasks_have_one() -> None:
    names = [str(name) for name in TASK_NAMES]
    before = raw_items(**dict.fromkeys(TASK_NAMES, half(15)))
    after = raw_items(**dict.fromkeys(TASK_NAMES, half(12)))
    scaled = {name: {"lower": {name: 0.0}, "by_subtask": False} for name in names}
    arms = paired_arms(before, after, scaled)
    assert arms["mean"][0] == pytest.approx(arms["bbh"][0] / 6**0.5)
    scores_before, scores_after = (scores(20, **dict.fromkeys((*TASK_NAMES, "mean"), value)) for value in (75.0, 60.0))
    mean_change = paired_changes(
        VariantScores(scores_before, before, scaled), VariantScores(scores_after, after, scaled)
    )[-1]
    assert mean_change.slice == "mean"
    assert mean_change.low == pytest.approx(-15.0 - arms["mean"][0])
