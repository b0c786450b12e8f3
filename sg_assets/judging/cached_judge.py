"""A judge as a step uses it, with its cached scores."""

from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.store.fingerprints import json_digest

if TYPE_CHECKING:
    from sg_assets.judging.scoring import CachedJudge
    from sg_assets.store.workspace import Workspace


def cached_judge(workspace: "Workspace", name: str, memories: Path) -> "CachedJudge":
    """A judge among a step's inputs, with its cached scores: the judge's content and behaviour are the cache key.

    Args:
        workspace: Of the step.
        name: Name of the judge.
        memories: Folder of cached judge scores, a folder per judge.
    """
    from sg_assets.judging.linear import BEHAVIOUR
    from sg_assets.judging.scoring import CachedJudge

    [pinned] = workspace.inputs[f"judges/{name}"]
    return CachedJudge(workspace.store.path(pinned), memories / json_digest([pinned.fingerprint, BEHAVIOUR]))
