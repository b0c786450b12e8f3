"""What the results report shows, gathered from scores and what they were made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from sg_assets.declarations.asset_names import BASE, DIVERGENCE, LEADERBOARD
from sg_assets.declarations.validate.variants import parent_adapter
from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.leaderboard.score_changes import VariantScores, paired_changes
from sg_assets.reports.comparability import measure, measured_otherwise
from sg_assets.reports.figure_data import Found, filled
from sg_assets.reports.paired_changes import Change, Measured, Question, against, answered
from sg_assets.reports.published_numbers import references
from sg_assets.reports.render.page import Further, Held, Report
from sg_assets.reports.results import MetricColumn, Results, results
from sg_assets.reports.score_items import items_behind
from sg_assets.reports.scoreboard import scores_of, variant_notes
from sg_assets.reports.training_costs import Cost, cost
from sg_assets.store.pinned_inputs import lineage

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.store import Store

Items = Mapping[tuple[str, str], Measured]
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
        store: Where all of it lies.
        columns: What to show.
        scores: Versions of ``scores/*``.
        told: What a reader must know to compare them, by version.
        judged: Versions of ``scores/objectives``.
    """
    every = sorted(scores, key=lambda one: (one.asset, str(one.partition)))
    headlines = [one for one in columns if one.headline]
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
        _held(declared, store, judged),
        _figures(declared, shown, items, costs, skills, trainings),
        _further(declared, headlines, items, costs),
        _references(declared, shown, skills),
    )


def questions(declared: "Declarations") -> list[Question]:
    """The declared questions."""
    return [
        Question(one.question, one.variant, one.against, one.benchmark, one.metric, one.slice, one.asks)
        for one in declared.comparisons
    ]


def _gains(items: Items, columns: Sequence[MetricColumn]) -> list[Change]:
    scored = dict.fromkeys(variant for _, variant in items)
    return [answered(one, items) for one in against(BASE, columns, scored)] if BASE in scored else []


def _items(declared: "Declarations", store: "Store", scores: "Iterable[Manifest]") -> Items:
    """Every variant's scores item by item, those of its further trainings beside them."""
    alone = {(one.ref.table, str(one.partition)): _measured(declared, store, one) for one in scores}
    again = declared.replicates
    named = {run for runs in again.values() for run in runs}
    return {
        (table, name): replace(one, runs=tuple(_alike(one, (alone.get((table, run)) for run in again.get(name, ())))))
        for (table, name), one in alone.items()
        if name not in named
    }


def _alike(one: Measured, others: Iterable[Measured | None]) -> list[pl.DataFrame]:
    """The items of those that are there and were measured as one was."""
    return [it.items for it in others if it is not None and not measured_otherwise(one.measure, it.measure)]


def _measured(declared: "Declarations", store: "Store", score: "Manifest") -> Measured:
    trained = declared.variants[str(score.partition)].method != "none"
    return Measured(items_behind(store, score), measure(store, score), trained=trained)


def _held(declared: "Declarations", store: "Store", judged: "Iterable[Manifest]") -> dict[str, list[Held]]:
    """What each variant is held to and how it stands, in the order declared."""
    objectives = declared.profile.objectives
    found: dict[str, list[Held]] = {}
    for one in judged:
        rows = {row["objective"]: row for row in pl.read_parquet(store.path(one)).iter_rows(named=True)}
        found[str(one.partition)] = [
            Held(it.description, rows[it.id]["outcome"], rows[it.id]["finding"]) for it in objectives if it.id in rows
        ]
    return found


def _skills(store: "Store", scores: "Iterable[Manifest]", items: Items) -> dict[str, list[TaskChange]]:
    """The leaderboard's tasks of each variant against base, where both were put through the same."""
    found = {str(one.partition): one for one in scores if one.asset == LEADERBOARD}
    base = found.get(BASE)
    if base is None:
        return {}
    asked = measure(store, base)
    sides = {
        name: VariantScores(
            pl.read_parquet(store.path(one)),
            items[one.ref.table, name].items,
            one.details.get("scales", {}),
        )
        for name, one in found.items()
        if (one.ref.table, name) in items and not measured_otherwise(asked, measure(store, one))
    }
    return {name: paired_changes(sides[BASE], side) for name, side in sides.items()}


def _trainings(store: "Store", variant: str, scores: "Iterable[Manifest]") -> "list[Manifest]":
    """Every adapter a variant's scores rest on."""
    own = (one for one in scores if one.partition == variant)
    pins = {pin.version: pin for one in own for pin in lineage(store, one) if pin.ref.schema == "adapters"}
    return [store.manifest(pin.ref, pin.version) for pin in pins.values()]


def _hour(declared: "Declarations") -> float | None:
    prices = declared.profile.prices
    return None if prices is None else prices.training_hour


def _figures(  # noqa: PLR0917 - a figure may show anything the report knows
    declared: "Declarations",
    shown: Results,
    items: Items,
    costs: Mapping[str, Cost],
    skills: Mapping[str, Sequence[TaskChange]],
    trainings: "Mapping[str, Sequence[Manifest]]",
) -> list[Any]:
    likeness = {variant: one.items for (asset, variant), one in items.items() if asset == DIVERGENCE.split("/")[1]}
    own = {
        variant: one.details for variant, adapters in trainings.items() for one in adapters if one.partition == variant
    }
    published = () if declared.published is None else declared.published.numbers
    found = Found(shown, skills, likeness, own, _gains(items, shown.columns), costs, published)
    return filled(declared.figures, found)


def _further(
    declared: "Declarations", columns: Sequence[MetricColumn], items: Items, costs: Mapping[str, Cost]
) -> list[Further]:
    """What each training that goes on from another adapter bought."""
    variants = declared.variants
    found = []
    for name, variant in variants.items():
        parent = parent_adapter(variant, variants)
        if parent is None or name not in costs or parent not in costs:
            continue
        own, before = costs[name].seconds, costs[parent].seconds
        changes = [answered(one, items) for one in against(parent, columns, (name,))]
        found.append(Further(name, parent, changes, own, own / before if before else None))
    return found


def _references(declared: "Declarations", shown: Results, skills: Mapping[str, Sequence[TaskChange]]) -> list[Any]:
    published = declared.published
    return [] if published is None else references(published.numbers, shown, skills)
