import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.statistics.rates import estimate
from sg_assets_tests.statistics.samples import clustered_flags, items


@pytest.mark.parametrize("cluster", [None, "", "  "])
def test_missing_cluster_raises_naming_metric_and_item(cluster: str | None) -> None:
    rows = items([0, 1, 1], ["t1", "t2", "t3"])
    broken = rows.with_columns(
        cluster_id=pl.when(pl.col("item_id") == "i00001").then(pl.lit(cluster)).otherwise("cluster_id")
    )
    with pytest.raises(SgAssetsError, match=r"cluster_id is missing \(metric toxicity_rate, slice unsafe, item i00001"):
        estimate(broken)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_value_that_is_no_number_raises(value: float | None) -> None:
    rows = items([0, 1], ["t1", "t2"]).with_columns(value=pl.Series([0.0, value], dtype=pl.Float64))
    with pytest.raises(SgAssetsError, match=r"null, NaN or infinite .*item i00001"):
        estimate(rows)


def test_item_that_occurs_twice_raises() -> None:
    rows = items([0, 1], ["t1", "t2"])
    with pytest.raises(SgAssetsError, match=r"more than once .*item i00000; 2 such rows"):
        estimate(pl.concat([rows, rows.head(1)]))


def test_same_item_in_two_slices_is_no_duplicate() -> None:
    rows = clustered_flags(1)
    assert estimate(pl.concat([rows, rows.with_columns(slice=pl.lit("all"))])).height == 2


def test_null_key_raises() -> None:
    rows = items([0, 1], ["t1", "t2"]).with_columns(slice=pl.lit(None, dtype=pl.String))
    with pytest.raises(SgAssetsError, match="a metric, slice or item_id is null"):
        estimate(rows)


def test_missing_column_raises_naming_it() -> None:
    with pytest.raises(SgAssetsError, match="no column cluster_id"):
        estimate(clustered_flags(1).drop("cluster_id"))
