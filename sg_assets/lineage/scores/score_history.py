"""What became of a score, publish by publish: its values, what moved them, and the best it ever was.

Every entry of the log of what is current is a step, so a version that was made current again is one of its own.
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
from sg_assets.lineage.why import Score, Why
from sg_assets.reports.comparability import measure, measured_otherwise
from sg_assets.store.manifests import HeadEntry, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

COMPARED = 10
"""Steps that are compared with the one before them, where nobody asks for more."""
_COLUMNS = ("metric", "slice", "value", "low", "high", "n")

Group = tuple[str, str]
"""Metric and slice."""


@dataclass(frozen=True)
class Estimate:
    """A published score."""

    value: float
    low: float | None
    """Lower end of its own interval; None where there is none."""
    high: float | None
    n: int
    """Items it is the mean of."""


@dataclass(frozen=True)
class Step:
    """A version became current."""

    number: int
    """Its place in the whole history, from 1."""
    version: str
    action: Literal["publish", "revert", "release"]
    """As the log has it: by a step; by hand, an earlier version again; by hand, out of quarantine."""
    at: datetime
    note: str | None
    """Why, in the words of whoever did it by hand."""
    estimates: Mapping[Group, Estimate]
    """The scores it published; none where its content is gone."""
    compared: Why | None
    """What changed since the step before; None for the first, or where that was not asked for or cannot be known."""
    otherwise: tuple[str, ...]
    """What it was not measured with as the latest was: then the two values are no progress and no loss."""
    lost: tuple[str, ...]
    """What could not be read, in words."""

    def score(self, group: Group) -> Score | None:
        """The change of one score since the step before."""
        found = self.compared.scores if self.compared else ()
        return next((one for one in found if (one.change.metric, one.change.slice) == group), None)


@dataclass(frozen=True)
class ScoreStatus:
    """Where one score stands."""

    metric: str
    slice: str
    latest: Step
    previous: Step | None
    """The step before the latest; None for the first."""
    best: Step | None
    """The first step with the best value among those measured as the latest was; None where no way is good."""
    best_otherwise: Step | None
    """A step with a still better value that was measured otherwise, which is why it is not the best."""

    @property
    def group(self) -> Group:
        """Metric and slice."""
        return self.metric, self.slice


@dataclass(frozen=True)
class History:
    """The whole of it."""

    ref: Ref
    steps: tuple[Step, ...]
    """Oldest first, all of them."""
    shown: int
    """How many of the last steps were compared."""
    standings: tuple[ScoreStatus, ...]
    """The scores that were asked about."""

    @property
    def recent(self) -> tuple[Step, ...]:
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
        better: Which way is good, by metric and slice; without it nothing is best.
        metric: Only this metric.
        slice_: Only this slice. Without metric and slice: the scores of which one way is good, those being the ones
            that are looked at, else those over whole labels.
        last: How many of the last steps are compared with the one before; None for all.

    Raises:
        SgAssetsError: nothing is published, it is no score, or it has no such metric or slice.
    """
    store = comparisons.store
    current = _required_score(store, ref)
    entries = store.heads.entries(ref)
    shown = len(entries) if last is None else min(last, len(entries))
    steps = tuple(_steps(comparisons, ref, entries, better, since=len(entries) - shown))
    groups = _asked(ref, _newest_estimates(steps), better, metric, slice_)
    steps = tuple(_otherwise(store, ref, steps, current))
    return History(ref, steps, shown, tuple(_standing(steps, group, better.get(group)) for group in groups))


def _required_score(store: Store, ref: Ref) -> Manifest:
    current = store.required_head(ref)
    columns = {column.name for column in current.columns}
    if kind_of(ref.asset).schema != SCORES.schema or not columns.issuperset(_COLUMNS):
        raise SgAssetsError(
            f"{ref} is no table of scores",
            why="a history is of values by metric and slice",
            remedy=f"See its versions with `sg-assets versions '{ref}'`, two of them with `sg-assets why '{ref}'`",
        )
    return current


def _steps(comparisons: Comparisons, ref: Ref, entries: list[HeadEntry], better: Better, *, since: int) -> list[Step]:
    steps: list[Step] = []
    before: Manifest | None = None
    for place, entry in enumerate(entries):
        lost, compared = [], None
        try:
            after: Manifest | None = comparisons.store.manifest(ref, entry.version)
        except SgAssetsError as error:
            after, lost = None, [error.what]
        if after is not None and before is not None and place >= since:
            compared = comparisons.between(before, after, better)
        estimates = _estimates(comparisons.store, after, lost)
        steps.append(
            Step(place + 1, entry.version, entry.action, entry.at, entry.note, estimates, compared, (), tuple(lost))
        )
        before = after
    return steps


def _estimates(store: Store, version: Manifest | None, lost: list[str]) -> Mapping[Group, Estimate]:
    if version is None:
        return {}
    if not store.has_content(version):
        lost.append(f"the content of {version.version} is gone")
        return {}
    rows = pl.read_parquet(store.path(version), columns=list(_COLUMNS)).sort("metric", "slice").rows()
    return {(metric, slice_): Estimate(*values) for metric, slice_, *values in rows}


def _newest_estimates(steps: tuple[Step, ...]) -> Mapping[Group, Estimate]:
    """Those of the newest step that has any: the latest content may be gone."""
    return next((one.estimates for one in reversed(steps) if one.estimates), {})


def _asked(
    ref: Ref, known: Mapping[Group, Estimate], better: Better, metric: str | None, slice_: str | None
) -> list[Group]:
    """The scores that were asked about.

    Raises:
        SgAssetsError: there is none of them.
    """
    if metric is slice_ is None and (shown := [group for group in better if group in known]):
        return shown
    for place, (what, name) in enumerate((("metric", metric), ("slice", slice_))):
        names = {group[place] for group in known}
        if name is not None and name not in names:
            raise SgAssetsError(f"{ref} has no {what} '{name}'", remedy=nearest(name, names))
    found = [group for group in known if metric in (None, group[0])]
    found = [group for group in found if (":" not in group[1] if slice_ is None else group[1] == slice_)]
    if not found:
        raise SgAssetsError(f"{ref} has no {metric or 'score'} on {slice_ or 'a whole label'}", remedy="Name a --slice")
    return found


def _otherwise(store: Store, ref: Ref, steps: tuple[Step, ...], current: Manifest) -> list[Step]:
    told: dict[str, tuple[str, ...]] = {current.version: ()}
    for one in steps:
        if one.version not in told:
            told[one.version] = _measured_otherwise(store, ref, one.version, current)
    return [replace(one, otherwise=told[one.version]) for one in steps]


def _measured_otherwise(store: Store, ref: Ref, version: str, current: Manifest) -> tuple[str, ...]:
    try:
        found = measured_otherwise(measure(store, store.manifest(ref, version)), measure(store, current))
    except SgAssetsError:
        return ("something that cannot be known any more",)
    return tuple(found)


def _standing(steps: tuple[Step, ...], group: Group, better: Literal["lower", "higher"] | None) -> ScoreStatus:
    previous = steps[-2] if len(steps) > 1 else None
    if better is None:
        return ScoreStatus(*group, steps[-1], previous, None, None)
    alike = _best([one for one in steps if not one.otherwise], group, better)
    of_all = _best(list(steps), group, better)
    surpassed = (
        of_all is not None and alike is not None and of_all.estimates[group].value != alike.estimates[group].value
    )
    return ScoreStatus(*group, steps[-1], previous, alike, of_all if surpassed else None)


def _best(steps: list[Step], group: Group, better: Literal["lower", "higher"]) -> Step | None:
    scored = [one for one in steps if group in one.estimates]
    choose = min if better == "lower" else max
    return choose(scored, key=lambda one: one.estimates[group].value) if scored else None
