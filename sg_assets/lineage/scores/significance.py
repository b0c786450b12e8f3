"""Whether a score moved by more than noise."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from sg_assets.lineage.scores.seed_spread import SeedSpread
from sg_assets.statistics.paired import PairedDifference, paired_differences
from sg_assets.statistics.rates import Method

FEWEST_CLUSTERS: Final = 10
"""With fewer independent texts an interval is mostly guesswork."""
_ALL_EQUAL: Final = (Method.WILSON_ALL_EQUAL.value, Method.CONSTANT.value)


class ChangeVerdict(StrEnum):
    """The verdict on a change, by the items in both versions."""

    UNCHANGED = "did not move"
    """Every item is in both versions, with an equal value."""

    MOVED = "moved"
    """The interval of the paired difference leaves out 0, and no training lies between the two versions."""

    MOVED_HERE = "moved on these items; run-to-run noise unknown"
    """The interval leaves out 0, but a model was trained again, once. Another seed would move the score too; by how
    much, only repeated trainings show."""

    MOVED_BEYOND = "moved, by more than another seed would"
    """The interval leaves out 0, and the variant was trained several times: two trainings lie that far apart by chance
    no more often than the level allows."""

    WITHIN_RUNS = "within run-to-run noise"
    """The interval on the items leaves out 0, but two trainings of the variant may lie that far apart."""

    WITHIN_NOISE = "within noise"
    """The interval holds 0: another sample of items could move the score as much."""

    INCOMPARABLE = "cannot be compared: no item is in both versions"
    """The two versions share no item: nothing is known of a move."""

    TOO_FEW = "too few items to tell"
    """Fewer than ten independent texts are in both versions, or no interval is known."""


MOVED: Final = (ChangeVerdict.MOVED, ChangeVerdict.MOVED_HERE, ChangeVerdict.MOVED_BEYOND)
"""The verdicts that say that a score moved."""


@dataclass(frozen=True)
class Significance:
    """The verdict on one metric and slice."""

    verdict: ChangeVerdict
    """Whether the score moved by more than noise."""
    paired: PairedDifference
    """The paired difference that the verdict rests on."""


def significance(
    before: pl.DataFrame,
    after: pl.DataFrame,
    *,
    trained: bool,
    level: float = 0.95,
    spreads: Mapping[tuple[str, str], SeedSpread] | None = None,
) -> Mapping[tuple[str, str], Significance]:
    """The verdict on every metric and slice, from the items both versions have.

    Args:
        before: metric, slice, item_id, cluster_id, value.
        after: The same of the later version.
        trained: Whether a training lies between the two.
        level: Confidence level, a share.
        spreads: How far trainings lie apart, by metric and slice; only for a variant trained several times.

    Raises:
        SgAssetsError: bad items, or an item whose cluster differs.
    """
    known = spreads or {}
    by_group = {(paired.metric, paired.slice): paired for paired in paired_differences(before, after, level)}
    return {
        group: Significance(change_verdict(paired, trained=trained, spread=known.get(group)), paired)
        for group, paired in by_group.items()
    }


def change_verdict(paired: PairedDifference, *, trained: bool, spread: SeedSpread | None = None) -> ChangeVerdict:
    """The verdict on a paired difference."""
    if not paired.n_shared:
        return ChangeVerdict.INCOMPARABLE
    only_shared = paired.only_a == paired.only_b == 0
    if only_shared and paired.difference == 0 and paired.method in _ALL_EQUAL:
        return ChangeVerdict.UNCHANGED
    if paired.low is None or paired.clusters < FEWEST_CLUSTERS:
        return ChangeVerdict.TOO_FEW
    if not paired.is_more_than_noise:
        return ChangeVerdict.WITHIN_NOISE
    if not trained:
        return ChangeVerdict.MOVED
    return ChangeVerdict.MOVED_HERE if spread is None else _verdict_with_spread(paired, spread)


def _verdict_with_spread(paired: PairedDifference, spread: SeedSpread) -> ChangeVerdict:
    """Whether a move is more than the noise of the items and that of two trainings together."""
    difference, low, high = paired.difference or 0.0, paired.low or 0.0, paired.high or 0.0
    of_items = difference - low if difference > 0 else high - difference
    both = math.hypot(of_items, spread.arm(paired.level))
    return ChangeVerdict.MOVED_BEYOND if abs(difference) > both else ChangeVerdict.WITHIN_RUNS
