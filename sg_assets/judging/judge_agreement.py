"""How far judges of one flag agree: the rate of each, and Cohen's kappa with an interval."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

_DRAWS: Final = 1000
_PORTION: Final = 50
"""Draws at a time, so that memory stays small."""


def agreements(
    judged: pl.DataFrame, judges: Mapping[str, str], further: Mapping[str, Mapping[str, float]], seed: int
) -> dict[str, Any]:
    """The rates of the judges of each flag, and how far each further one agrees with the one that raises it.

    Args:
        judged: Flags, ``<judge>_score`` and ``cluster_id``; rows without a score count nowhere.
        judges: The judge that raises each flag.
        further: Further judges of a flag, with their thresholds.
        seed: Of the draws behind intervals.
    """
    return {
        flag: {
            "raised_by": judge,
            "n": int(judged[flag].is_not_null().sum()),
            "rates": {judge: _rate(judged[flag]), **{
                other: _rate(judged[f"{other}_score"] >= cut) for other, cut in further[flag].items()
            }},
            "kappa": {other: _kappa(judged, flag, other, cut, seed) for other, cut in further[flag].items()},
        }
        for flag, judge in judges.items()
        if further.get(flag)
    }  # fmt: skip


def kappa(both: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cohen's kappa of tables of two by two.

    Args:
        both: A row per table: how often neither, the second alone, the first alone, and both raised the flag.

    Returns:
        1 for agreement throughout, 0 for as much as by chance; no number where both say the same of everything.
    """
    shares = both / both.sum(axis=1, keepdims=True)
    observed = shares[:, 0] + shares[:, 3]
    first, second = shares[:, 2] + shares[:, 3], shares[:, 1] + shares[:, 3]
    chance = first * second + (1 - first) * (1 - second)
    with np.errstate(divide="ignore", invalid="ignore"):
        values: NDArray[np.float64] = np.where(chance < 1, (observed - chance) / (1 - chance), np.nan)
    return values


def _kappa(judged: pl.DataFrame, flag: str, other: str, cut: float, seed: int) -> dict[str, float | None]:
    """Kappa with an interval of 95 %: whole clusters are drawn again, for answers to one text are alike."""
    known = judged.select("cluster_id", first=pl.col(flag), second=pl.col(f"{other}_score") >= cut).drop_nulls()
    if known.is_empty():
        return {"value": None, "low": None, "high": None}
    cells = [(~pl.col("first") & ~pl.col("second")), (~pl.col("first") & pl.col("second")),
             (pl.col("first") & ~pl.col("second")), (pl.col("first") & pl.col("second"))]  # fmt: skip
    counts = (
        known.group_by("cluster_id").agg(cell.sum().alias(str(n)) for n, cell in enumerate(cells)).sort("cluster_id")
    )
    by_cluster = counts.drop("cluster_id").to_numpy().astype(np.float64)
    drawn = kappa(_resampled(by_cluster, seed))
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    [value] = kappa(by_cluster.sum(axis=0, keepdims=True))
    return {name: _number(float(end)) for name, end in (("value", value), ("low", low), ("high", high))}


def _resampled(by_cluster: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    generator, n = np.random.default_rng(seed), len(by_cluster)
    shares = np.full(n, 1 / n)
    portions = [generator.multinomial(n, shares, size=_PORTION) @ by_cluster for _ in range(_DRAWS // _PORTION)]
    return np.concatenate(portions)


def _rate(raised: pl.Series) -> float | None:
    known = raised.drop_nulls()
    return _number(float(known.sum()) / len(known)) if len(known) else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
