"""The leaderboard's scores of a variant, as the step that gives them: which jobs run, what is made of their items."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.graph import GENERATED_ITEMS
from sg_assets.errors import SgAssetsError
from sg_assets.generation.pinned_models import models_of
from sg_assets.leaderboard.spec import LeaderboardSpec

if TYPE_CHECKING:
    from sg_assets.declarations.records.leaderboard import Leaderboard, LeaderboardTask
    from sg_assets.store.workspace import Workspace

Start = Callable[[LeaderboardSpec], None]
"""Runs a job and waits for its end.

Raises:
    SgAssetsError: the job refused its input, or tasks failed.
    JobEndedError: the process ended otherwise.
"""


class JobEndedError(Exception):
    """A job's process ended without saying why."""


def score_leaderboard(
    workspace: "Workspace", declared: "Leaderboard", kept: Path, items_asset: str, start: Start
) -> None:
    """Put the tasks to a variant and write its scores, and every item behind them.

    Args:
        workspace: Of the scores; its partition is the variant.
        declared: Which tasks, and how they are put.
        kept: Holds finished tasks, and takes further ones.
        items_asset: The table of the items.
        start: Runs a job.

    Raises:
        SgAssetsError: tasks failed.
    """
    import polars as pl

    from sg_assets.leaderboard.outputs import kept_facts, kept_items, tasks_of
    from sg_assets.leaderboard.paired_items import scales
    from sg_assets.leaderboard.scores import score_rows

    evaluate_tasks(workspace, declared, kept, start)
    items, tasks = kept_items(kept, declared.tasks), tasks_of(declared.tasks, _generated(workspace))
    variant = pl.lit(str(workspace.ref.partition)).alias("variant")
    workspace.write_table(score_rows(items, tasks).with_columns(variant))
    workspace.write_table(items.with_columns(variant), items_asset)
    workspace.details |= {"tasks": kept_facts(kept, declared.tasks), "scales": scales(tasks)}


def evaluate_tasks(workspace: "Workspace", declared: "Leaderboard", kept: Path, start: Start) -> None:
    """Run the jobs: one for all generated tasks, one each for the published ones, which may fail one by one.

    Raises:
        SgAssetsError: tasks failed, all of them named; the others are kept and not evaluated again.
    """
    failed = []
    together = [declared.tasks] if declared.source == "generated" else [(name,) for name in declared.tasks]
    for names in together:
        try:
            start(leaderboard_spec(workspace, declared, kept, names))
        except SgAssetsError as error:
            failed.append(error.what)
        except JobEndedError:
            failed.append(f"{', '.join(names)}: the process ended, its last words are in the step's stderr")
    if failed:
        raise SgAssetsError("; ".join(failed), remedy="Run it again once that is mended: finished tasks are kept")


def leaderboard_spec(
    workspace: "Workspace", declared: "Leaderboard", kept: Path, names: "tuple[LeaderboardTask, ...]"
) -> LeaderboardSpec:
    """What a job is given; a base of the hub is fetched first where its files are not there yet.

    Raises:
        SgAssetsError: the files of a hub model cannot be had.
    """
    from sg_assets.hub.fetch import model_folder

    (_, path), adapter = models_of(workspace)
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


def _generated(workspace: "Workspace") -> Path | None:
    return workspace.input_path(GENERATED_ITEMS) if GENERATED_ITEMS in workspace.inputs else None
