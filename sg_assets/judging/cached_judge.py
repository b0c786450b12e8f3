"""Asking a judge from within a step."""

from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.store.fingerprints import json_digest

if TYPE_CHECKING:
    from sg_assets.judging.scoring import Judge
    from sg_assets.store.workspace import Workspace


def asked_judge(workspace: "Workspace", name: str, memories: Path) -> "Judge":
    """A judge that a step reads, with the scores it gave before: its content and its behaviour name them.

    Args:
        workspace: Of the step.
        name: The judge.
        memories: Scores of texts judged before, a folder for each judge.
    """
    from sg_assets.judging.linear import BEHAVIOUR
    from sg_assets.judging.scoring import Judge

    [pinned] = workspace.inputs[f"judges/{name}"]
    return Judge(workspace.store.path(pinned), memories / json_digest([pinned.fingerprint, BEHAVIOUR]))
