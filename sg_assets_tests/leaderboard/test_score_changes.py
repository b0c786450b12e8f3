import math
from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.normalisation import TASK_NAMES
from sg_assets.leaderboard.paired_items import paired_arms
from sg_assets.leaderboard.score_changes import Side, changes, paired_changes


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


def items(**values: list[float]) -> pl.DataFrame:
    frames = [
        pl.DataFrame({"value": some}).with_columns(
            metric=pl.lit("raw"), slice=pl.lit(name), item_id=pl.format(f"{name}:{{}}", pl.int_range(pl.len())),
            cluster_id=pl.format(f"{name}:{{}}", pl.int_range(pl.len())),
        )
        for name, some in values.items()
    ]  # fmt: skip
    return pl.concat(frames)


def half(right: int) -> list[float]:
    return [1.0] * right + [0.0] * (20 - right)


def test_the_change_of_a_mean_of_subtasks_takes_its_interval_from_theirs() -> None:
    scaled = {"musr": {"lower": {"musr_a": 0.5, "musr_b": 0.2}, "by_subtask": True}}
    before, after = items(musr_a=half(15), musr_b=half(10)), items(musr_a=half(12), musr_b=half(14))
    found = paired_arms(before, after, scaled)["musr"]
    alone = paired_arms(before, after, {name: {"lower": {name: low}, "by_subtask": False}
                                        for name, low in (("musr_a", 0.5), ("musr_b", 0.2))})  # fmt: skip
    assert found[0] == pytest.approx(math.hypot(alone["musr_a"][0], alone["musr_b"][0]) / 2)


def test_pooled_subtasks_are_compared_as_one() -> None:
    scaled = {"gpqa": {"lower": {"gpqa_main": 0.25, "gpqa_diamond": 0.25}, "by_subtask": False}}
    below, above = paired_arms(items(gpqa=half(15)), items(gpqa=half(12)), scaled)["gpqa"]
    assert below == pytest.approx(above)
    assert below == pytest.approx(100 / 0.75 * 2.09302 * (3 * 0.85 / 19 / 20) ** 0.5, rel=1e-4)


def test_a_task_with_a_part_that_one_side_lacks_has_no_interval() -> None:
    scaled = {"musr": {"lower": {"musr_a": 0.5, "musr_b": 0.2}, "by_subtask": True}}
    assert paired_arms(items(musr_a=half(15)), items(musr_a=half(12), musr_b=half(3)), scaled) == {}


def test_a_graded_task_of_which_no_item_moved_has_the_bound_of_a_rate() -> None:
    graded = [0.5, 0.25] * 10
    scaled = {"ifeval": {"lower": {"ifeval": 0.0}, "by_subtask": False}}
    below, above = paired_arms(items(ifeval=graded), items(ifeval=graded), scaled)["ifeval"]
    assert below == above == pytest.approx(100 * 2.09302**2 / (20 + 2.09302**2), rel=1e-4)


def test_the_mean_has_an_interval_where_all_six_tasks_have_one() -> None:
    names = [str(name) for name in TASK_NAMES]
    before = items(**dict.fromkeys(TASK_NAMES, half(15)))
    after = items(**dict.fromkeys(TASK_NAMES, half(12)))
    scaled = {name: {"lower": {name: 0.0}, "by_subtask": False} for name in names}
    arms = paired_arms(before, after, scaled)
    assert arms["mean"][0] == pytest.approx(arms["bbh"][0] / 6**0.5)
    scores_before, scores_after = (scores(20, **dict.fromkeys((*TASK_NAMES, "mean"), value)) for value in (75.0, 60.0))
    found = paired_changes(Side(scores_before, before, scaled), Side(scores_after, after, scaled))[-1]
    assert found.slice == "mean"
    assert found.low == pytest.approx(-15.0 - arms["mean"][0])
