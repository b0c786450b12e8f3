"""How a replayed change is shared out among its causes, exactly, and how sure that is.

With v(S) the score where the causes in S are restored, the change replayed is v(none) - v(all). A cause's share is what
restoring it takes away, averaged over all orders in which causes can be restored (Shapley): shares add up to the
change, and causes that act only together share equally. With too many causes a share is what restoring that cause
alone takes away, and the rest of the change is the interaction. Means are fractions: everything adds up to the last
digit. Intervals are clustered on the source text, by the influence of each text on each mean.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sg_assets.lineage.scores.exact_mean import exact_mean
from sg_assets.lineage.scores.significance import FEWEST_CLUSTERS
from sg_assets.statistics.clusters import t_quantiles

EXACT_UP_TO: Final = 5
"""Causes whose coalitions are all replayed: 2 to this power. With more, causes are restored singly."""
Coalition = frozenset[int]
"""The causes that are restored, by index."""
Terms = Sequence[tuple[Fraction, Coalition]]
"""Weighted scores whose sum is a share."""


@dataclass(frozen=True)
class Share:
    """The part of a change that one cause makes up."""

    change: Fraction
    """The share."""
    low: float | None
    """Lower end of the interval; None below ten source texts."""
    high: float | None
    """Upper end."""
    alone: Fraction
    """What the change would have been with this cause only."""
    put_back: Fraction
    """What restoring this cause alone takes away, all others as they are."""


@dataclass(frozen=True)
class ChangeShares:
    """A change of one metric on one slice, divided among its causes."""

    change: Fraction
    """The change replayed: the score as it is, less the score with every cause restored."""
    shares: tuple[Share, ...]
    """By cause."""
    interaction: Fraction
    """What the causes do together beyond what each does alone: the change less the sum of ``alone``."""
    unshared: Fraction
    """The change less the sum of the shares: 0 where all coalitions were replayed."""


def coalitions(causes: int) -> list[Coalition]:
    """The sets of causes to restore: all sets, or, of many causes, each alone, all but each, and all of them."""
    indices = range(causes)
    if causes <= EXACT_UP_TO:
        return [frozenset(subset) for size in range(causes + 1) for subset in combinations(indices, size)]
    whole = frozenset(indices)
    return [frozenset(), *(frozenset([index]) for index in indices), *(whole - {index} for index in indices), whole]


def shapley_shares(items: Mapping[Coalition, pl.DataFrame], causes: int, level: float = 0.95) -> ChangeShares:
    """Divide a change among its causes.

    Args:
        items: By coalition (``coalitions``), the items of one metric and slice: cluster_id, value.
        causes: How many causes share the change.
        level: Confidence level, a share.
    """
    everything = frozenset(range(causes))
    means = {coalition: exact_mean(values["value"]) for coalition, values in items.items()}
    influence = _influences(items)
    change = means[frozenset()] - means[everything]
    shares = []
    for cause in range(causes):
        terms = _terms(cause, causes)
        value = sum((weight * means[coalition] for weight, coalition in terms), start=Fraction(0))
        low, high = _interval(value, terms, influence, level)
        alone = means[everything - {cause}] - means[everything]
        shares.append(Share(value, low, high, alone, means[frozenset()] - means[frozenset([cause])]))
    interaction = change - sum((share.alone for share in shares), start=Fraction(0))
    unshared = change - sum((share.change for share in shares), start=Fraction(0))
    return ChangeShares(change, tuple(shares), interaction, unshared)


def _terms(cause: int, causes: int) -> Terms:
    if causes > EXACT_UP_TO:
        return [(Fraction(1), frozenset()), (Fraction(-1), frozenset([cause]))]
    others = [index for index in range(causes) if index != cause]
    terms = []
    for size in range(causes):
        weight = Fraction(factorial(size) * factorial(causes - size - 1), factorial(causes))
        for coalition in combinations(others, size):
            terms += [(weight, frozenset(coalition)), (-weight, frozenset((*coalition, cause)))]
    return terms


def _influences(items: Mapping[Coalition, pl.DataFrame]) -> Callable[[Coalition], NDArray[np.float64]]:
    """By coalition, how far each text moves the mean: its residuals' sum by the number of items."""
    clusters = pl.concat([values.select("cluster_id") for values in items.values()]).unique().sort("cluster_id")

    def influence(coalition: Coalition) -> NDArray[np.float64]:
        values = items[coalition]
        centred = values.select("cluster_id", residual=(pl.col("value") - pl.col("value").mean()) / values.height)
        sums = centred.group_by("cluster_id").agg(pl.col("residual").sum())
        joined = clusters.join(sums, on="cluster_id", how="left", maintain_order="left")
        return joined["residual"].fill_null(0.0).to_numpy()

    return influence


def _interval(
    value: Fraction, terms: Terms, influence: Callable[[Coalition], NDArray[np.float64]], level: float
) -> tuple[float | None, float | None]:
    moved = sum(float(weight) * influence(coalition) for weight, coalition in terms)
    if not isinstance(moved, np.ndarray) or len(moved) < FEWEST_CLUSTERS:
        return None, None
    clusters = len(moved)
    error = float(np.sqrt(clusters / (clusters - 1) * np.square(moved).sum()))
    [quantile] = t_quantiles(pl.Series([clusters]), level)
    return float(value) - quantile * error, float(value) + quantile * error
