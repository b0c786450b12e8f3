"""Whether a watched score moved: by more than noise, and by at least the size that was declared to matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sg_assets.lineage.scores.significance import MOVED, ChangeVerdict
from sg_assets.lineage.why import ComparedScore, Why

Sizes = Mapping[tuple[str, str], float | None]
"""The watched scores by metric and slice, each with the size from which a move is reported; None: any size."""


class MoveFinding(StrEnum):
    """The result of the check for one score."""

    MOVED = "moved"
    """By more than noise, and by at least the size that is reported."""

    SMALL = "moved by less than the declared size"
    """By more than noise, and by less than the size that is reported."""

    INCOMPARABLE = "cannot be compared"
    """No item is in both versions: whether it moved is not known."""

    HELD = "no move beyond noise"
    """The interval of the paired difference holds 0, no interval is known, or no item moved."""


@dataclass(frozen=True)
class ScoreMove:
    """A watched score of two versions."""

    score: ComparedScore
    """Its comparison."""
    reported_from: float | None
    """The size from which a move is reported; None: any size."""
    finding: MoveFinding
    """Whether it moved."""


def score_moves(why: Why, sizes: Sizes) -> tuple[ScoreMove, ...]:
    """The watched scores that both versions have, in the order they are declared."""
    known = {(score.change.metric, score.change.slice): score for score in why.scores}
    return tuple(
        ScoreMove(known[group], size, _finding(known[group], size)) for group, size in sizes.items() if group in known
    )


def alarming_moves(watched: Sequence[ScoreMove]) -> list[ScoreMove]:
    """The moves that are reported."""
    return [move for move in watched if move.finding is MoveFinding.MOVED]


def _finding(score: ComparedScore, reported_from: float | None) -> MoveFinding:
    if score.significance.verdict is ChangeVerdict.INCOMPARABLE:
        return MoveFinding.INCOMPARABLE
    if score.significance.verdict not in MOVED:
        return MoveFinding.HELD
    size = abs(score.significance.paired.difference or 0.0)
    return MoveFinding.SMALL if reported_from is not None and size < reported_from else MoveFinding.MOVED
