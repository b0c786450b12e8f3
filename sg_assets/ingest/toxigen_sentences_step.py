"""The step that takes the sentences out of TOXIGEN's prompt files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def ingest_sentences(workspace: "Workspace", folder: Path, log: Callable[[str], None]) -> None:
    """Write the sentences of a folder of prompt files.

    Args:
        workspace: Of the sentences.
        folder: Holds the files, in TOXIGEN's layout.
        log: Takes the counts.

    Raises:
        SgAssetsError: the folder does not have that layout.
    """
    from sg_assets.ingest.toxigen import read_prompts
    from sg_assets.ingest.toxigen_sentences import sentences

    taken = sentences(read_prompts(folder))
    counts = {"hate": int(taken["label"].sum()), "neutral": int((~taken["label"]).sum())}
    workspace.details.update({"sentences": taken.height, **counts})
    log(f"{taken.height} distinct sentences: {counts}")
    workspace.write_table(taken)
