"""Whether a score moved by more than noise, in plain words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from sg_assets.lineage.scores.seed_spread import Spread
from sg_assets.statistics.paired import PairedDifference, paired_differences
from sg_assets.statistics.rates import Method

FEWEST_CLUSTERS: Final = 10
"""Below so many independent texts an interval is mostly guesswork."""


_ALL_EQUAL: Final = (Method.WILSON_ALL_EQUAL.value, Method.CONSTANT.value)


class Verdict(StrEnum):
    """What the items in both versions say about a change."""

    UNCHANGED = "did not move"
    """Every item is in both versions, with an equal value."""

    MOVED = "moved"
    """The interval of the paired difference leaves out 0, and no training lies between the two versions."""

    MOVED_HERE = "moved on these items; run-to-run noise unknown"
    """The interval leaves out 0, but a model was trained anew, once. Another seed would move it too, by how much only
    repeated trainings tell."""

    MOVED_BEYOND = "moved, by more than another seed would"
    """The same, and the variant was trained several times: two trainings lie that far apart by chance no more often
    than the level allows."""

    WITHIN_RUNS = "within run-to-run noise"
    """The interval on the items leaves out 0, but two trainings of the variant may lie that far apart."""

    WITHIN_NOISE = "within noise"
    """The interval holds 0: items drawn anew could move it as much."""

    TOO_FEW = "too few items to tell"
    """Fewer than ten independent texts are in both versions, or there is no interval."""


MOVED: Final = (Verdict.MOVED, Verdict.MOVED_HERE, Verdict.MOVED_BEYOND)
"""The verdicts that say that a score moved."""


@dataclass(frozen=True)
class Significance:
    """The verdict on one metric and slice, with what it rests on."""

    verdict: Verdict
    paired: PairedDifference


def significance(
    before: pl.DataFrame,
    after: pl.DataFrame,
    *,
    trained: bool,
    level: float = 0.95,
    spreads: Mapping[tuple[str, str], Spread] | None = None,
) -> Mapping[tuple[str, str], Significance]:
    """The verdict on every metric and slice, from the items both versions have.

    Args:
        before: metric, slice, item_id, cluster_id, value.
        after: The same of the later version.
        trained: Whether a training lies between the two.
        level: Confidence level, a share.
        spreads: How far trainings lie apart, by metric and slice, where there were several.

    Raises:
        SgAssetsError: bad items, or an item whose cluster differs.
    """
    known = spreads or {}
    found = paired_differences(before, after, level)
    return {
        (one.metric, one.slice): Significance(
            judge(one, trained=trained, spread=known.get((one.metric, one.slice))), one
        )
        for one in found
    }


def judge(paired: PairedDifference, *, trained: bool, spread: Spread | None = None) -> Verdict:
    """The verdict on a paired difference."""
    only_shared = paired.only_a == paired.only_b == 0
    if only_shared and paired.difference == 0 and paired.method in _ALL_EQUAL:
        return Verdict.UNCHANGED
    if paired.low is None or paired.clusters < FEWEST_CLUSTERS:
        return Verdict.TOO_FEW
    if not paired.is_more_than_noise:
        return Verdict.WITHIN_NOISE
    if not trained:
        return Verdict.MOVED
    return Verdict.MOVED_HERE if spread is None else _beside_runs(paired, spread)


def _beside_runs(paired: PairedDifference, spread: Spread) -> Verdict:
    """Whether a move is more than the noise of the items and that of two trainings together."""
    difference, low, high = paired.difference or 0.0, paired.low or 0.0, paired.high or 0.0
    of_items = difference - low if difference > 0 else high - difference
    both = math.hypot(of_items, spread.arm(paired.level))
    return Verdict.MOVED_BEYOND if abs(difference) > both else Verdict.WITHIN_RUNS
