"""The history of a score, publish by publish: its values, the causes that moved them, and its best value.

Every entry of the log of heads is a step, so a version that was made current again is a step of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sg_assets.declarations.kinds.benchmarks import SCORES
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.lineage.head_log import LostEntry, gap, readable_entries
from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.flips import Better
from sg_assets.lineage.scores.seed_spread import MetricSlice
from sg_assets.lineage.stored_versions import recorded_version, stored_rows
from sg_assets.lineage.version_pair import current_version
from sg_assets.lineage.why import ComparedScore, Why
from sg_assets.reports.comparability import measure, measured_differently
from sg_assets.store.manifests import HeadEntry, Manifest, PinnedInput
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
    action: Literal["publish", "revert", "release", "repair", "lost"]
    """As in the log: published by a step; an earlier version reverted to by hand; released from quarantine by hand;
    made current by a repair. Lost: the entry of the log cannot be read."""
    at: datetime
    """When."""
    note: str | None
    """The reason that was given for an action by hand."""
    estimates: Mapping[MetricSlice, PublishedScore]
    """The scores it published; empty where its content is gone or damaged."""
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
    """The scores that were selected; none where the values of every step are lost."""

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
    entries = readable_entries(store, ref)
    current = _required_score(store, ref, entries)
    shown = len(entries) if last is None else min(last, len(entries))
    steps = tuple(_steps(comparisons, ref, entries, better, since=len(entries) - shown))
    groups = _selected(ref, _newest_estimates(steps), better, metric, slice_)
    steps = tuple(_with_differences(store, ref, steps, current))
    return History(ref, steps, shown, tuple(_status(steps, group, better.get(group)) for group in groups))


_Entry = HeadEntry | LostEntry


def _required_score(store: Store, ref: Ref, entries: Sequence[_Entry]) -> Manifest | None:
    """The current version of a score; None where its record cannot be read.

    Raises:
        SgAssetsError: no version is published, or the asset is not a score.
    """
    if not entries:
        return current_version(store, ref)
    versions = [_manifest(store, ref, entry) for entry in entries]
    known = [version for version in versions if version is not None]
    columns = {column.name for column in known[-1].columns} if known else set(_COLUMNS)
    if kind_of(ref.asset).schema != SCORES.schema or not columns.issuperset(_COLUMNS):
        raise SgAssetsError(
            f"{ref} is not a table of scores",
            why="a history shows values by metric and slice",
            remedy=f"List its versions with `sg-assets versions '{ref}'`, or compare two with `sg-assets why '{ref}'`",
        )
    return versions[-1]


def _manifest(store: Store, ref: Ref, entry: _Entry, lost: list[str] | None = None) -> Manifest | None:
    """The version of an entry; None, and a line in ``lost``, where it is not known."""
    try:
        if isinstance(entry, LostEntry):
            raise entry.error
        pin = PinnedInput(asset=ref.asset, partition=ref.partition, version=entry.version, fingerprint="")
        return recorded_version(store, pin)
    except SgAssetsError as error:
        if lost is not None:
            lost.append(f"{error.where}: {error.what}" if error.where else error.what)
        return None


def _steps(
    comparisons: Comparisons, ref: Ref, entries: Sequence[_Entry], better: Better, *, since: int
) -> list[HistoryStep]:
    steps: list[HistoryStep] = []
    before: Manifest | None = None
    for index, entry in enumerate(entries):
        lost = [text for text in (gap(entries[index - 1] if index else None, entry),) if text]
        after = _manifest(comparisons.store, ref, entry, lost)
        is_compared = after is not None and before is not None and index >= since
        compared = comparisons.between(before, after, better) if is_compared and before and after else None
        estimates = _estimates(comparisons.store, after, lost)
        if isinstance(entry, LostEntry):
            step = HistoryStep(index + 1, "not known", "lost", entry.at, None, {}, None, (), tuple(lost))
        else:
            step = HistoryStep(
                index + 1, entry.version, entry.action, entry.at, entry.note, estimates, compared, (), tuple(lost)
            )
        steps.append(step)
        before = after
    return steps


def _estimates(store: Store, version: Manifest | None, lost: list[str]) -> Mapping[MetricSlice, PublishedScore]:
    if version is None:
        return {}
    try:
        rows = stored_rows(store, version, _COLUMNS).select(_COLUMNS).sort("metric", "slice").rows()
    except SgAssetsError as error:
        lost.append(error.what)
        return {}
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
    if not known:
        return []  # each step says why
    for index, (noun, name) in enumerate((("metric", metric), ("slice", slice_))):
        names = {group[index] for group in known}
        if name is not None and name not in names:
            raise SgAssetsError(f"{ref} has no {noun} '{name}'", remedy=nearest(name, names))
    groups = [group for group in known if metric in (None, group[0])]
    groups = [group for group in groups if (":" not in group[1] if slice_ is None else group[1] == slice_)]
    if not groups:
        raise SgAssetsError(f"{ref} has no {metric or 'score'} on {slice_ or 'a whole label'}", remedy="Name a --slice")
    return groups


def _with_differences(
    store: Store, ref: Ref, steps: tuple[HistoryStep, ...], current: Manifest | None
) -> list[HistoryStep]:
    differences: dict[str, tuple[str, ...]] = {} if current is None else {current.version: ()}
    for step in steps:
        if step.version not in differences:
            differences[step.version] = _differences(store, ref, step.version, current)
    return [replace(step, differences=differences[step.version]) for step in steps]


def _differences(store: Store, ref: Ref, version: str, current: Manifest | None) -> tuple[str, ...]:
    try:
        if current is not None:
            return tuple(measured_differently(measure(store, store.manifest(ref, version)), measure(store, current)))
    except (SgAssetsError, OSError):
        pass
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
