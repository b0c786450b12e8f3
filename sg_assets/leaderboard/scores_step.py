"""The step that scores a variant on the leaderboard: its jobs, and the scores from their items."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.adapters.applied_adapter import applied_adapter
from sg_assets.chat.chat_settings import read_chat_settings
from sg_assets.declarations.asset_names import GENERATED_ITEMS
from sg_assets.errors import SgAssetsError
from sg_assets.generation.pinned_models import variant_models
from sg_assets.leaderboard.spec import LeaderboardSpec

if TYPE_CHECKING:
    from sg_assets.declarations.records.leaderboard import Leaderboard, LeaderboardTask
    from sg_assets.declarations.records.model import Generation
    from sg_assets.store.workspace import Workspace

StartJob = Callable[[LeaderboardSpec], None]
"""Runs a job and waits for its end.

Raises:
    SgAssetsError: the job rejected its input, or tasks failed.
    JobCrashedError: the process ended without an error message.
"""


class JobCrashedError(Exception):
    """A job's process ended without an error message."""


def score_leaderboard(
    workspace: "Workspace",
    declared: "Leaderboard",
    generation: "Generation",
    *,
    kept: Path,
    items_asset: str,
    start: StartJob,
) -> None:
    """Evaluate a variant on the tasks, and write its scores and every item.

    Args:
        workspace: Of the scores; its partition is the variant.
        declared: The tasks and their settings.
        generation: Says how adapters are applied.
        kept: Folder of finished tasks.
        items_asset: Asset of the items.
        start: Runs a job.

    Raises:
        SgAssetsError: tasks failed.
    """
    import polars as pl

    from sg_assets.leaderboard.finished_tasks import finished_facts, finished_items, leaderboard_tasks
    from sg_assets.leaderboard.paired_items import scales
    from sg_assets.leaderboard.scores import score_rows

    evaluate_tasks(workspace, declared, generation, kept, start)
    items, tasks = finished_items(kept, declared.tasks), leaderboard_tasks(declared.tasks, _generated(workspace))
    variant = pl.lit(str(workspace.ref.partition)).alias("variant")
    workspace.write_table(score_rows(items, tasks).with_columns(variant))
    workspace.write_table(items.with_columns(variant), items_asset)
    workspace.details |= {"tasks": finished_facts(kept, declared.tasks), "scales": scales(tasks)}


def evaluate_tasks(
    workspace: "Workspace", declared: "Leaderboard", generation: "Generation", kept: Path, start: StartJob
) -> None:
    """Run the jobs: one for all generated tasks, one each for the published ones, which may fail one by one.

    Raises:
        SgAssetsError: tasks failed, all failures named; finished tasks are kept and not evaluated again.
    """
    failed = []
    together = [declared.tasks] if declared.source == "generated" else [(name,) for name in declared.tasks]
    for names in together:
        try:
            start(leaderboard_spec(workspace, declared, generation, kept, names))
        except SgAssetsError as error:
            failed.append(error.what)
        except JobCrashedError:
            failed.append(f"{', '.join(names)}: the process crashed, its last output is in the step's stderr")
    if failed:
        raise SgAssetsError("; ".join(failed), remedy="Fix the cause and run the step again: finished tasks are kept")


def leaderboard_spec(
    workspace: "Workspace",
    declared: "Leaderboard",
    generation: "Generation",
    kept: Path,
    names: "tuple[LeaderboardTask, ...]",
) -> LeaderboardSpec:
    """The spec of a job; the files of a hub model are fetched first if they are missing.

    Raises:
        SgAssetsError: the files of a hub model cannot be fetched.
    """
    from sg_assets.hub.fetch import model_folder

    (_, path), adapter = variant_models(workspace)
    base = model_folder(path)
    return LeaderboardSpec(
        variant=str(workspace.ref.partition),
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        chat=read_chat_settings(path),
        adapter=None if adapter is None else applied_adapter(*adapter, generation),
        items=_generated(workspace),
        kept=kept,
        **declared.model_dump(exclude={"source", "tasks", "moved_by"}),
        tasks=names,
    )


def _generated(workspace: "Workspace") -> Path | None:
    return workspace.input_path(GENERATED_ITEMS) if GENERATED_ITEMS in workspace.inputs else None
