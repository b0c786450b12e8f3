"""A score made again with causes put back: what each of several makes up of a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Cause
from sg_assets.lineage.replay.counterfactuals import CounterfactualVersions, Make
from sg_assets.lineage.replay.restored_causes import Player, players_of
from sg_assets.lineage.replay.shares import EXACT_UP_TO, Put, Shared, coalitions, share_out
from sg_assets.lineage.scores.evidence import items_pin
from sg_assets.lineage.walk import Explanation, is_training
from sg_assets.statistics.items import GROUP, SCHEMA
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Cost:
    """What a replay takes, at most: what is stored or cached already costs nothing."""

    coalitions: int
    versions: int
    """Versions to make."""
    trainings: int
    training_seconds: float
    """As long as those took that are compared."""
    calls: int
    """Requests to a model."""
    tokens: int
    """Of prompts and answers."""
    generation_seconds: float
    engines: tuple[str, ...]
    """Who answers them."""

    @property
    def is_free(self) -> bool:
        """Whether no model is trained or asked."""
        return not (self.trainings or self.calls)


@dataclass(frozen=True)
class ReplayedScore:
    """One metric on one slice."""

    metric: str
    slice: str
    before: Fraction
    after: Fraction
    all_back: Fraction
    """The score with everything put back that can be."""
    shared: Shared

    @property
    def rest(self) -> Fraction:
        """What putting everything back leaves of the change: the effect of what cannot be put back."""
        return self.all_back - self.before


@dataclass(frozen=True)
class Replay:
    """The whole of it."""

    players: tuple[Player, ...]
    left: tuple[Cause, ...]
    """Causes that cannot be put back here."""
    scores: tuple[ReplayedScore, ...]
    """Scores over whole labels that both versions have."""
    exact: bool
    """Whether all coalitions were replayed; else one cause was put back at a time."""
    coalitions: int
    made: int
    """Versions that were made for it."""


@dataclass(frozen=True)
class Prepared:
    """A replay that is known to be possible, and what it takes."""

    before: Manifest
    after: Manifest
    players: tuple[Player, ...]
    left: tuple[Cause, ...]
    puts: tuple[Put, ...]
    runs: CounterfactualVersions
    cost: Cost


def prepare(store: Store, before: Manifest, after: Manifest, explanation: Explanation, make: Make) -> Prepared:
    """What a replay would do. Nothing is made yet.

    Args:
        store: Has both versions, and takes what is made.
        before: The earlier version of a score.
        after: The later one.
        explanation: Why they differ.
        make: Makes a version as it would be.

    Raises:
        SgAssetsError: they are no two versions of one partition's scores, or no cause of them can be put back.
    """
    if before.ref != after.ref or not kind_of(after.asset).has_items or explanation.equal:
        raise SgAssetsError(
            "there is nothing to replay", where=f"{before.ref} {before.version}, {after.ref} {after.version}",
            why="a replay is of two versions of one score that differ",
        )  # fmt: skip
    players, left = players_of(explanation)
    if not players:
        told = ", ".join(f"{cause.kind.value} {cause.name}" for cause in left)
        raise SgAssetsError("no cause can be put back here", where=str(after.ref), why=f"there is only: {told}")
    puts = tuple(coalitions(len(players)))
    runs = CounterfactualVersions(store, explanation, players, make)
    return Prepared(before, after, players, left, puts, runs, _cost(store, runs, puts))


def replay(prepared: Prepared) -> Replay:
    """Make the score of every coalition, and share the change out.

    Raises:
        SgAssetsError: a step fails, or values item by item are gone.
    """
    store, runs = prepared.runs.store, prepared.runs
    items = {put: _items(store, runs.score(put)) for put in prepared.puts}
    scores = tuple(_scores(prepared, items, _items(store, prepared.before)))
    exact = len(prepared.players) <= EXACT_UP_TO
    return Replay(prepared.players, prepared.left, scores, exact, len(prepared.puts), runs.made)


def _scores(prepared: Prepared, items: dict[Put, pl.DataFrame], before: pl.DataFrame) -> list[ReplayedScore]:
    sides = [*items.values(), before]
    groups = set.intersection(*(set(side.select(GROUP).unique().rows()) for side in sides))
    found = []
    for metric, slice_ in sorted(group for group in groups if ":" not in group[1]):
        of_group = {put: side.filter(metric=metric, slice=slice_) for put, side in items.items()}
        shared = share_out(of_group, len(prepared.players))
        first, last = (_exact(side) for side in (before.filter(metric=metric, slice=slice_), of_group[frozenset()]))
        found.append(ReplayedScore(metric, slice_, first, last, last - shared.change, shared))
    return found


def _exact(side: pl.DataFrame) -> Fraction:
    counted = side["value"].value_counts().rows()
    return sum((Fraction(value) * count for value, count in counted), start=Fraction(0)) / side.height


def _items(store: Store, version: Manifest) -> pl.DataFrame:
    pin = items_pin(version)
    items = None if pin is None else store.manifest(pin.ref, pin.version)
    if items is None or not store.has_content(items):
        told = "no values were published item by item" if items is None else "they are gone"
        raise SgAssetsError("the score cannot be replayed", where=f"{version.ref} {version.version}", why=told)
    rows = pl.read_parquet(store.path(items))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _cost(store: Store, runs: CounterfactualVersions, puts: Sequence[Put]) -> Cost:
    to_make = runs.to_make(puts)
    known = {one.name: store.manifest(one.after.ref, one.after.version) for one in runs.explanation.changed}
    versions = [(count, known[name]) for name, count in to_make.items()]
    trained = [(count, version) for count, version in versions if is_training(version)]
    details = [(count, version.details) for count, version in versions]
    asked = [(count, told) for count, told in details if "prompts_distinct" in told]
    return Cost(
        coalitions=len(puts),
        versions=sum(to_make.values()),
        trainings=sum(count for count, _ in trained),
        training_seconds=sum(count * one.seconds for count, one in trained),
        calls=sum(count * int(one["prompts_distinct"]) for count, one in asked),
        tokens=sum(count * int(one[name]) for count, one in asked for name in ("prompt_tokens", "response_tokens")),
        generation_seconds=sum(count * float(one["generation_seconds"]) for count, one in asked),
        engines=tuple(sorted({str(one["engine"]["engine"]) for _, one in asked})),
    )
