import dataclasses

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sg_assets.errors import SgAssetsError
from sg_assets.reports.results import Estimate, MetricColumn, VariantNote, results
from sg_assets.statistics.rates import estimate
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, WILSON, sample, score, scores

TOXICITY, REJECTION_UNSAFE, REJECTION_SAFE = COLUMNS


def test_rows_come_in_declared_order_whatever_the_order_of_scores() -> None:
    backwards = tuple(reversed(VARIANTS))
    rows = results(scores(), backwards, COLUMNS).rows
    assert [row.variant for row in rows] == ["sft_dpo", "sft_kto", "sft_r128", "base"]
    assert results(scores().reverse(), VARIANTS, COLUMNS) == sample()


def test_a_score_becomes_an_estimate_under_its_column() -> None:
    base = sample().rows[0]
    expected = Estimate(0.093, 0.063, 0.123, 500, 125, 0.95, WILSON, "01J0-base")
    assert base.estimates[REJECTION_UNSAFE] == expected


def test_missing_scores_stay_none() -> None:
    kto, dpo = sample().rows[2:]
    assert kto.estimates[REJECTION_SAFE] is None
    assert kto.estimates[TOXICITY] is not None
    assert set(dpo.estimates.values()) == {None}


def test_estimates_keep_a_missing_interval() -> None:
    estimate = sample().rows[2].estimates[REJECTION_UNSAFE]
    assert estimate is not None
    assert (estimate.low, estimate.high, estimate.method) == (None, None, "no interval: too few clusters")


def test_versions_of_a_row_are_named_once() -> None:
    assert [row.versions for row in sample().rows] == [("01J0-base",), ("01J0-sft_r128",), ("01J0-sft_kto",), ()]


def test_levels_are_those_that_occur() -> None:
    other = scores().with_columns(level=pl.when(pl.col("variant") == "base").then(0.9).otherwise("level"))
    assert sample().levels == (0.95,)
    assert results(other, VARIANTS, COLUMNS).levels == (0.9, 0.95)


def test_a_column_of_another_benchmark_takes_only_that_benchmarks_scores() -> None:
    column = MetricColumn("toxigen", "toxicity_rate", "unsafe", "Toxicity, TOXIGEN", "lower")
    more = pl.concat(
        [scores(), pl.DataFrame([score("base", "toxicity_rate", "unsafe", 0.2, 0.1) | {"benchmark": "toxigen"}])]
    )
    base, *others = results(more, VARIANTS, (*COLUMNS, column)).rows
    assert [estimate and estimate.value for estimate in base.estimates.values()] == [0.505, 0.093, 0.002, 0.2]
    assert [row.estimates[column] for row in others] == [None, None, None]


def test_scores_no_column_shows_are_left_out() -> None:
    more = pl.concat([scores(), pl.DataFrame([score("base", "broken_share", "all", 0.1, 0.1)])])
    assert results(more, VARIANTS, COLUMNS) == sample()


def test_no_scores_at_all_give_a_table_of_none() -> None:
    empty = results(scores().clear(), VARIANTS, COLUMNS)
    assert [row.versions for row in empty.rows] == [()] * 4
    assert empty.levels == ()


def test_estimates_of_the_statistics_package_fit_as_they_are() -> None:
    items = pl.DataFrame(
        {
            "metric": "toxicity_rate",
            "slice": "unsafe",
            "item_id": [f"i{index}" for index in range(40)],
            "cluster_id": [f"t{index // 2}" for index in range(40)],
            "value": [0.0, 1.0, 1.0, 1.0] * 10,
        }
    )
    made = estimate(items).with_columns(
        benchmark=pl.lit("sg_safety"),
        variant=pl.lit("base"),
        version=pl.lit("01J0-base"),
        remark=pl.lit(""),
        unit=pl.lit("share"),
        machine=pl.lit(""),
    )
    own = results(made, VARIANTS, COLUMNS).rows[0].estimates[TOXICITY]
    assert own is not None
    shown = pl.DataFrame([dataclasses.asdict(own)]).drop("runs")
    assert_frame_equal(shown, made.select(shown.columns))


def test_undeclared_variant_raises_with_the_nearest_one() -> None:
    stray = scores().with_columns(variant=pl.col("variant").replace("sft_kto", "sft_ktoo"))
    with pytest.raises(SgAssetsError, match=r"undeclared variant sft_ktoo.*Did you mean 'sft_kto'"):
        results(stray, VARIANTS, COLUMNS)


def test_variant_declared_twice_raises() -> None:
    with pytest.raises(SgAssetsError, match="base is declared twice"):
        results(scores(), [*VARIANTS, VariantNote("base", "", "none")], COLUMNS)


def test_two_versions_of_one_score_raise() -> None:
    twice = pl.concat([scores(), scores().head(1).with_columns(version=pl.lit("01J1-base"))])
    with pytest.raises(SgAssetsError, match="toxicity_rate on unsafe of base occurs more than once in sg_safety"):
        results(twice, VARIANTS, COLUMNS)


def test_points_of_100_are_not_shown_as_shares() -> None:
    with pytest.raises(SgAssetsError, match=r"of base in sg_safety is 9\.3, no share"):
        results(scores().with_columns(pl.col("value") * 100), VARIANTS, COLUMNS)


def test_score_without_version_raises() -> None:
    with pytest.raises(SgAssetsError, match="a score has no version"):
        results(scores().with_columns(version=pl.lit(None, dtype=pl.String)), VARIANTS, COLUMNS)


def test_missing_column_raises_naming_it() -> None:
    with pytest.raises(SgAssetsError, match="scores have no column benchmark"):
        results(scores().drop("benchmark"), VARIANTS, COLUMNS)


def test_results_cannot_be_changed_afterwards() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample().rows[0].variant = "other"  # type: ignore[misc]
