"""A judge's sensitivity and specificity over all answers, from a sample with known probabilities.

Answers were drawn with unequal probabilities, so each counts by one over its own. The 95 % interval is the wider of two
on either side:

- Wilson's, at as many independent labels as the weights and the source texts leave: for what a judge says of the
  answers that people said yes (or no) to.
- A judge's misses hide where it raises no flag, mostly in a large stratum of which few answers are labelled. Where none
  of these is a miss, misses are still likely, and the first interval does not know. So the share that people say yes to
  is drawn for every cell (a stratum, flagged or not) from a Beta distribution, by Jeffreys' prior at one label a text,
  and the second interval is what 95 % of draws of all cells together give.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

METHOD: Final = "weighted by 1 / inclusion; the wider of Wilson at effective n and Beta draws by stratum, clustered"
IDENTITY: Final = ("benchmark", "variant", "item_id", "answer")
_DRAWS: Final = 4000
_SEED: Final = 0
_Z: Final = 1.959963984540054
"""Quantile of the normal distribution for a 95 % interval."""
_ENDS: Final = (0.025, 0.975)


@dataclass(frozen=True)
class Rate:
    """A rate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class JudgeAccuracy:
    """How often a judge is right, by what people say."""

    labels: int
    """Answers that people agree on."""
    positives: int
    """Those that people say yes to."""
    texts: int
    """Source texts of the answers."""
    sensitivity: Rate | None
    """None where people say yes to no labelled answer."""
    specificity: Rate | None
    """None where people say no to no labelled answer."""
    prevalence: float | None
    """The share of all answers that people would say yes to."""


def accuracy(judged: "pl.DataFrame") -> JudgeAccuracy:
    """The accuracy of one judge.

    Args:
        judged: ``truth`` and ``flagged`` (booleans), ``weight``, ``sample``, ``stratum``, ``cluster_id``, and what
            identifies an answer (`IDENTITY`); a row per answer and sample.
    """
    import polars as pl

    if judged.is_empty():
        return JudgeAccuracy(0, 0, 0, None, None, None)
    weight, truth, flagged = pl.col("weight"), pl.col("truth"), pl.col("flagged")
    yes, no, hits, passes = judged.select(
        weight.filter(truth).sum().alias("yes"),
        weight.filter(~truth).sum().alias("no"),
        weight.filter(truth & flagged).sum().alias("hits"),
        weight.filter(~truth & ~flagged).sum().alias("passes"),
    ).row(0)
    sensitivities, specificities = _draws(judged)
    yes_rows, no_rows = judged.filter(truth), judged.filter(~truth)
    return JudgeAccuracy(
        labels=judged.select(IDENTITY).n_unique(),
        positives=judged.filter(truth).select(IDENTITY).n_unique(),
        texts=judged["cluster_id"].n_unique(),
        sensitivity=_rate(hits / yes, sensitivities, yes_rows) if yes > 0 else None,
        specificity=_rate(passes / no, specificities, no_rows) if no > 0 else None,
        prevalence=yes / (yes + no),
    )


def _rate(value: float, draws: "pl.Series", rows: "pl.DataFrame") -> Rate:
    """A rate of some rows with its interval."""
    import polars as pl

    from sg_assets.statistics.clusters import wilson

    by_text = rows.group_by("cluster_id").agg(pl.col("weight").sum())["weight"]
    independent = float(by_text.sum()) ** 2 / float((by_text**2).sum())
    ends = wilson(pl.lit(value), pl.lit(independent), pl.lit(_Z))
    low, high = pl.select(ends[0].alias("low"), ends[1].alias("high")).row(0)
    drawn_low, drawn_high = (draws.quantile(end, interpolation="linear") or 0.0 for end in _ENDS)
    return Rate(value, min(low, drawn_low), max(high, drawn_high))


def _draws(judged: "pl.DataFrame") -> "tuple[pl.Series, pl.Series]":
    """Sensitivity and specificity as they could be."""
    import numpy as np
    import polars as pl

    weight = pl.col("weight")
    cells = (
        judged.group_by("sample", "stratum", "flagged")
        .agg(
            weight.sum().alias("size"),
            (weight.filter(pl.col("truth")).sum() / weight.sum()).alias("share"),
            pl.col("cluster_id").n_unique().alias("texts"),
        )
        .sort("sample", "stratum", "flagged")
    )
    yes, texts = cells["share"].to_numpy() * cells["texts"].to_numpy(), cells["texts"].to_numpy()
    random = np.random.default_rng(_SEED)
    shares = random.beta(yes + 0.5, texts - yes + 0.5, size=(_DRAWS, cells.height))
    sizes, flagged = cells["size"].to_numpy(), cells["flagged"].to_numpy().astype(float)
    said_yes, said_no = shares * sizes, (1 - shares) * sizes
    sensitivity = (said_yes @ flagged) / said_yes.sum(axis=1)
    specificity = (said_no @ (1 - flagged)) / said_no.sum(axis=1)
    return pl.Series(sensitivity), pl.Series(specificity)
