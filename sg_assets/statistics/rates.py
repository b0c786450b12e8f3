"""Rates and means with confidence intervals that hold for clustered items and for rates near 0 and 1."""

from enum import StrEnum

import polars as pl

from sg_assets.statistics.clusters import clustered_means, t_quantiles, wilson
from sg_assets.statistics.items import GROUP, checked_items


class Method(StrEnum):
    """How an interval was made. The text stands beside the number in score tables and reports."""

    WILSON = "Wilson at effective n, clustered"
    """Values 0/1 with both present: effective n = n / design effect."""

    WILSON_ALL_EQUAL = "Wilson at n = clusters (all values equal)"
    """Values all 0 or all 1: no variance, hence no design effect; each cluster counts as one item, the cautious end."""

    MEAN = "mean, clustered t"
    """Any other numbers: mean plus or minus t times the clustered standard error."""

    CONSTANT = "no interval: all values equal"
    """All values are one number other than 0 and 1: nothing to learn a spread from, and no bound as for a rate."""

    TOO_FEW_CLUSTERS = "no interval: too few clusters"
    """Fewer than two clusters: the spread between clusters cannot be seen, and within one cluster it is no guide."""


def estimate(items: pl.DataFrame, level: float = 0.95) -> pl.DataFrame:
    """Value and interval per (metric, slice).

    Rates (all values 0 or 1) get Wilson's interval at the effective sample size ``n / design effect``, with the t
    quantile of ``clusters - 1`` degrees of freedom (Korn & Graubard 1998 for the effective size, Wilson's form after
    Dean & Pagano 2015). The design effect is clustered variance over the variance ``p (1 - p) / (n - 1)`` of
    independent items, so items that are all their own cluster give the plain Wilson interval. It is never taken below
    1: with few clusters an estimate under 1 is mostly luck, and believing it would claim more information than n
    independent items can hold.

    In simulations (20 to 600 clusters, correlation 1/9 and 1/3) the 95 % interval covers 93 to 98 % of the time, and
    down to 90 % where only a handful of clusters hold an event, too few to see a design effect by.

    Other values get the mean with its clustered standard error and t interval.

    Args:
        items: metric, slice, item_id, cluster_id, value; see ``sg_assets.statistics.items``.
        level: confidence level, a share.

    Returns:
        metric, slice, value, n (items), clusters, se (clustered; null where it says nothing), low, high, level, method,
        sorted by metric and slice. low and high are null where ``method`` says "no interval".

    Raises:
        SgAssetsError: bad items (see ``checked_items``) or a level outside (0, 1).

    """
    means = clustered_means(checked_items(items))
    means = means.with_columns(t_quantiles(means["clusters"], level), _method().alias("method"))
    value, quantile = pl.col("value"), pl.col("quantile")
    se = pl.when(pl.col("method").is_in([Method.WILSON, Method.MEAN])).then(pl.col("variance").sqrt())
    rate_low, rate_high = wilson(value, _effective_size(), quantile)
    return means.select(
        *GROUP,
        "value",
        "n",
        "clusters",
        se.alias("se"),
        pl.when("binary").then(rate_low).otherwise(value - quantile * se).alias("low"),
        pl.when("binary").then(rate_high).otherwise(value + quantile * se).alias("high"),
        pl.lit(level, dtype=pl.Float64).alias("level"),
        "method",
    )


def _method() -> pl.Expr:
    equal = pl.col("lowest") == pl.col("highest")
    return (
        pl.when(pl.col("clusters") < 2)
        .then(pl.lit(Method.TOO_FEW_CLUSTERS.value))
        .when(pl.col("binary") & equal)
        .then(pl.lit(Method.WILSON_ALL_EQUAL.value))
        .when("binary")
        .then(pl.lit(Method.WILSON.value))
        .when(equal)
        .then(pl.lit(Method.CONSTANT.value))
        .otherwise(pl.lit(Method.MEAN.value))
    )


def _effective_size() -> pl.Expr:
    """How many independent items the clustered ones are worth; for rates."""
    value, n = pl.col("value"), pl.col("n")
    design_effect = (pl.col("variance") * (n - 1) / (value * (1 - value))).clip(lower_bound=1.0)
    return pl.when(pl.col("lowest") == pl.col("highest")).then(pl.col("clusters")).otherwise(n / design_effect)
