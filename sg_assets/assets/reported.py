"""What the results report shows, gathered from scores and what they were made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from sg_assets.assets.project import Project
from sg_assets.assets.scoreboard import items_behind, scores_of, shown_columns, variant_notes
from sg_assets.declarations.graph import BASE, DIVERGENCE, LEADERBOARD
from sg_assets.declarations.variants import parent_adapter
from sg_assets.leaderboard.changes import Change as TaskChange
from sg_assets.leaderboard.changes import Side, paired_changes
from sg_assets.reports.changes import Change, Measured, Question, against, answered
from sg_assets.reports.compared import Found, filled
from sg_assets.reports.costs import Cost, cost
from sg_assets.reports.measures import measure, measured_otherwise
from sg_assets.reports.page import Further, Held, Report
from sg_assets.reports.references import references
from sg_assets.reports.results import MetricColumn, Results, results
from sg_assets.store.manifests import Manifest
from sg_assets.store.pins import lineage

Items = Mapping[tuple[str, str], Measured]
"""By benchmark and variant."""


def report_of(
    project: Project, scores: Iterable[Manifest], told: Mapping[str, str], judged: Iterable[Manifest]
) -> Report:
    """The report of a set of scores.

    Args:
        project: The project.
        scores: Versions of ``scores/*``.
        told: What a reader must know to compare them, by version.
        judged: Versions of ``scores/objectives``.
    """
    every = sorted(scores, key=lambda one: (one.asset, str(one.partition)))
    columns = shown_columns(project)
    headlines = [one for one in columns if one.headline]
    shown = results(scores_of(project, every, told), variant_notes(project), columns)
    items = _items(project, every)
    trainings = {name: _trainings(project, name, every) for name in dict.fromkeys(name for _, name in items)}
    costs = {name: cost(name, adapters, _hour(project)) for name, adapters in trainings.items()}
    skills = _skills(project, every, items)
    return Report(
        shown,
        _gains(items, headlines),
        [answered(question, items) for question in questions(project)],
        costs,
        skills,
        _held(project, judged),
        _figures(project, shown, items, costs, skills, trainings),
        _further(project, headlines, items, costs),
        _references(project, shown, skills),
    )


def questions(project: Project) -> list[Question]:
    """The declared questions."""
    return [
        Question(one.question, one.variant, one.against, one.benchmark, one.metric, one.slice, one.asks)
        for one in project.declared.comparisons
    ]


def _gains(items: Items, columns: Sequence[MetricColumn]) -> list[Change]:
    scored = dict.fromkeys(variant for _, variant in items)
    return [answered(one, items) for one in against(BASE, columns, scored)] if BASE in scored else []


def _items(project: Project, scores: Iterable[Manifest]) -> Items:
    """Every variant's scores item by item, those of its further trainings beside them."""
    alone = {(one.ref.table, str(one.partition)): _measured(project, one) for one in scores}
    again = project.declared.replicates
    named = {run for runs in again.values() for run in runs}
    return {
        (table, name): replace(one, runs=tuple(_alike(one, (alone.get((table, run)) for run in again.get(name, ())))))
        for (table, name), one in alone.items()
        if name not in named
    }


def _alike(one: Measured, others: Iterable[Measured | None]) -> list[pl.DataFrame]:
    """The items of those that are there and were measured as one was."""
    return [it.items for it in others if it is not None and not measured_otherwise(one.measure, it.measure)]


def _measured(project: Project, score: Manifest) -> Measured:
    trained = project.declared.variants[str(score.partition)].method != "none"
    return Measured(items_behind(project, score), measure(project.store, score), trained=trained)


def _held(project: Project, judged: Iterable[Manifest]) -> dict[str, list[Held]]:
    """What each variant is held to and how it stands, in the order declared."""
    declared = project.declared.profile.objectives
    found: dict[str, list[Held]] = {}
    for one in judged:
        rows = {row["objective"]: row for row in pl.read_parquet(project.store.path(one)).iter_rows(named=True)}
        found[str(one.partition)] = [
            Held(it.description, rows[it.id]["outcome"], rows[it.id]["finding"]) for it in declared if it.id in rows
        ]
    return found


def _skills(project: Project, scores: Iterable[Manifest], items: Items) -> dict[str, list[TaskChange]]:
    """The leaderboard's tasks of each variant against base, where both were put through the same."""
    found = {str(one.partition): one for one in scores if one.asset == LEADERBOARD}
    base = found.get(BASE)
    if base is None:
        return {}
    asked = measure(project.store, base)
    sides = {
        name: Side(
            pl.read_parquet(project.store.path(one)),
            items[one.ref.table, name].items,
            one.details.get("scales", {}),
        )
        for name, one in found.items()
        if (one.ref.table, name) in items and not measured_otherwise(asked, measure(project.store, one))
    }
    return {name: paired_changes(sides[BASE], side) for name, side in sides.items()}


def _trainings(project: Project, variant: str, scores: Iterable[Manifest]) -> list[Manifest]:
    """Every adapter a variant's scores rest on."""
    own = (one for one in scores if one.partition == variant)
    pins = {pin.version: pin for one in own for pin in lineage(project.store, one) if pin.ref.schema == "adapters"}
    return [project.store.manifest(pin.ref, pin.version) for pin in pins.values()]


def _hour(project: Project) -> float | None:
    prices = project.declared.profile.prices
    return None if prices is None else prices.training_hour


def _figures(  # noqa: PLR0917 - a figure may show anything the report knows
    project: Project,
    shown: Results,
    items: Items,
    costs: Mapping[str, Cost],
    skills: Mapping[str, Sequence[TaskChange]],
    trainings: Mapping[str, Sequence[Manifest]],
) -> list[Any]:
    declared = project.declared
    likeness = {variant: one.items for (asset, variant), one in items.items() if asset == DIVERGENCE.split("/")[1]}
    own = {
        variant: one.details for variant, adapters in trainings.items() for one in adapters if one.partition == variant
    }
    published = () if declared.published is None else declared.published.numbers
    found = Found(shown, skills, likeness, own, _gains(items, shown.columns), costs, published)
    return filled(declared.figures, found)


def _further(
    project: Project, columns: Sequence[MetricColumn], items: Items, costs: Mapping[str, Cost]
) -> list[Further]:
    """What each training that goes on from another adapter bought."""
    variants = project.declared.variants
    found = []
    for name, variant in variants.items():
        parent = parent_adapter(variant, variants)
        if parent is None or name not in costs or parent not in costs:
            continue
        own, before = costs[name].seconds, costs[parent].seconds
        changes = [answered(one, items) for one in against(parent, columns, (name,))]
        found.append(Further(name, parent, changes, own, own / before if before else None))
    return found


def _references(project: Project, shown: Results, skills: Mapping[str, Sequence[TaskChange]]) -> list[Any]:
    published = project.declared.published
    return [] if published is None else references(published.numbers, shown, skills)
