"""``scores/leaderboard``: the Open LLM Leaderboard v2 through lm-eval, in processes of its own."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import dagster as dg
from dagster._core.errors import DagsterPipesExecutionError

from sg_assets.assets.benchmarks import models_of
from sg_assets.assets.building import Beside, Making
from sg_assets.assets.jobs import GPU_POOL, discard_kept, kept_folder, run_job
from sg_assets.assets.moved import score_moved
from sg_assets.assets.project import Project
from sg_assets.assets.why import what_changed
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.declarations.graph import GENERATED_ITEMS, LEADERBOARD, items_of
from sg_assets.declarations.records import Leaderboard, LeaderboardTask
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.normalise import MEAN, TASK_NAMES
from sg_assets.leaderboard.spec import LIBRARIES, LeaderboardSpec
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

_ITEMS = items_of(LEADERBOARD)


def leaderboard_assets(project: Project) -> dict[str, Making]:
    """``scores/leaderboard`` and its items, where the profile declares it."""
    declared = project.declared.profile.leaderboard
    return {} if declared is None else {LEADERBOARD: _scores(project, declared)}


def _scores(project: Project, declared: Leaderboard) -> Making:
    def recipe(_: str | None) -> Recipe:
        modules = ["leaderboard.job", "leaderboard.outputs", "leaderboard.scores"]
        return project.recipe(
            modules, recipe_parameters(declared), libraries=[*LIBRARIES, "scipy"], key=("metric", "slice")
        )

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.leaderboard.outputs import kept_facts, kept_items, tasks_of
        from sg_assets.leaderboard.paired import scales
        from sg_assets.leaderboard.scores import score_rows

        kept = kept_folder(project, workspace, recipe(context.partition_key))
        _evaluate(project, declared, workspace, context, kept)
        items, tasks = kept_items(kept, declared.tasks), tasks_of(declared.tasks, _generated(workspace))
        variant = pl.lit(context.partition_key).alias("variant")
        workspace.write_table(score_rows(items, tasks).with_columns(variant))
        workspace.write_table(items.with_columns(variant), _ITEMS)
        workspace.details |= {"tasks": kept_facts(kept, declared.tasks), "scales": scales(tasks)}

    return Making(
        "Open LLM Leaderboard v2: six general skills, raw and normalised as published, and their mean."
        + (" Small local tasks in the shapes of the published ones." if declared.source == "generated" else ""),
        recipe, run, frozenset({"pytorch", "huggingface"}), GPU_POOL,
        pictures=lambda manifest: {**what_changed(project, manifest), **_pictures(project, manifest)},
        published=partial(discard_kept, project),
        watches=(score_moved(project),),
        beside={_ITEMS: Beside("Every item behind a leaderboard score: what it is the mean of.", ("slice", "item_id"))},
    )  # fmt: skip


def _evaluate(
    project: Project, declared: Leaderboard, workspace: Workspace, context: dg.AssetExecutionContext, kept: Path
) -> None:
    """Run the jobs: one for all generated tasks, one each for the published ones, which may fail one by one.

    Raises:
        SgAssetsError: tasks failed, all of them named; the others are kept and not evaluated again.
    """
    failed = []
    together = [declared.tasks] if declared.source == "generated" else [(name,) for name in declared.tasks]
    for names in together:
        try:
            spec = leaderboard_spec(project, declared, workspace, kept, names=names)
            run_job(context, workspace, "sg_assets.leaderboard.job", spec)
        except SgAssetsError as error:
            failed.append(error.what)
        except DagsterPipesExecutionError:
            failed.append(f"{', '.join(names)}: the process ended, its last words are in the step's stderr")
    if failed:
        raise SgAssetsError("; ".join(failed), remedy="Run it again once that is mended: finished tasks are kept")


def leaderboard_spec(
    project: Project, declared: Leaderboard, workspace: Workspace, kept: Path, *, names: tuple[LeaderboardTask, ...]
) -> LeaderboardSpec:
    """What a job is told; a base of the hub is fetched first where its files are not there yet.

    Raises:
        SgAssetsError: the files of a hub model cannot be had.
    """
    from sg_assets.hub.fetch import model_folder

    (_, path), adapter = models_of(project, workspace)
    base = model_folder(path)
    return LeaderboardSpec(
        variant=str(workspace.ref.partition),
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        adapter=None if adapter is None else adapter[1],
        items=_generated(workspace),
        kept=kept,
        **declared.model_dump(exclude={"source", "tasks", "moved_by"}),
        tasks=names,
    )


def _generated(workspace: Workspace) -> Path | None:
    return workspace.input_path(GENERATED_ITEMS) if GENERATED_ITEMS in workspace.inputs else None


def _pictures(project: Project, manifest: Manifest) -> Mapping[str, dg.MetadataValue]:
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
