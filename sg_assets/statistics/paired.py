"""The difference between two versions of one metric on the items they share.

Two variants answer the same prompts, so most of what makes an item easy or hard cancels in the difference of its two
values: pairing gives a far narrower interval than comparing two separate ones (Miller 2024, arXiv 2411.00640).
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.statistics.clusters import clustered_means, t_quantiles, wilson
from sg_assets.statistics.items import GROUP, checked_items
from sg_assets.statistics.rates import Method


@dataclass(frozen=True)
class PairedDifference:
    """``b - a`` of one metric and slice, over shared items. A share (or the value's unit), not percentage points."""

    metric: str
    """Metric of both sides."""
    slice: str
    """Slice of both sides."""
    difference: float | None
    """Mean of (value in b) - (value in a) over shared items; None when no item is shared."""
    n_shared: int
    """Items on both sides: what the difference is about."""
    only_a: int
    """Items only in a, not compared."""
    only_b: int
    """Items only in b, not compared."""
    clusters: int
    """Clusters among the shared items."""
    se: float | None
    """Clustered standard error of the difference; None where it says nothing (all differences equal, one cluster)."""
    low: float | None
    """Lower end of the interval; None where ``method`` says "no interval"."""
    high: float | None
    """Upper end of the interval; None where ``method`` says "no interval"."""
    level: float
    """Confidence level, a share."""
    method: str
    """How the interval was made."""

    @property
    def is_more_than_noise(self) -> bool:
        """Whether the interval leaves out 0. Sampling noise only: training-seed noise needs replicates."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def paired_difference(a: pl.DataFrame, b: pl.DataFrame, level: float = 0.95) -> PairedDifference:
    """Mean difference ``b - a`` on shared items, with a clustered t interval.

    Where all differences of a rate are one number (no verdict moved, or every one did) the clustered error is 0 and
    would claim certainty. Then the share of items that might differ from it is bounded as in ``rates.estimate``
    (Wilson at n = clusters), and the interval is what the difference could be if all of those went the worst way.

    Args:
        a: items before; metric, slice, item_id, cluster_id, value, of one metric and slice.
        b: items after, the same metric and slice.
        level: confidence level, a share.

    Raises:
        SgAssetsError: bad items, not exactly one (metric, slice) over both sides, or an item whose cluster differs.

    """
    before, after = checked_items(a, where="items a"), checked_items(b, where="items b")
    _refuse_several(before, after)
    return paired_differences(before, after, level)[0]


def paired_differences(a: pl.DataFrame, b: pl.DataFrame, level: float = 0.95) -> list[PairedDifference]:
    """``paired_difference`` of every metric and slice of either side at once, sorted by them.

    Args:
        a: items before; metric, slice, item_id, cluster_id, value.
        b: items after.
        level: confidence level, a share.

    Raises:
        SgAssetsError: bad items, or an item whose cluster differs.

    """
    before, after = checked_items(a, where="items a"), checked_items(b, where="items b")
    shared = before.join(after, on=[*GROUP, "item_id"], how="inner", suffix="_b")
    _check_clusters(shared)
    differences = shared.with_columns(pl.col("value_b") - pl.col("value")).drop("value").rename({"value_b": "value"})
    means = clustered_means(differences.select(before.columns).sort(*GROUP, "cluster_id", "item_id"))
    binary = pl.all_horizontal(pl.col("value", "value_b").is_in([0.0, 1.0])).all().alias("rate")
    found = _interval(means.join(shared.group_by(GROUP).agg(binary), on=GROUP, maintain_order="left"), level)
    sizes = [side.group_by(GROUP).len(name) for side, name in ((before, "n_a"), (after, "n_b"))]
    rows = sizes[0].join(sizes[1], on=GROUP, how="full", coalesce=True).join(found, on=GROUP, how="left")
    return [_difference(row, level) for row in rows.sort(GROUP).to_dicts()]


def _difference(row: dict[str, Any], level: float) -> PairedDifference:
    shared = row["n"] or 0
    return PairedDifference(
        metric=row["metric"],
        slice=row["slice"],
        difference=row["value"],
        n_shared=shared,
        only_a=(row["n_a"] or 0) - shared,
        only_b=(row["n_b"] or 0) - shared,
        clusters=row["clusters"] or 0,
        se=row["se"],
        low=row["low"],
        high=row["high"],
        level=level,
        method=row["method"] or Method.TOO_FEW_CLUSTERS.value,
    )


def _refuse_several(before: pl.DataFrame, after: pl.DataFrame) -> None:
    groups = pl.concat([before, after]).select(GROUP).unique().sort(GROUP).rows()
    if len(groups) != 1:
        named = ", ".join(f"{metric}/{slice_}" for metric, slice_ in groups) or "none"
        raise SgAssetsError(
            f"a paired difference is of one metric and slice, here: {named}",
            remedy="Filter both sides to the same metric and slice, or ask for all of them",
        )


def _check_clusters(shared: pl.DataFrame) -> None:
    moved = shared.filter(pl.col("cluster_id") != pl.col("cluster_id_b"))
    if moved.is_empty():
        return
    item, was, now = moved.sort("item_id").select("item_id", "cluster_id", "cluster_id_b").row(0)
    raise SgAssetsError(
        f"item {item} is in cluster {was} in a and {now} in b",
        why="one id then names two different items, and their difference means nothing",
        remedy="Compare versions made from the same texts, or key items by their content",
    )


def _interval(means: pl.DataFrame, level: float) -> pl.DataFrame:
    """Add se, low, high and method to rows of ``clustered_means``, which say whether they are of a ``rate``."""
    equal = pl.col("lowest") == pl.col("highest")
    means = means.with_columns(t_quantiles(means["clusters"], level))
    value, quantile = pl.col("value"), pl.col("quantile")
    enough = pl.col("clusters") > 1
    se = pl.when(enough & ~equal).then(pl.col("variance").sqrt())
    _, other = wilson(pl.lit(0.0), pl.col("clusters"), quantile)  # share of items that may differ from the common value
    edge = pl.when("rate").then(1.0)  # differences of a rate lie in [-1, 1]; no edge clips nothing
    bounded = equal & pl.col("rate")
    method = (
        pl.when(~enough)
        .then(pl.lit(Method.TOO_FEW_CLUSTERS.value))
        .when(bounded)
        .then(pl.lit(Method.WILSON_ALL_EQUAL.value))
        .when(equal)
        .then(pl.lit(Method.CONSTANT.value))
        .otherwise(pl.lit("paired mean, clustered t"))
    )
    low = (value - quantile * se).clip(lower_bound=-edge)
    high = (value + quantile * se).clip(upper_bound=edge)
    return means.with_columns(
        se.alias("se"),
        pl.when(bounded).then(value - other * (1 + value)).otherwise(low).alias("low"),
        pl.when(bounded).then(value + other * (1 - value)).otherwise(high).alias("high"),
        method.alias("method"),
    )
