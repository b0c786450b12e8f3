"""The step that samples TOXIGEN's prompt files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def ingest_prompts(
    workspace: "Workspace", folder: Path, seed: int, per_file: int | None, log: Callable[[str], None]
) -> None:
    """Write a sample of the prompts of a folder.

    Args:
        workspace: Of the prompts.
        folder: Holds the files, in TOXIGEN's layout.
        seed: Decides which prompts are drawn.
        per_file: Prompts drawn of each label and group; None for all.
        log: Takes the counts.

    Raises:
        SgAssetsError: the folder does not have that layout.
    """
    from sg_assets.ingest.folder import report_skipped
    from sg_assets.ingest.toxigen import read_prompts, skipped_files
    from sg_assets.store.sampling import lowest

    prompts = read_prompts(folder)
    most = prompts.height if per_file is None else per_file
    taken = lowest(prompts, most, purpose="toxigen", seed=seed, key="prompt_id", within=("label", "group"))
    workspace.details.update({"distinct_prompts": prompts.height, "taken": taken.height})
    log(f"{prompts.height} distinct prompts, {taken.height} taken")
    report_skipped(skipped_files(folder), workspace.details, log)
    workspace.write_table(taken)
