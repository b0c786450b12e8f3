"""How a variant's leaderboard scores differ from the base model's."""

from dataclasses import dataclass, replace

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.normalisation import MEAN, TASK_NAMES
from sg_assets.leaderboard.paired_items import Scales, paired_arms
from sg_assets.leaderboard.scores import NORMALISED


@dataclass(frozen=True)
class ScoreChange:
    """One task's normalised score against the base's."""

    slice: str
    """A task, or ``mean``."""
    base: float
    """The base's score, 0 to 100."""
    value: float
    """The variant's score, 0 to 100."""
    low: float | None = None
    """Lower end of the paired interval of ``difference``, in points; None where the items give no interval."""
    high: float | None = None
    """Upper end."""

    @property
    def difference(self) -> float:
        """In points of the scale from 0 to 100."""
        return self.value - self.base

    @property
    def relative(self) -> float | None:
        """The difference as a share of the base's score; None where the base's score is 0."""
        return None if self.base == 0 else self.difference / self.base

    def __str__(self) -> str:
        """For a report: in per cent of the base, in points where the base's score is 0."""
        return f"{self.difference:+.1f} points" if self.relative is None else f"{self.relative:+.1%}"


@dataclass(frozen=True)
class VariantScores:
    """A variant's leaderboard scores and their items."""

    scores: pl.DataFrame
    """Rows of ``scores/leaderboard``."""
    items: pl.DataFrame
    """Rows of ``scores/leaderboard_items``."""
    scales: Scales
    """The scales from raw shares to scores."""


def paired_changes(base: VariantScores, variant: VariantScores) -> list[ScoreChange]:
    """As ``score_changes``, with the interval of each difference on the shared items."""
    arms = paired_arms(base.items, variant.items, base.scales)
    return [
        replace(change, low=change.difference - arms[change.slice][0], high=change.difference + arms[change.slice][1])
        if change.slice in arms
        else change
        for change in score_changes(base.scores, variant.scores)
    ]


def score_changes(base: pl.DataFrame, variant: pl.DataFrame) -> list[ScoreChange]:
    """The tasks and the mean, in the leaderboard's order, as far as both sides have them.

    Args:
        base: rows of ``scores/leaderboard[base]``.
        variant: rows of ``scores/leaderboard`` of another variant.

    Raises:
        SgAssetsError: a side has no normalised score, or the sides scored different numbers of items of a task.
    """
    before, after = _normalised(base, "base"), _normalised(variant, "the variant")
    shared = [name for name in (*TASK_NAMES, MEAN) if name in before and name in after]
    for name in shared:
        if before[name][1] != after[name][1]:
            raise SgAssetsError(
                f"'{name}' has {before[name][1]} items for the base and {after[name][1]} for the variant",
                why="scores on different items cannot be compared",
                remedy="Score both under one profile",
            )
    return [ScoreChange(name, before[name][0], after[name][0]) for name in shared]


def _normalised(scores: pl.DataFrame, side: str) -> dict[str, tuple[float, int]]:
    rows = scores.filter(pl.col("metric") == NORMALISED)
    if rows.is_empty():
        raise SgAssetsError(f"{side} has no normalised score", where="scores/leaderboard")
    return {row["slice"]: (row["value"], row["n"]) for row in rows.to_dicts()}
