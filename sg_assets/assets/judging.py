"""Asking a judge from within a step."""

from typing import TYPE_CHECKING

from sg_assets.assets.project import Project
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.step import Workspace

if TYPE_CHECKING:
    from sg_assets.judging.score import Judge


def asked_judge(project: Project, workspace: Workspace, name: str) -> "Judge":
    """A judge a step reads, with the scores it gave before: its content and the code that asks it name them."""
    from sg_assets.judging.score import Judge

    [pinned] = workspace.inputs[f"judges/{name}"]
    code = project.recipe(["judging.linear"]).code.fingerprint
    memory = project.settings.judged / json_digest([pinned.fingerprint, code])
    return Judge(project.store.path(pinned), memory)
