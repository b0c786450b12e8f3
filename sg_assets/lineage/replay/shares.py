"""How a replayed change is shared out among its causes, exactly, and how sure that is.

With v(S) the score where the causes in S are put back, the change replayed is v(none) - v(all). A cause's share is what
putting it back takes away, averaged over all orders in which causes can be put back (Shapley): shares add up to the
change, and causes that act only together share equally. With too many causes a share is what putting that one back
takes away alone, and what is left of the change is the interaction. Means are fractions: everything adds up to the last
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

from sg_assets.statistics.clusters import t_quantiles

EXACT_UP_TO: Final = 5
"""Causes whose coalitions are all replayed: 2 to this power. Beyond, one is put back at a time."""
_FEWEST_CLUSTERS: Final = 10
Put = frozenset[int]
Terms = Sequence[tuple[Fraction, Put]]
"""Scores with their weights: what a share is the sum of."""


@dataclass(frozen=True)
class Share:
    """What one cause makes up."""

    change: Fraction
    low: float | None
    """Lower end of the interval; None below ten source texts."""
    high: float | None
    alone: Fraction
    """What the change would have been with this cause only."""
    put_back: Fraction
    """What putting this cause back takes away, all others as they are."""


@dataclass(frozen=True)
class Shared:
    """A change of one metric on one slice, shared out."""

    change: Fraction
    """What was replayed: the score as it is, less the score with everything put back."""
    shares: tuple[Share, ...]
    """By player."""
    interaction: Fraction
    """What the causes do together beyond what each does alone: the change less the sum of ``alone``."""
    unshared: Fraction
    """The change less the sum of the shares: 0 where all coalitions were replayed."""


def coalitions(players: int) -> list[Put]:
    """The sets of players that have to be put back: all of them, or, of many, each alone, all but each, and all."""
    everyone = range(players)
    if players <= EXACT_UP_TO:
        return [frozenset(one) for size in range(players + 1) for one in combinations(everyone, size)]
    whole = frozenset(everyone)
    return [frozenset(), *(frozenset([one]) for one in everyone), *(whole - {one} for one in everyone), whole]


def share_out(items: Mapping[Put, pl.DataFrame], players: int, level: float = 0.95) -> Shared:
    """Share a change out.

    Args:
        items: By coalition (``coalitions``), the items of one metric and slice: cluster_id, value.
        players: How many causes there are.
        level: Confidence level, a share.
    """
    everyone = frozenset(range(players))
    means = {put: _mean(side["value"]) for put, side in items.items()}
    influence = _influences(items)
    change = means[frozenset()] - means[everyone]
    shares = []
    for one in range(players):
        terms = _terms(one, players)
        value = sum((weight * means[put] for weight, put in terms), start=Fraction(0))
        low, high = _interval(value, terms, influence, level)
        alone = means[everyone - {one}] - means[everyone]
        shares.append(Share(value, low, high, alone, means[frozenset()] - means[frozenset([one])]))
    interaction = change - sum((one.alone for one in shares), start=Fraction(0))
    unshared = change - sum((one.change for one in shares), start=Fraction(0))
    return Shared(change, tuple(shares), interaction, unshared)


def _terms(one: int, players: int) -> Terms:
    if players > EXACT_UP_TO:
        return [(Fraction(1), frozenset()), (Fraction(-1), frozenset([one]))]
    others = [place for place in range(players) if place != one]
    terms = []
    for size in range(players):
        weight = Fraction(factorial(size) * factorial(players - size - 1), factorial(players))
        for put in combinations(others, size):
            terms += [(weight, frozenset(put)), (-weight, frozenset((*put, one)))]
    return terms


def _mean(values: pl.Series) -> Fraction:
    counted = values.value_counts().rows()
    total = sum((Fraction(value) * count for value, count in counted), start=Fraction(0))
    return total / len(values) if len(values) else Fraction(0)


def _influences(items: Mapping[Put, pl.DataFrame]) -> Callable[[Put], NDArray[np.float64]]:
    """By coalition, how far each text moves the mean: its residuals' sum by the number of items."""
    clusters = pl.concat([side.select("cluster_id") for side in items.values()]).unique().sort("cluster_id")

    def of(put: Put) -> NDArray[np.float64]:
        side = items[put]
        centred = side.select("cluster_id", residual=(pl.col("value") - pl.col("value").mean()) / side.height)
        sums = centred.group_by("cluster_id").agg(pl.col("residual").sum())
        joined = clusters.join(sums, on="cluster_id", how="left", maintain_order="left")
        return joined["residual"].fill_null(0.0).to_numpy()

    return of


def _interval(
    value: Fraction, terms: Terms, influence: Callable[[Put], NDArray[np.float64]], level: float
) -> tuple[float | None, float | None]:
    moved = sum(float(weight) * influence(put) for weight, put in terms)
    if not isinstance(moved, np.ndarray) or len(moved) < _FEWEST_CLUSTERS:
        return None, None
    clusters = len(moved)
    error = float(np.sqrt(clusters / (clusters - 1) * np.square(moved).sum()))
    [quantile] = t_quantiles(pl.Series([clusters]), level)
    return float(value) - quantile * error, float(value) + quantile * error
