from dataclasses import replace

import polars as pl
import pytest

from sg_assets.leaderboard.paired_items import PAIRED
from sg_assets.reports.objective_tests import Bound, BoundedNumber, Outcome, Scored, findings, judged
from sg_assets.statistics.rates import estimate


def bound(**given: object) -> Bound:
    usual = {
        "objective": "safe", "kind": "secondary", "benchmark": "b", "metric": "rejection_rate", "slice": "safe",
        "against_base": False, "at_most": None, "at_least": None, "blocks_release": False, "unit": "share",
    }  # fmt: skip
    return Bound(**{**usual, **given})  # type: ignore[arg-type]


def scored(values: list[float]) -> Scored:
    items = pl.DataFrame(
        {
            "metric": "rejection_rate",
            "slice": "safe",
            "item_id": [f"i{index}" for index in range(len(values))],
            "cluster_id": [f"t{index // 2}" for index in range(len(values))],
            "value": values,
        }
    )
    return Scored(estimate(items), items)


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [(0.01, 0.04, "met"), (0.06, 0.09, "not met"), (0.04, 0.06, "not enough data"), (0.02, 0.05, "met")],
)
def test_the_whole_interval_decides_about_a_ceiling(low: float, high: float, outcome: Outcome) -> None:
    assert judged(bound(at_most=0.05), BoundedNumber((low + high) / 2, low, high, 100, "x")) == outcome


@pytest.mark.parametrize(
    ("low", "high", "outcome"), [(-4.0, -1.0, "met"), (-9.0, -6.0, "not met"), (-6.0, -4.0, "not enough data")]
)
def test_the_whole_interval_decides_about_a_floor(low: float, high: float, outcome: Outcome) -> None:
    assert judged(bound(at_least=-5), BoundedNumber((low + high) / 2, low, high, 100, "x")) == outcome


def test_a_number_without_an_interval_decides_nothing() -> None:
    assert (
        judged(bound(at_most=0.05), BoundedNumber(0.0, None, None, 1, "no interval: too few clusters"))
        == "not enough data"
    )


def test_a_difference_is_paired_and_tells_its_numbers() -> None:
    lower = bound(against_base=True, at_most=-0.25)
    [row] = findings([lower], {"b": scored([0.0] * 40)}, {"b": scored([1.0] * 30 + [0.0] * 10)})
    assert row["outcome"] == "met"
    assert str(row["finding"]).startswith("met: -75.0 points (-")
    assert str(row["finding"]).endswith(", n 40); at most -25.0 points wanted")


def test_base_is_not_compared_with_itself() -> None:
    rows = findings([bound(against_base=True, at_most=-0.25), bound(at_most=0.05)], {"b": scored([0.0] * 40)}, None)
    assert len(rows) == 1
    assert str(rows[0]["finding"]).startswith("not enough data: 0.0 % (0.0 % to ")


def test_a_score_that_is_missing_is_said_to_be() -> None:
    [row] = findings([bound(metric="toxicity_rate", at_most=0.05)], {"b": scored([0.0] * 40)}, None)
    assert row["finding"] == "not enough data: not scored; at most 5.0 % wanted"
    assert row["n"] == 0


def skilled(right: int) -> Scored:
    """A leaderboard of one task, 16 items of two choices, so many of them right."""
    items = pl.DataFrame(
        {"item_id": [f"i{n}" for n in range(16)], "cluster_id": [f"i{n}" for n in range(16)],
         "value": [1.0] * right + [0.0] * (16 - right)}
    ).with_columns(metric=pl.lit("raw"), slice=pl.lit("musr"))  # fmt: skip
    scales = {"musr": {"lower": {"musr": 0.5}, "by_subtask": True}}
    row = {"metric": "normalised", "slice": "musr", "value": 100 * (right / 16 - 0.5) / 0.5, "n": 16, "method": "x"}
    return Scored(pl.DataFrame([row | {"low": 0.0, "high": 100.0}]), items, scales)


def test_a_leaderboard_score_is_compared_by_item_on_its_own_scale() -> None:
    floor = bound(metric="normalised", slice="musr", against_base=True, at_least=-5.0, unit="score")
    [row] = findings([floor], {"b": skilled(12)}, {"b": skilled(14)})
    assert row["value"] == pytest.approx(-25.0)  # 2 of 16 items, doubled by the scale
    assert (row["outcome"], row["method"]) == ("not enough data", PAIRED)
    # 2 differences of -1 and 14 of 0: t with 15 degrees of freedom times the standard error, doubled
    spread = (sum((d + 0.125) ** 2 for d in [-1.0] * 2 + [0.0] * 14) / 15 / 16) ** 0.5
    assert row["low"] == pytest.approx(-25.0 - 200 * 2.13145 * spread, abs=1e-3)
    assert row["high"] == pytest.approx(-25.0 + 200 * 2.13145 * spread, abs=1e-3)


def test_a_leaderboard_without_its_scales_is_not_compared() -> None:
    floor = bound(metric="normalised", slice="musr", against_base=True, at_least=-5.0, unit="score")
    bare = replace(skilled(12), scales=None)
    assert findings([floor], {"b": bare}, {"b": skilled(14)})[0]["outcome"] == "not enough data"


def test_an_objective_counts_the_spread_between_trainings() -> None:
    def rejects(share: float) -> Scored:
        return scored([1.0] * round(400 * share) + [0.0] * round(400 * (1 - share)))

    ceiling = bound(at_most=0.08)
    [alone] = findings([ceiling], {"b": rejects(0.03)}, None)
    again = replace(rejects(0.03), runs=(rejects(0.02), rejects(0.07)))
    [several] = findings([ceiling], {"b": again}, None)
    assert (alone["outcome"], several["outcome"]) == ("met", "not enough data")
    assert several["value"] == pytest.approx(0.04)
    assert "3 trainings: 3.0 %, 2.0 %, 7.0 %" in str(several["finding"])
    assert several["low"] == 0.0  # Student's t between three trainings reaches below
