"""What reports and model cards show of scores: which columns, from which versions, with which remarks."""

from collections.abc import Iterable, Mapping

import polars as pl

from sg_assets.assets.project import Project
from sg_assets.declarations.graph import DIVERGENCE, LEADERBOARD, items_of
from sg_assets.declarations.records import Benchmark
from sg_assets.leaderboard.normalise import MEAN
from sg_assets.leaderboard.scores import NORMALISED
from sg_assets.reports.machines import machine_remarks
from sg_assets.reports.measures import remarks
from sg_assets.reports.results import MetricColumn, VariantNote
from sg_assets.reports.runs import with_runs
from sg_assets.store.manifests import Manifest

_MEAN_SKILL = MetricColumn("leaderboard", NORMALISED, MEAN, "Leaderboard, mean", "higher", unit="score")


def variant_notes(project: Project) -> list[VariantNote]:
    """The declared variants, in their order."""
    return [VariantNote(one.name, one.description, one.method) for one in project.declared.declared_variants.values()]


def shown_columns(project: Project) -> tuple[MetricColumn, ...]:
    """The scores that reports show, in the order declared: benchmarks, the leaderboard's mean, likeness to base."""
    scored = (one for one in project.declared.benchmarks.values() if f"scores/{one.name}" in project.graph.nodes)
    leaderboard = [_MEAN_SKILL] if LEADERBOARD in project.graph.nodes else []
    return (*(column for benchmark in scored for column in _shown(benchmark)), *leaderboard, *_similarities(project))


def _shown(benchmark: Benchmark) -> list[MetricColumn]:
    return [
        MetricColumn(benchmark.name, one.metric, one.slice, one.title, one.better, one.headline, one.axis)
        for one in benchmark.shown
    ]


def _similarities(project: Project) -> list[MetricColumn]:
    """How near a variant's answers stay to base's, per benchmark that asks for it and label."""
    if DIVERGENCE not in project.graph.nodes:
        return []
    return [
        MetricColumn(
            DIVERGENCE.split("/")[1], "similarity", f"{name}_{label}", f"Likeness to base, {name} {label}", "higher",
            unit="cosine",
        )
        for name, one in project.declared.benchmarks.items()
        if one.divergence is not None
        for label in one.divergence.shown
    ]  # fmt: skip


def skill_columns(project: Project) -> tuple[MetricColumn, ...]:
    """The leaderboard's tasks, one by one."""
    declared = project.declared.profile.leaderboard
    return tuple(
        MetricColumn("leaderboard", NORMALISED, task, f"Leaderboard, {task}", "higher", unit="score")
        for task in (declared.tasks if declared else ())
    )


def scores_of(project: Project, scores: Iterable[Manifest], told: Mapping[str, str]) -> pl.DataFrame:
    """The rows of several scores, each with its version, what must be told of that, and what further trainings gave."""
    found = list(scores)
    elsewhere = machine_remarks(project.store, found)
    rows = pl.concat(
        pl.read_parquet(project.store.path(one)).with_columns(
            benchmark=pl.lit(one.ref.table),
            version=pl.lit(one.version),
            remark=pl.lit(told[one.version]),
            machine=pl.lit(elsewhere[one.version]),
        )
        for one in found
    ).sort("benchmark", "variant", "metric", "slice")
    return with_runs(rows, project.declared.replicates)


def items_behind(project: Project, score: Manifest) -> pl.DataFrame:
    """A score's values item by item: the table that the same step published beside it."""
    [beside] = [pin for pin in score.made_with if pin.asset == items_of(score.asset)]
    return pl.read_parquet(project.store.path(project.store.manifest(beside.ref, beside.version)))


def remarks_on(project: Project, scores: Iterable[Manifest]) -> dict[str, str]:
    """What a reader must know to compare scores, by version."""
    by_benchmark: dict[str, list[Manifest]] = {}
    for one in scores:
        by_benchmark.setdefault(one.asset, []).append(one)
    return {version: told for found in by_benchmark.values() for version, told in remarks(project.store, found).items()}


def cautions(project: Project) -> list[str]:
    """What a reader must know before any number."""
    if set(project.declared.judges) <= project.declared.profile.judges.keys():
        return []
    told = ["Demo judges, not moderation models: tiny models on generated language show that the programme runs."]
    if project.settings.raw is not None:
        told.append("The comments are your own, labelled and scored by demo judges: no rate here is a finding.")
    return told
