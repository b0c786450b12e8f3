"""Whether a score moved by more than noise, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

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

    WITHIN_NOISE = "within noise"
    """The interval holds 0: items drawn anew could move it as much."""

    TOO_FEW = "too few items to tell"
    """Fewer than ten independent texts are in both versions, or there is no interval."""


@dataclass(frozen=True)
class Significance:
    """The verdict on one metric and slice, with what it rests on."""

    verdict: Verdict
    paired: PairedDifference


def significance(
    before: pl.DataFrame, after: pl.DataFrame, *, trained: bool, level: float = 0.95
) -> Mapping[tuple[str, str], Significance]:
    """The verdict on every metric and slice, from the items both versions have.

    Args:
        before: metric, slice, item_id, cluster_id, value.
        after: The same of the later version.
        trained: Whether a training lies between the two.
        level: Confidence level, a share.

    Raises:
        SgAssetsError: bad items, or an item whose cluster differs.
    """
    found = paired_differences(before, after, level)
    return {(one.metric, one.slice): Significance(judge(one, trained=trained), one) for one in found}


def judge(paired: PairedDifference, *, trained: bool) -> Verdict:
    """The verdict on a paired difference."""
    only_shared = paired.only_a == paired.only_b == 0
    if only_shared and paired.difference == 0 and paired.method in _ALL_EQUAL:
        return Verdict.UNCHANGED
    if paired.low is None or paired.clusters < FEWEST_CLUSTERS:
        return Verdict.TOO_FEW
    if not paired.is_more_than_noise:
        return Verdict.WITHIN_NOISE
    return Verdict.MOVED_HERE if trained else Verdict.MOVED
