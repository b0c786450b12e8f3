"""Whether a score moved so that somebody should look: by more than noise, and by more than they care about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sg_assets.lineage.scores.significance import MOVED
from sg_assets.lineage.why import Score, Why

Sizes = Mapping[tuple[str, str], float | None]
"""The watched scores by metric and slice, each with the size from which on a move is told; None: any size."""


class Finding(StrEnum):
    """What is said of one score."""

    MOVED = "moved"
    """By more than noise, and by as much as is told."""

    SMALL = "moved by less than is told"
    """By more than noise, and by less than was declared to matter."""

    HELD = "no move beyond noise"
    """The interval of the paired difference holds 0, there is none, or nothing moved."""


@dataclass(frozen=True)
class Move:
    """One watched score."""

    score: Score
    told_from: float | None
    finding: Finding


def moves(why: Why, sizes: Sizes) -> tuple[Move, ...]:
    """What became of the watched scores that both versions have, in the order they are watched."""
    known = {(one.change.metric, one.change.slice): one for one in why.scores}
    return tuple(
        Move(known[group], size, _finding(known[group], size)) for group, size in sizes.items() if group in known
    )


def alarming(found: Sequence[Move]) -> list[Move]:
    """Those that somebody should look at."""
    return [one for one in found if one.finding is Finding.MOVED]


def _finding(score: Score, told_from: float | None) -> Finding:
    if score.significance.verdict not in MOVED:
        return Finding.HELD
    by = abs(score.significance.paired.difference or 0.0)
    return Finding.SMALL if told_from is not None and by < told_from else Finding.MOVED
