"""``scores/leaderboard``: the Open LLM Leaderboard v2 through lm-eval, in processes of its own."""

from collections.abc import Mapping
from functools import partial

import dagster as dg

from sg_assets.declarations.asset_names import CHAT_MODEL, LEADERBOARD, items_of
from sg_assets.declarations.recipe_parameters import application_parameters, recipe_parameters
from sg_assets.declarations.records.leaderboard import Leaderboard
from sg_assets.leaderboard.job import BEHAVIOUR
from sg_assets.leaderboard.job import main as evaluate
from sg_assets.leaderboard.normalisation import MEAN, TASK_NAMES
from sg_assets.leaderboard.scores_step import JobCrashedError, score_leaderboard
from sg_assets.leaderboard.spec import LIBRARIES, LeaderboardSpec
from sg_assets.orchestration.asset_def import AssetDef, ExtraOutput
from sg_assets.orchestration.checks.score_moved import score_moved
from sg_assets.orchestration.dagster_internals import DagsterPipesExecutionError
from sg_assets.orchestration.effect_metadata import effect_seen
from sg_assets.orchestration.pipes import GPU_POOL, checkpoint_folder, discard_checkpoints, run_shared_job
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.why_metadata import what_changed
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

_ITEMS = items_of(LEADERBOARD)


def leaderboard_assets(project: Project) -> dict[str, AssetDef]:
    """``scores/leaderboard`` and its items, where the profile declares it."""
    declared = project.declared.profile.leaderboard
    return {} if declared is None else {LEADERBOARD: _scores(project, declared)}


def _scores(project: Project, declared: Leaderboard) -> AssetDef:
    generation = project.declared.profile.generation

    def recipe(_: str | None) -> Recipe:
        parameters = {**recipe_parameters(declared), **application_parameters(generation)}
        libraries = [*LIBRARIES, "scipy"]
        return project.recipe([score_leaderboard, evaluate], parameters, libraries=libraries, key=("metric", "slice"))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        checkpoints = checkpoint_folder(project, workspace, recipe(context.partition_key), BEHAVIOUR)
        start = partial(_start, project, context, workspace)
        score_leaderboard(workspace, declared, generation, kept=checkpoints, items_asset=_ITEMS, start=start)

    return AssetDef(
        "Open LLM Leaderboard v2: six general skills, raw and normalised as published, and their mean."
        + (" Small local tasks in the shapes of the published ones." if declared.source == "generated" else ""),
        recipe, work, frozenset({"pytorch", "huggingface"}), GPU_POOL,
        metadata=lambda manifest: {
            **what_changed(project, manifest), **effect_seen(manifest), **_metadata(project, manifest),
        },
        after_publish=partial(discard_checkpoints, project, BEHAVIOUR),
        monitors=(score_moved(project),),
        extra_outputs={_ITEMS: ExtraOutput("Every item behind a leaderboard score.", ("slice", "item_id"))},
    )  # fmt: skip


def _start(project: Project, context: dg.AssetExecutionContext, workspace: Workspace, spec: LeaderboardSpec) -> None:
    try:
        run_shared_job(
            project, context, workspace, evaluate, spec, loads=[CHAT_MODEL], device=spec.device, threads=spec.threads
        )
    except DagsterPipesExecutionError as error:
        raise JobCrashedError from error


def _metadata(project: Project, manifest: Manifest) -> Mapping[str, dg.MetadataValue]:
    import polars as pl

    from sg_assets.leaderboard.items import RAW
    from sg_assets.leaderboard.scores import NORMALISED

    rows = pl.read_parquet(project.store.path(manifest)).to_dicts()
    by = {(row["metric"], row["slice"]): row for row in rows}
    shown = [name for name in (*TASK_NAMES, MEAN) if (NORMALISED, name) in by]
    lines = [_line(by[NORMALISED, name], by.get((RAW, name))) for name in shown]
    heading = ["| task | score, 0 to 100 | 95 % interval | raw | items |", "|---|---:|---:|---:|---:|"]
    numbers = {f"leaderboard_{name}": dg.MetadataValue.float(float(by[NORMALISED, name]["value"])) for name in shown}
    return {"tasks": dg.MetadataValue.md("\n".join([*heading, *lines])), **numbers}


def _line(score: Mapping[str, object], raw: Mapping[str, object] | None) -> str:
    low, high = score["low"], score["high"]
    interval = "none" if low is None or high is None else f"{low:.1f} to {high:.1f}"
    share = "" if raw is None else f"{raw['value']:.1%}"
    return f"| {score['slice']} | {score['value']:.1f} | {interval} | {share} | {score['n']} |"
