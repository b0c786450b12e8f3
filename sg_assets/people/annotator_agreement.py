"""Whether people agree with each other, on the answers that two of them labelled."""

from typing import TYPE_CHECKING

from sg_assets.people.answer_labels import ANSWER, UNDECIDED

if TYPE_CHECKING:
    import polars as pl


def agreement(newest: "pl.DataFrame") -> "pl.DataFrame":
    """Agreement and Cohen's kappa of every two people, by flag.

    The interval of the agreement is Wilson's, clustered on the source text; that of kappa follows from it, with the
    agreement by chance taken as it is.

    Args:
        newest: The newest labels, as `answer_labels.newest_labels` gives them; undecided ones do not count.
    """
    import polars as pl

    from sg_assets.statistics.rates import estimate

    decided = newest.filter(pl.col("label") != UNDECIDED).select(
        *ANSWER, "cluster_id", "annotator", yes=pl.col("label") == "yes"
    )
    pairs = decided.join(decided.drop("cluster_id"), on=ANSWER, suffix="_other").filter(
        pl.col("annotator") < pl.col("annotator_other")
    )
    same = pl.col("yes") == pl.col("yes_other")
    # A person's name holds no line end, so that the slice gives both names back.
    slices = pl.concat_str("annotator", "annotator_other", separator="\n")
    items = pairs.select(
        pl.col("flag").alias("metric"), slices.alias("slice"), "cluster_id",
        pl.concat_str("benchmark", "variant", "item_id", "answer", separator="/").alias("item_id"),
        same.cast(pl.Float64).alias("value"), "yes", "yes_other",
    )  # fmt: skip
    first, second = pl.col("yes").mean(), pl.col("yes_other").mean()
    chance = items.group_by("metric", "slice").agg(chance=first * second + (1 - first) * (1 - second))
    estimated = estimate(items).join(chance, on=["metric", "slice"], how="left", maintain_order="left")
    names = pl.col("slice").str.split("\n")
    return estimated.select(
        pl.col("metric").alias("flag"),
        names.list.get(0).alias("annotator"),
        names.list.get(1).alias("other_annotator"),
        pl.col("n").alias("answers"),
        "clusters",
        pl.col("value").alias("agreement"),
        pl.col("low").alias("agreement_low"),
        pl.col("high").alias("agreement_high"),
        _kappa("value").alias("kappa"),
        _kappa("low").alias("kappa_low"),
        _kappa("high").alias("kappa_high"),
    )


def _kappa(share: str) -> "pl.Expr":
    """A share of equal labels, beyond chance; missing where chance alone makes all labels equal."""
    import polars as pl

    return pl.when(pl.col("chance") < 1).then((pl.col(share) - pl.col("chance")) / (1 - pl.col("chance")))
