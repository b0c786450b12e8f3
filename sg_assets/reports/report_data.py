"""Data of the results report, gathered from scores and their inputs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from sg_assets.declarations.asset_names import BASE, DIVERGENCE, LEADERBOARD
from sg_assets.declarations.validate.variants import parent_adapter
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.leaderboard.score_changes import VariantScores, paired_changes
from sg_assets.reports.comparability import measure, measured_differently
from sg_assets.reports.figure_data import FigureInputs, filled
from sg_assets.reports.paired_changes import ItemScores, Question, VariantChange, against, answered
from sg_assets.reports.published_numbers import references
from sg_assets.reports.render.page import ContinuedTraining, ObjectiveOutcome, Report
from sg_assets.reports.results import MetricColumn, Results, results
from sg_assets.reports.score_items import items_behind
from sg_assets.reports.scoreboard import scores_of, variant_notes
from sg_assets.reports.training_costs import TrainingCost, cost
from sg_assets.store.pinned_inputs import lineage

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.store import Store

Items = Mapping[tuple[str, str], ItemScores]
"""By benchmark and variant."""


def report_of(
    declared: "Declarations",
    store: "Store",
    columns: Sequence[MetricColumn],
    scores: "Iterable[Manifest]",
    *,
    told: Mapping[str, str],
    judged: "Iterable[Manifest]",
) -> Report:
    """The report of a set of scores.

    Args:
        declared: What is declared.
        store: The store of versions.
        columns: The scores to show.
        scores: Versions of ``scores/*``.
        told: Remarks that a reader needs to compare the scores, by version.
        judged: Versions of ``scores/objectives``.
    """
    every = sorted(scores, key=lambda one: (one.asset, str(one.partition)))
    headlines = [item for item in columns if item.headline]
    shown = results(scores_of(store, every, told, declared.replicates), variant_notes(declared), columns)
    items = _items(declared, store, every)
    trainings = {name: _trainings(store, name, every) for name in dict.fromkeys(name for _, name in items)}
    costs = {name: cost(name, adapters, _hour(declared)) for name, adapters in trainings.items()}
    skills = _skills(store, every, items)
    return Report(
        shown,
        _gains(items, headlines),
        [answered(question, items) for question in questions(declared)],
        costs,
        skills,
        _objective_outcomes(declared, store, judged),
        _figures(declared, shown, items, costs, skills, trainings),
        _continued_trainings(declared, headlines, items, costs),
        _references(declared, shown, skills),
    )


def questions(declared: "Declarations") -> list[Question]:
    """The declared questions."""
    return [
        Question(
            comparison.question,
            comparison.variant,
            comparison.against,
            comparison.benchmark,
            comparison.metric,
            comparison.slice,
            comparison.asks,
        )
        for comparison in declared.comparisons
    ]


def _gains(items: Items, columns: Sequence[MetricColumn]) -> list[VariantChange]:
    scored = dict.fromkeys(variant for _, variant in items)
    return [answered(question, items) for question in against(BASE, columns, scored)] if BASE in scored else []


def _items(declared: "Declarations", store: "Store", scores: "Iterable[Manifest]") -> Items:
    """The scores of every variant item by item, with those of its further trainings."""
    alone = {(score.ref.table, str(score.partition)): _measured(declared, store, score) for score in scores}
    again = declared.replicates
    named = {run for runs in again.values() for run in runs}
    return {
        (table, name): replace(
            score, runs=tuple(_comparable_items(score, (alone.get((table, run)) for run in again.get(name, ()))))
        )
        for (table, name), score in alone.items()
        if name not in named
    }


def _comparable_items(one: ItemScores, others: Iterable[ItemScores | None]) -> list[pl.DataFrame]:
    """The items of scores that exist and have the same measure as a score."""
    return [
        other.items for other in others if other is not None and not measured_differently(one.measure, other.measure)
    ]


def _measured(declared: "Declarations", store: "Store", score: "Manifest") -> ItemScores:
    trained = declared.variants[str(score.partition)].method != "none"
    return ItemScores(items_behind(store, score), measure(store, score), trained=trained)


def _objective_outcomes(
    declared: "Declarations", store: "Store", judged: "Iterable[Manifest]"
) -> dict[str, list[ObjectiveOutcome]]:
    """The outcome of each variant's objectives, in the order declared."""
    objectives = declared.profile.objectives
    outcomes: dict[str, list[ObjectiveOutcome]] = {}
    for version in judged:
        rows = {row["objective"]: row for row in pl.read_parquet(store.path(version)).iter_rows(named=True)}
        outcomes[str(version.partition)] = [
            ObjectiveOutcome(objective.description, rows[objective.id]["outcome"], rows[objective.id]["finding"])
            for objective in objectives
            if objective.id in rows
        ]
    return outcomes


def _skills(store: "Store", scores: "Iterable[Manifest]", items: Items) -> dict[str, list[TaskChange]]:
    """The leaderboard tasks of each variant against base, if both have the same measure."""
    by_variant = {str(score.partition): score for score in scores if score.asset == LEADERBOARD}
    base = by_variant.get(BASE)
    if base is None:
        return {}
    base_measure = measure(store, base)
    sides = {
        name: VariantScores(
            pl.read_parquet(store.path(score)),
            items[score.ref.table, name].items,
            score.details.get("scales", {}),
        )
        for name, score in by_variant.items()
        if (score.ref.table, name) in items and not measured_differently(base_measure, measure(store, score))
    }
    return {name: paired_changes(sides[BASE], side) for name, side in sides.items()}


def _trainings(store: "Store", variant: str, scores: "Iterable[Manifest]") -> "list[Manifest]":
    """Every adapter a variant's scores rest on; none where a record is lost, for some may be missing then."""
    own = (score for score in scores if score.partition == variant)
    try:
        pins = {pin.version: pin for score in own for pin in lineage(store, score) if pin.ref.schema == "adapters"}
        return [store.manifest(pin.ref, pin.version) for pin in pins.values()]
    except SgAssetsError:
        return []


def _hour(declared: "Declarations") -> float | None:
    prices = declared.profile.prices
    return None if prices is None else prices.training_hour


def _figures(  # noqa: PLR0917 - a figure may show anything the report knows
    declared: "Declarations",
    shown: Results,
    items: Items,
    costs: Mapping[str, TrainingCost],
    skills: Mapping[str, Sequence[TaskChange]],
    trainings: "Mapping[str, Sequence[Manifest]]",
) -> list[Any]:
    likeness = {variant: item.items for (asset, variant), item in items.items() if asset == DIVERGENCE.split("/")[1]}
    own = {
        variant: item.details
        for variant, adapters in trainings.items()
        for item in adapters
        if item.partition == variant
    }
    published = () if declared.published is None else declared.published.numbers
    inputs = FigureInputs(shown, skills, likeness, own, _gains(items, shown.columns), costs, published)
    return filled(declared.figures, inputs)


def _continued_trainings(
    declared: "Declarations", columns: Sequence[MetricColumn], items: Items, costs: Mapping[str, TrainingCost]
) -> list[ContinuedTraining]:
    """The changes by each training that continues another adapter."""
    variants = declared.variants
    continued = []
    for name, variant in variants.items():
        parent = parent_adapter(variant, variants)
        if parent is None or name not in costs or parent not in costs:
            continue
        own, before = costs[name].seconds, costs[parent].seconds
        changes = [answered(question, items) for question in against(parent, columns, (name,))]
        continued.append(ContinuedTraining(name, parent, changes, own, own / before if before else None))
    return continued


def _references(declared: "Declarations", shown: Results, skills: Mapping[str, Sequence[TaskChange]]) -> list[Any]:
    published = declared.published
    return [] if published is None else references(published.numbers, shown, skills)
