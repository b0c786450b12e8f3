"""Means of clustered items and their sandwich variance: the one place where clustering is accounted for.

Items made from one source text (a text under 21 templates) succeed and fail together, so the unit of information is
the cluster. With ``r_g`` the sum of residuals of cluster g, ``var(mean) = G / (G - 1) * sum(r_g^2) / n^2``: the
cluster-robust variance of a regression on a constant (Liang & Zeger 1986; for model evaluation Miller 2024,
arXiv 2411.00640).
"""

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.statistics.items import GROUP


def clustered_means(items: pl.DataFrame) -> pl.DataFrame:
    """Mean and clustered variance per (metric, slice), sorted by them.

    Args:
        items: rows as ``checked_items`` gives them.

    Returns:
        metric, slice, value (mean), n (items), clusters, variance (of the mean; null below two clusters), lowest,
        highest, and binary (every value is 0 or 1).

    """
    value = pl.col("value")
    totals = items.group_by(GROUP, maintain_order=True).agg(
        value.mean().alias("mean"),
        value.min().alias("lowest"),
        value.max().alias("highest"),
        value.is_in([0.0, 1.0]).all().alias("binary"),
    )
    per_cluster = (
        items.group_by(*GROUP, "cluster_id", maintain_order=True)
        .agg(pl.len().alias("size"), value.sum().alias("total"))
        .join(totals, on=GROUP, how="left", maintain_order="left")
    )
    residual = pl.col("total") - pl.col("mean") * pl.col("size")
    spread = per_cluster.group_by(GROUP, maintain_order=True).agg(
        pl.col("size").sum().cast(pl.Int64).alias("n"),
        pl.len().cast(pl.Int64).alias("clusters"),
        residual.pow(2).sum().alias("squares"),
    )
    n, clusters = pl.col("n"), pl.col("clusters")
    variance = pl.when(clusters > 1).then(clusters / (clusters - 1) * pl.col("squares") / n.pow(2))
    return (
        totals.join(spread, on=GROUP, how="left", maintain_order="left")
        .with_columns(variance.alias("variance"))
        .select(*GROUP, pl.col("mean").alias("value"), "n", "clusters", "variance", "lowest", "highest", "binary")
    )


def t_quantiles(clusters: pl.Series, level: float) -> pl.Series:
    """Two-sided quantile of Student's t with ``clusters - 1`` degrees of freedom; null below two clusters.

    Raises:
        SgAssetsError: the level is not between 0 and 1.

    """
    from scipy.special import stdtrit  # what scipy.stats' t asks, without the second that importing that one takes

    check_level(level)
    freedom = (clusters - 1).cast(pl.Float64)
    quantiles = pl.Series("quantile", stdtrit(freedom.to_numpy(), (1 + level) / 2), dtype=pl.Float64)
    return quantiles.fill_nan(None)


def check_level(level: float) -> None:
    """Raise unless ``level`` is a confidence level, a share such as 0.95."""
    if not 0 < level < 1:
        raise SgAssetsError(f"confidence level {level} is not between 0 and 1", remedy="Write 95 % as 0.95")


def wilson(value: pl.Expr, size: pl.Expr, quantile: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Wilson's score interval (low, high) of a rate at an effective sample size.

    Clipped to [0, 1] and to the value itself, which rounding could otherwise leave outside at 0 and 1.
    """
    ratio = quantile.pow(2) / size
    centre = (value + ratio / 2) / (1 + ratio)
    half = (ratio * value * (1 - value) + ratio.pow(2) / 4).sqrt() / (1 + ratio)
    low = pl.min_horizontal((centre - half).clip(0, 1), value)
    high = pl.max_horizontal((centre + half).clip(0, 1), value)
    # The horizontal forms skip nulls; no quantile must mean no interval.
    return pl.when(quantile.is_not_null()).then(low), pl.when(quantile.is_not_null()).then(high)
