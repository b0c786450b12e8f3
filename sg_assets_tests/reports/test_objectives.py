import polars as pl
import pytest

from sg_assets.reports.objectives import Bound, Found, Outcome, Scored, findings, judged
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
            "item_id": [f"i{place}" for place in range(len(values))],
            "cluster_id": [f"t{place // 2}" for place in range(len(values))],
            "value": values,
        }
    )
    return Scored(estimate(items), items)


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [(0.01, 0.04, "met"), (0.06, 0.09, "not met"), (0.04, 0.06, "not enough data"), (0.02, 0.05, "met")],
)
def test_the_whole_interval_decides_about_a_ceiling(low: float, high: float, outcome: Outcome) -> None:
    assert judged(bound(at_most=0.05), Found((low + high) / 2, low, high, 100, "x")) == outcome


@pytest.mark.parametrize(
    ("low", "high", "outcome"), [(-4.0, -1.0, "met"), (-9.0, -6.0, "not met"), (-6.0, -4.0, "not enough data")]
)
def test_the_whole_interval_decides_about_a_floor(low: float, high: float, outcome: Outcome) -> None:
    assert judged(bound(at_least=-5), Found((low + high) / 2, low, high, 100, "x")) == outcome


def test_a_number_without_an_interval_decides_nothing() -> None:
    assert judged(bound(at_most=0.05), Found(0.0, None, None, 1, "no interval: too few clusters")) == "not enough data"


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


def test_scores_without_items_are_compared_unpaired_and_wider() -> None:
    def mean(value: float) -> Scored:
        estimates = scored([0.0, 1.0] * 20).estimates.with_columns(
            metric=pl.lit("normalised"), slice=pl.lit("mean"), value=pl.lit(value), low=value - 3.0, high=value + 4.0
        )
        return Scored(estimates, scored([0.0] * 4).items)

    floor = bound(metric="normalised", slice="mean", against_base=True, at_least=-5.0, unit="score")
    [row] = findings([floor], {"b": mean(30.0)}, {"b": mean(40.0)})
    assert (row["value"], row["low"], row["high"]) == (-10.0, -15.0, -5.0)
    assert row["outcome"] == "not enough data"
    assert row["finding"] == "not enough data: -10.0 (-15.0 to -5.0, n 40); at least -5.0 wanted"
