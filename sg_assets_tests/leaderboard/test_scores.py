import math
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.items import item_rows
from sg_assets.leaderboard.scores import COMBINED, NOT_COMBINED, score_rows
from sg_assets_tests.leaderboard.samples import SIX, sample

IFEVAL, BBH, MATH, GPQA, MUSR, MMLU = SIX


def items(**right: list[int]) -> pl.DataFrame:
    """Items of the tasks whose subtasks are given, by their right (1) and wrong (0) answers."""
    made = []
    for task in SIX:
        subtask_values = {name: right[name] for name in task.lower if name in right}
        if not subtask_values:
            continue
        metric = task.metric
        if metric == "strict":
            samples = {
                name: [sample(i, prompt_level_strict_acc=v, inst_level_strict_acc=[v]) for i, v in enumerate(values)]
                for name, values in subtask_values.items()
            }
            keys = ("prompt_level_strict_acc,none", "inst_level_strict_acc,none")
        else:
            samples = {
                name: [sample(i) | {metric: v} for i, v in enumerate(values)] for name, values in subtask_values.items()
            }
            keys = (f"{metric},none", f"{metric},none")
        reported = {name: dict.fromkeys(keys, sum(values) / len(values)) for name, values in subtask_values.items()}
        made.append(item_rows(task, samples, reported))
    return pl.concat(made)


def everything() -> pl.DataFrame:
    return items(
        ifeval=[1, 1, 0, 0], bbh_two=[1, 1, 1, 0], bbh_four=[1, 0, 1, 0], math_sums=[1, 0, 0, 0], gpqa_one=[1, 0, 1, 0],
        gpqa_two=[1, 1, 1, 0], musr_three=[1, 1, 1, 0], musr_five=[1, 1, 0, 0], mmlu_pro=[1, 1, 1, 0],
    )  # fmt: skip


def row(scores: pl.DataFrame, metric: str, slice_: str) -> dict[str, Any]:
    return scores.filter((pl.col("metric") == metric) & (pl.col("slice") == slice_)).row(0, named=True)


def test_subtasks_are_normalised_before_they_are_averaged() -> None:
    scores = score_rows(items(bbh_two=[1, 1, 1, 0], bbh_four=[0, 0, 0, 1]), [BBH])
    assert row(scores, "normalised", "bbh_two")["value"] == pytest.approx(50)
    assert row(scores, "normalised", "bbh_four")["value"] == 0
    assert row(scores, "normalised", "bbh")["value"] == pytest.approx(25)
    assert row(scores, "raw", "bbh")["value"] == 0.5


def test_a_pooled_task_is_normalised_over_its_items() -> None:
    scores = score_rows(items(gpqa_one=[1, 1], gpqa_two=[1, 0, 0, 0, 0, 0]), [GPQA])
    assert row(scores, "raw", "gpqa")["value"] == 3 / 8
    assert row(scores, "normalised", "gpqa")["value"] == pytest.approx((3 / 8 - 0.25) / 0.75 * 100)


def test_the_mean_of_the_six_by_hand() -> None:
    scores = score_rows(everything(), SIX)
    # 50; (50 + 33.33) / 2; 25; (5/8 - 1/4) / (3/4) = 50; (62.5 + 37.5) / 2; (0.75 - 0.1) / 0.9 = 72.22
    expected = (50 + (50 + 100 / 3) / 2 + 25 + 50 + 50 + 650 / 9) / 6
    assert row(scores, "normalised", "mean")["value"] == pytest.approx(expected)
    assert row(scores, "normalised", "mean")["n"] == 36


def test_there_is_no_mean_of_five() -> None:
    scores = score_rows(everything().filter(pl.col("slice") != "ifeval"), SIX[1:])
    assert "mean" not in scores["slice"]


def test_every_score_is_raw_or_normalised_and_there_once() -> None:
    scores = score_rows(everything(), SIX)
    assert scores.select("metric", "slice").is_unique().all()
    slices = {row["metric"]: set(row["slice"]) for row in scores.group_by("metric").agg("slice").to_dicts()}
    assert slices["normalised"] - slices["raw"] == {"mean"}
    assert slices["raw"] - slices["normalised"] == set()


def test_intervals_are_put_on_the_same_scale() -> None:
    scores = score_rows(items(mmlu_pro=[1, 1, 1, 0]), [MMLU])
    raw, scaled = row(scores, "raw", "mmlu_pro"), row(scores, "normalised", "mmlu_pro")
    assert scaled["low"] == pytest.approx((raw["low"] - 0.1) / 0.9 * 100)
    assert scaled["se"] == pytest.approx(raw["se"] / 0.9 * 100)
    assert scaled["method"] == raw["method"]


def test_the_arms_of_a_mean_come_from_its_parts() -> None:
    scores = score_rows(items(musr_three=[1, 1, 1, 0] * 5, musr_five=[1, 0] * 10), [MUSR])
    parts = [row(scores, "normalised", name) for name in MUSR.lower]
    whole = row(scores, "normalised", "musr")
    assert whole["method"] == COMBINED
    assert whole["value"] - whole["low"] == pytest.approx(math.hypot(*(p["value"] - p["low"] for p in parts)) / 2)
    assert whole["high"] - whole["value"] == pytest.approx(math.hypot(*(p["high"] - p["value"] for p in parts)) / 2)
    assert whole["se"] == pytest.approx(math.hypot(*(p["se"] for p in parts)) / 2)


def test_a_part_with_all_right_has_an_arm_but_no_standard_error() -> None:
    whole = row(score_rows(items(musr_three=[1] * 9, musr_five=[1, 0] * 5), [MUSR]), "normalised", "musr")
    assert whole["se"] is None
    assert whole["low"] < whole["value"] < whole["high"] <= 100


def test_a_part_without_an_interval_leaves_none_to_the_mean() -> None:
    whole = row(score_rows(items(musr_three=[1], musr_five=[1, 0]), [MUSR]), "normalised", "musr")
    assert (whole["low"], whole["high"], whole["method"]) == (None, None, NOT_COMBINED)


def test_a_subtask_without_items_is_refused() -> None:
    with pytest.raises(SgAssetsError, match="missing or unknown: musr_five"):
        score_rows(everything().filter(pl.col("slice") != "musr_five"), [MUSR])


@given(st.lists(st.integers(0, 1), min_size=2, max_size=30), st.lists(st.integers(0, 1), min_size=2, max_size=30))
def test_an_interval_holds_its_score_and_stays_on_the_scale(left: list[int], other: list[int]) -> None:
    scores = score_rows(items(bbh_two=left, bbh_four=other), [BBH]).filter(pl.col("metric") == "normalised")
    for score in scores.to_dicts():
        assert -1e-9 <= score["low"] <= score["value"] + 1e-9
        assert score["value"] - 1e-9 <= score["high"] <= 100 + 1e-9
