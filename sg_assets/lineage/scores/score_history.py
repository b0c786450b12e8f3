"""The history of a score, publish by publish: its values, the causes that moved them, and its best value.

Every entry of the log of heads is a step, so a version that was made current again is a step of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import polars as pl

from sg_assets.declarations.kinds.benchmarks import SCORES
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.flips import Better
from sg_assets.lineage.scores.seed_spread import MetricSlice
from sg_assets.lineage.why import ComparedScore, Why
from sg_assets.reports.comparability import measure, measured_differently
from sg_assets.store.manifests import HeadEntry, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

COMPARED = 10
"""Steps that are compared with the step before, by default."""
_COLUMNS = ("metric", "slice", "value", "low", "high", "n")


@dataclass(frozen=True)
class PublishedScore:
    """A published score."""

    value: float
    """The mean over its items."""
    low: float | None
    """Lower end of its interval; None where no interval is known."""
    high: float | None
    """Upper end."""
    n: int
    """How many items."""


@dataclass(frozen=True)
class HistoryStep:
    """A version became current."""

    number: int
    """Its position in the whole history, from 1."""
    version: str
    """The version."""
    action: Literal["publish", "revert", "release", "repair"]
    """As in the log: published by a step; an earlier version reverted to by hand; released from quarantine by hand."""
    at: datetime
    """When."""
    note: str | None
    """The reason that was given for an action by hand."""
    estimates: Mapping[MetricSlice, PublishedScore]
    """The scores it published; empty where its content was removed."""
    compared: Why | None
    """The comparison with the step before; None for the first step, for steps not compared, and where it cannot be
    known."""
    differences: tuple[str, ...]
    """How its measurement differs from that of the latest; the two values are then neither gain nor loss."""
    lost: tuple[str, ...]
    """The versions and contents that could not be read, in words."""

    def score(self, group: MetricSlice) -> ComparedScore | None:
        """The change of one score since the step before."""
        scores = self.compared.scores if self.compared else ()
        return next((score for score in scores if (score.change.metric, score.change.slice) == group), None)


@dataclass(frozen=True)
class ScoreStatus:
    """The latest, previous and best values of a score."""

    metric: str
    slice: str
    latest: HistoryStep
    """The current version."""
    previous: HistoryStep | None
    """The step before the latest; None where the latest is the first."""
    best: HistoryStep | None
    """The first step with the best value among those measured as the latest was; None where no way is declared good."""
    best_measured_differently: HistoryStep | None
    """A step with a better value that was measured differently, which is why it is not the best."""

    @property
    def group(self) -> MetricSlice:
        """Metric and slice."""
        return self.metric, self.slice


@dataclass(frozen=True)
class History:
    """The history of the scores of one asset partition."""

    ref: Ref
    """The asset partition."""
    steps: tuple[HistoryStep, ...]
    """All steps, oldest first."""
    shown: int
    """The number of last steps that were compared."""
    statuses: tuple[ScoreStatus, ...]
    """The scores that were selected."""

    @property
    def recent(self) -> tuple[HistoryStep, ...]:
        """The steps that were compared."""
        return self.steps[len(self.steps) - self.shown :]


def history(
    comparisons: Comparisons,
    ref: Ref,
    better: Better,
    *,
    metric: str | None = None,
    slice_: str | None = None,
    last: int | None = COMPARED,
) -> History:
    """Follow a score from its first version to the current one.

    Args:
        comparisons: Compares versions of a store.
        ref: The score.
        better: Which way is good, by metric and slice; without it no step is the best.
        metric: Only this metric.
        slice_: Only this slice. Without metric and slice: the scores for which a way is declared good, else those over
            whole labels.
        last: The number of last steps that are compared with the step before; None for all.

    Raises:
        SgAssetsError: no version is published, the asset is not a score, or it has no such metric or slice.
    """
    store = comparisons.store
    current = _required_score(store, ref)
    entries = store.heads.entries(ref)
    shown = len(entries) if last is None else min(last, len(entries))
    steps = tuple(_steps(comparisons, ref, entries, better, since=len(entries) - shown))
    groups = _selected(ref, _newest_estimates(steps), better, metric, slice_)
    steps = tuple(_with_differences(store, ref, steps, current))
    return History(ref, steps, shown, tuple(_status(steps, group, better.get(group)) for group in groups))


def _required_score(store: Store, ref: Ref) -> Manifest:
    current = store.required_head(ref)
    columns = {column.name for column in current.columns}
    if kind_of(ref.asset).schema != SCORES.schema or not columns.issuperset(_COLUMNS):
        raise SgAssetsError(
            f"{ref} is not a table of scores",
            why="a history shows values by metric and slice",
            remedy=f"List its versions with `sg-assets versions '{ref}'`, or compare two with `sg-assets why '{ref}'`",
        )
    return current


def _steps(
    comparisons: Comparisons, ref: Ref, entries: list[HeadEntry], better: Better, *, since: int
) -> list[HistoryStep]:
    steps: list[HistoryStep] = []
    before: Manifest | None = None
    for index, entry in enumerate(entries):
        lost, compared = [], None
        try:
            after: Manifest | None = comparisons.store.manifest(ref, entry.version)
        except SgAssetsError as error:
            after, lost = None, [error.what]
        if after is not None and before is not None and index >= since:
            compared = comparisons.between(before, after, better)
        estimates = _estimates(comparisons.store, after, lost)
        steps.append(
            HistoryStep(
                index + 1, entry.version, entry.action, entry.at, entry.note, estimates, compared, (), tuple(lost)
            )
        )
        before = after
    return steps


def _estimates(store: Store, version: Manifest | None, lost: list[str]) -> Mapping[MetricSlice, PublishedScore]:
    if version is None:
        return {}
    if not store.has_content(version):
        lost.append(f"the content of {version.version} was removed")
        return {}
    rows = pl.read_parquet(store.path(version), columns=list(_COLUMNS)).sort("metric", "slice").rows()
    return {(metric, slice_): PublishedScore(*values) for metric, slice_, *values in rows}


def _newest_estimates(steps: tuple[HistoryStep, ...]) -> Mapping[MetricSlice, PublishedScore]:
    """The scores of the newest step that has any: the latest content may have been removed."""
    return next((step.estimates for step in reversed(steps) if step.estimates), {})


def _selected(
    ref: Ref, known: Mapping[MetricSlice, PublishedScore], better: Better, metric: str | None, slice_: str | None
) -> list[MetricSlice]:
    """The scores that a history is about.

    Raises:
        SgAssetsError: the asset has no such metric, slice, or both together.
    """
    if metric is slice_ is None and (shown := [group for group in better if group in known]):
        return shown
    for index, (noun, name) in enumerate((("metric", metric), ("slice", slice_))):
        names = {group[index] for group in known}
        if name is not None and name not in names:
            raise SgAssetsError(f"{ref} has no {noun} '{name}'", remedy=nearest(name, names))
    groups = [group for group in known if metric in (None, group[0])]
    groups = [group for group in groups if (":" not in group[1] if slice_ is None else group[1] == slice_)]
    if not groups:
        raise SgAssetsError(f"{ref} has no {metric or 'score'} on {slice_ or 'a whole label'}", remedy="Name a --slice")
    return groups


def _with_differences(store: Store, ref: Ref, steps: tuple[HistoryStep, ...], current: Manifest) -> list[HistoryStep]:
    differences: dict[str, tuple[str, ...]] = {current.version: ()}
    for step in steps:
        if step.version not in differences:
            differences[step.version] = _differences(store, ref, step.version, current)
    return [replace(step, differences=differences[step.version]) for step in steps]


def _differences(store: Store, ref: Ref, version: str, current: Manifest) -> tuple[str, ...]:
    try:
        return tuple(measured_differently(measure(store, store.manifest(ref, version)), measure(store, current)))
    except SgAssetsError:
        return ("details that are no longer stored",)


def _status(
    steps: tuple[HistoryStep, ...], group: MetricSlice, better: Literal["lower", "higher"] | None
) -> ScoreStatus:
    previous = steps[-2] if len(steps) > 1 else None
    if better is None:
        return ScoreStatus(*group, steps[-1], previous, None, None)
    best = _best([step for step in steps if not step.differences], group, better)
    of_all = _best(list(steps), group, better)
    surpassed = of_all is not None and best is not None and of_all.estimates[group].value != best.estimates[group].value
    return ScoreStatus(*group, steps[-1], previous, best, of_all if surpassed else None)


def _best(steps: list[HistoryStep], group: MetricSlice, better: Literal["lower", "higher"]) -> HistoryStep | None:
    scored = [step for step in steps if group in step.estimates]
    best_of = min if better == "lower" else max
    return best_of(scored, key=lambda step: step.estimates[group].value) if scored else None
