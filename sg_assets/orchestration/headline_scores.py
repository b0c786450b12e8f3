"""The headline scores of an asset: which scores reports show, which direction is better, what size of move matters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sg_assets.declarations.asset_names import DIVERGENCE, LEADERBOARD
from sg_assets.declarations.kinds.benchmarks import SCORES
from sg_assets.declarations.loading import Declarations
from sg_assets.leaderboard.items import RAW
from sg_assets.leaderboard.normalisation import MEAN
from sg_assets.leaderboard.scores import NORMALISED
from sg_assets.lineage.scores.flips import Better


@dataclass(frozen=True)
class HeadlineScore:
    """A score that reports show."""

    metric: str
    slice: str
    better: Literal["lower", "higher"]
    """Which direction is better."""
    moved_by: float | None = None
    """The smallest move that is reported, in the score's unit; None: any move."""


def headline_scores(declared: Declarations, table: str) -> tuple[HeadlineScore, ...]:
    """The headline scores of ``scores/<table>``: values item by item were published for each."""
    if SCORES.of(table) == LEADERBOARD:
        return tuple(_tasks(declared))
    if SCORES.of(table) == DIVERGENCE:
        return tuple(_similarities(declared))
    benchmark = declared.benchmarks.get(table)
    shown = benchmark.shown if benchmark else ()
    return tuple(HeadlineScore(score.metric, score.slice, score.better, score.moved_by) for score in shown)


def directions(declared: Declarations, table: str) -> Better:
    """Which direction is better, by metric and slice, where a declaration says so."""
    better: dict[tuple[str, str], Literal["lower", "higher"]] = {
        (score.metric, score.slice): score.better for score in headline_scores(declared, table)
    }
    if SCORES.of(table) == LEADERBOARD:  # published on a scale of its own, without items
        better |= {(NORMALISED, slice_): "higher" for slice_ in (*(slice_ for _, slice_ in better), MEAN)}
    return better


def _tasks(declared: Declarations) -> Iterator[HeadlineScore]:
    leaderboard = declared.profile.leaderboard
    for task in leaderboard.tasks if leaderboard else ():
        yield HeadlineScore(RAW, task, "higher", leaderboard.moved_by if leaderboard else None)


def _similarities(declared: Declarations) -> Iterator[HeadlineScore]:
    for name, benchmark in declared.benchmarks.items():
        if benchmark.divergence is not None:
            for label in benchmark.divergence.shown:
                yield HeadlineScore("similarity", f"{name}_{label}", "higher", benchmark.divergence.moved_by)
