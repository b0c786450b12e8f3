"""Which scores of an asset matter: those that reports show, which way is good, and from what size a move is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sg_assets.declarations.graph import DIVERGENCE, LEADERBOARD
from sg_assets.declarations.loading import Declarations
from sg_assets.leaderboard.items import RAW
from sg_assets.leaderboard.normalisation import MEAN
from sg_assets.leaderboard.scores import NORMALISED
from sg_assets.lineage.scores.flips import Better


@dataclass(frozen=True)
class Watched:
    """A score somebody looks at."""

    metric: str
    slice: str
    better: Literal["lower", "higher"]
    moved_by: float | None = None
    """From what size on a move is told, in the score's unit; None: any size."""


def watched_scores(declared: Declarations, table: str) -> tuple[Watched, ...]:
    """The scores of ``scores/<table>`` that are watched: values item by item stand behind each."""
    if f"scores/{table}" == LEADERBOARD:
        return tuple(_tasks(declared))
    if f"scores/{table}" == DIVERGENCE:
        return tuple(_similarities(declared))
    benchmark = declared.benchmarks.get(table)
    shown = benchmark.shown if benchmark else ()
    return tuple(Watched(one.metric, one.slice, one.better, one.moved_by) for one in shown)


def ways(declared: Declarations, table: str) -> Better:
    """Which way is good, by metric and slice, where something declared says so."""
    found: dict[tuple[str, str], Literal["lower", "higher"]] = {
        (one.metric, one.slice): one.better for one in watched_scores(declared, table)
    }
    if f"scores/{table}" == LEADERBOARD:  # published on a scale of its own, without items
        found |= {(NORMALISED, slice_): "higher" for slice_ in (*(slice_ for _, slice_ in found), MEAN)}
    return found


def _tasks(declared: Declarations) -> Iterator[Watched]:
    leaderboard = declared.profile.leaderboard
    for task in leaderboard.tasks if leaderboard else ():
        yield Watched(RAW, task, "higher", leaderboard.moved_by if leaderboard else None)


def _similarities(declared: Declarations) -> Iterator[Watched]:
    for name, one in declared.benchmarks.items():
        if one.divergence is not None:
            for label in one.divergence.shown:
                yield Watched("similarity", f"{name}_{label}", "higher", one.divergence.moved_by)
