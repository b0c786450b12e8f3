"""What reports and model cards show of scores: which columns, from which versions, with which remarks."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from sg_assets.declarations.asset_names import DIVERGENCE, LEADERBOARD
from sg_assets.declarations.judge_kinds import demo_judged
from sg_assets.leaderboard.normalisation import MEAN
from sg_assets.leaderboard.scores import NORMALISED
from sg_assets.reports.comparability import remarks
from sg_assets.reports.machine_marks import machine_remarks
from sg_assets.reports.results import MetricColumn, VariantNote
from sg_assets.reports.training_runs import with_runs

if TYPE_CHECKING:
    from sg_assets.declarations.loading import Declarations
    from sg_assets.declarations.records.benchmark import Benchmark
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.store import Store

_MEAN_SKILL = MetricColumn("leaderboard", NORMALISED, MEAN, "Leaderboard, mean", "higher", unit="score")


def variant_notes(declared: "Declarations") -> list[VariantNote]:
    """The declared variants, in their order."""
    return [
        VariantNote(variant.name, variant.description, variant.method)
        for variant in declared.declared_variants.values()
    ]


def shown_columns(declared: "Declarations", assets: Collection[str]) -> tuple[MetricColumn, ...]:
    """The scores that reports show, in the order declared: benchmarks, the leaderboard's mean, likeness to base.

    Args:
        declared: What is declared.
        assets: What the profile makes of it.
    """
    scored = (benchmark for benchmark in declared.benchmarks.values() if f"scores/{benchmark.name}" in assets)
    leaderboard = [_MEAN_SKILL] if LEADERBOARD in assets else []
    similarities = _similarities(declared) if DIVERGENCE in assets else []
    return (*(column for benchmark in scored for column in _shown(benchmark)), *leaderboard, *similarities)


def _shown(benchmark: "Benchmark") -> list[MetricColumn]:
    return [
        MetricColumn(benchmark.name, score.metric, score.slice, score.title, score.better, score.headline, score.axis)
        for score in benchmark.shown
    ]


def _similarities(declared: "Declarations") -> list[MetricColumn]:
    """How near a variant's answers stay to base's, per benchmark that asks for it and label."""
    return [
        MetricColumn(
            DIVERGENCE.split("/")[1], "similarity", f"{name}_{label}", f"Likeness to base, {name} {label}", "higher",
            unit="cosine",
        )
        for name, benchmark in declared.benchmarks.items()
        if benchmark.divergence is not None
        for label in benchmark.divergence.shown
    ]  # fmt: skip


def skill_columns(declared: "Declarations") -> tuple[MetricColumn, ...]:
    """A column per task of the leaderboard."""
    leaderboard = declared.profile.leaderboard
    return tuple(
        MetricColumn("leaderboard", NORMALISED, task, f"Leaderboard, {task}", "higher", unit="score")
        for task in (leaderboard.tasks if leaderboard else ())
    )


def scores_of(
    store: "Store",
    scores: "Iterable[Manifest]",
    told: Mapping[str, str],
    replicates: Mapping[str, tuple[str, ...]],
) -> pl.DataFrame:
    """The rows of several scores, each with its version, remarks on it, and the results of further trainings.

    Args:
        store: Where they lie.
        scores: Versions of ``scores/*``.
        told: Remarks for readers who compare the scores, by version.
        replicates: The further trainings of a variant, by its name.
    """
    versions = list(scores)
    elsewhere = machine_remarks(store, versions)
    rows = pl.concat(
        pl.read_parquet(store.path(score)).with_columns(
            benchmark=pl.lit(score.ref.table),
            version=pl.lit(score.version),
            remark=pl.lit(told[score.version]),
            machine=pl.lit(elsewhere[score.version]),
        )
        for score in versions
    ).sort("benchmark", "variant", "metric", "slice")
    return with_runs(rows, replicates)


def remarks_on(store: "Store", scores: "Iterable[Manifest]") -> dict[str, str]:
    """What a reader must know to compare scores, by version."""
    by_benchmark: dict[str, list[Manifest]] = {}
    for score in scores:
        by_benchmark.setdefault(score.asset, []).append(score)
    return {
        version: remark for versions in by_benchmark.values() for version, remark in remarks(store, versions).items()
    }


def cautions(declared: "Declarations", *, own_comments: bool) -> list[str]:
    """What a reader must know before any number.

    Args:
        declared: What is declared.
        own_comments: Whether the comments come from a folder, and are not generated.
    """
    profile = declared.profile
    if not any(profile.is_demo_judge(judge) for judge in declared.judges):
        return []
    marked = demo_judged(profile, declared.judges)
    notes = ["Demo judges, not moderation models: tiny models on generated language show that the programme runs."]
    if marked is not None:
        notes = [marked]
    if own_comments:
        notes.append("The comments are your own, labelled and scored by demo judges: no rate here is a finding.")
    return notes
