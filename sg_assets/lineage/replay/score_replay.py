"""A score made again with causes restored: the share of its change that each cause makes up."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Cause
from sg_assets.lineage.replay.counterfactuals import CounterfactualVersions, Make
from sg_assets.lineage.replay.restored_causes import RestorableCause, restorable_causes
from sg_assets.lineage.replay.shares import EXACT_UP_TO, ChangeShares, Coalition, coalitions, shapley_shares
from sg_assets.lineage.scores.exact_mean import exact_mean
from sg_assets.lineage.stored_versions import recorded_version, stored_rows
from sg_assets.lineage.walk import Explanation, is_training
from sg_assets.reports.score_items import items_pin
from sg_assets.statistics.items import GROUP, SCHEMA
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store


@dataclass(frozen=True)
class ReplayCost:
    """The most that a replay takes: stored versions and cached answers cost nothing."""

    coalitions: int
    """Sets of causes to restore."""
    versions: int
    """Versions to make."""
    trainings: int
    """Those among them that train a model."""
    training_seconds: float
    """Estimated by the trainings of the versions compared."""
    calls: int
    """Requests to a model."""
    tokens: int
    """Of prompts and answers."""
    generation_seconds: float
    """Estimated by the generations of the versions compared."""
    engines: tuple[str, ...]
    """The engines that answer the requests."""

    @property
    def is_free(self) -> bool:
        """Whether no model is trained or called."""
        return not (self.trainings or self.calls)


@dataclass(frozen=True)
class ReplayedScore:
    """One metric on one slice."""

    metric: str
    slice: str
    before: Fraction
    """The score of the earlier version."""
    after: Fraction
    """The score of the later version."""
    all_back: Fraction
    """The score with every restorable cause restored."""
    shared: ChangeShares
    """The change, divided among the causes."""

    @property
    def rest(self) -> Fraction:
        """The change that remains with everything restored: the effect of the causes that cannot be restored."""
        return self.all_back - self.before


@dataclass(frozen=True)
class Replay:
    """The scores with causes restored, and each cause's share of their changes."""

    restorable: tuple[RestorableCause, ...]
    """The causes that were restored."""
    not_restorable: tuple[Cause, ...]
    """Causes that cannot be restored here."""
    scores: tuple[ReplayedScore, ...]
    """Scores over whole labels that both versions have."""
    exact: bool
    """Whether all coalitions were replayed; else causes were restored singly."""
    coalitions: int
    """How many were replayed."""
    made: int
    """Versions that were made for it."""


@dataclass(frozen=True)
class ReplayPlan:
    """A replay that is known to be possible, and its cost."""

    before: Manifest
    """The earlier version of the score."""
    after: Manifest
    """The later version."""
    restorable: tuple[RestorableCause, ...]
    """The causes to restore."""
    not_restorable: tuple[Cause, ...]
    """Causes that cannot be restored here."""
    coalitions: tuple[Coalition, ...]
    """Sets of causes to restore."""
    versions: CounterfactualVersions
    """Makes the versions."""
    cost: ReplayCost
    """The most it takes."""


def plan_replay(store: Store, before: Manifest, after: Manifest, explanation: Explanation, make: Make) -> ReplayPlan:
    """What a replay would do. No version is made yet.

    Args:
        store: Holds both versions; takes the versions made.
        before: The earlier version of a score.
        after: The later one.
        explanation: Why they differ.
        make: Makes a version that is not stored.

    Raises:
        SgAssetsError: the two are not versions of one score that differ, or no cause can be restored.
    """
    if before.ref != after.ref or not kind_of(after.asset).has_items or explanation.equal:
        raise SgAssetsError(
            "no change to replay", where=f"{before.ref} {before.version}, {after.ref} {after.version}",
            why="a replay takes two versions of one score that differ",
        )  # fmt: skip
    restorable, not_restorable = restorable_causes(explanation)
    if not restorable:
        names = ", ".join(f"{cause.kind.value} {cause.name}" for cause in not_restorable)
        raise SgAssetsError("no cause can be restored here", where=str(after.ref), why=f"the causes are: {names}")
    wanted = tuple(coalitions(len(restorable)))
    versions = CounterfactualVersions(store, explanation, restorable, make)
    return ReplayPlan(before, after, restorable, not_restorable, wanted, versions, _cost(store, versions, wanted))


def replay(plan: ReplayPlan) -> Replay:
    """Make the score of every coalition, and divide the change among the causes.

    Raises:
        SgAssetsError: a step fails, or values item by item were removed.
    """
    store, versions = plan.versions.store, plan.versions
    items = {coalition: _items(store, versions.score(coalition)) for coalition in plan.coalitions}
    scores = tuple(_scores(plan, items, _items(store, plan.before)))
    exact = len(plan.restorable) <= EXACT_UP_TO
    return Replay(plan.restorable, plan.not_restorable, scores, exact, len(plan.coalitions), versions.made)


def _scores(plan: ReplayPlan, items: dict[Coalition, pl.DataFrame], before: pl.DataFrame) -> list[ReplayedScore]:
    sides = [*items.values(), before]
    groups = set.intersection(*(set(side.select(GROUP).unique().rows()) for side in sides))
    scores = []
    for metric, slice_ in sorted(group for group in groups if ":" not in group[1]):
        of_group = {coalition: side.filter(metric=metric, slice=slice_) for coalition, side in items.items()}
        shares = shapley_shares(of_group, len(plan.restorable))
        first = exact_mean(before.filter(metric=metric, slice=slice_)["value"])
        last = exact_mean(of_group[frozenset()]["value"])
        scores.append(ReplayedScore(metric, slice_, first, last, last - shares.change, shares))
    return scores


def _items(store: Store, version: Manifest) -> pl.DataFrame:
    where, pin = f"{version.ref} {version.version}", items_pin(version)
    if pin is None:
        raise SgAssetsError("the score cannot be replayed", where=where, why="no item values were published")
    try:
        return stored_rows(store, recorded_version(store, pin), types=SCHEMA)
    except SgAssetsError as error:
        raise SgAssetsError(
            "the score cannot be replayed", where=where, why=f"of its item values, {error.what}"
        ) from error


def _cost(store: Store, versions: CounterfactualVersions, wanted: Sequence[Coalition]) -> ReplayCost:
    to_make = versions.versions_to_make(wanted)
    pins = {changed.name: changed.after for changed in versions.explanation.changed}
    known = {name: recorded_version(store, pin) for name, pin in pins.items() if name in to_make}
    trained = [(count, known[name]) for name, count in to_make.items() if is_training(known[name])]
    details = [(count, known[name].details) for name, count in to_make.items()]
    asked = [(count, facts) for count, facts in details if "prompts_distinct" in facts]
    return ReplayCost(
        coalitions=len(wanted),
        versions=sum(to_make.values()),
        trainings=sum(count for count, _ in trained),
        training_seconds=sum(count * version.seconds for count, version in trained),
        calls=sum(count * int(facts["prompts_distinct"]) for count, facts in asked),
        tokens=sum(count * int(facts[name]) for count, facts in asked for name in ("prompt_tokens", "response_tokens")),
        generation_seconds=sum(count * float(facts["generation_seconds"]) for count, facts in asked),
        engines=tuple(sorted({str(facts["engine"]["engine"]) for _, facts in asked})),
    )
