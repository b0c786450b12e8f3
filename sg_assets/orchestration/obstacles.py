"""What keeps a step of a profile from running on this machine, as far as it can be seen without trying.

Nothing is asked over a network, and no library of models is imported.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sg_assets.declarations.asset_names import BASE_RESPONSES, CHAT_MODEL, LEADERBOARD, METHODS
from sg_assets.declarations.kinds.benchmarks import RESPONSES
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER
from sg_assets.declarations.records.profile import Profile
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.processes.cards import machine_cards
from sg_assets.status.plan import Obstacle
from sg_assets.store.refs import Ref
from sg_assets.training.hyperparameters import training_settings

_GATED_TASK: Final = "gpqa"


def obstacles_of(project: Project, asset_defs: Mapping[str, AssetDef], ref: Ref) -> list[Obstacle]:
    """What keeps the step of a partition from running here, or may."""
    asset_def = asset_defs.get(ref.asset)
    own = None if asset_def is None else asset_def.obstacle(ref.partition)
    obstacles = [] if own is None else [Obstacle(str(own))]
    if _device(project, ref) == "cuda" and not _has_card(project):
        obstacles.append(
            Obstacle("device cuda is declared, and this machine shows no GPU. Run it where one is, or declare auto.")
        )
    if _wants_token(project, ref) and not os.environ.get("HF_TOKEN"):
        obstacles.append(
            Obstacle("HF_TOKEN is not set, and gated repositories are read only with a token.", certain=False)
        )
    return obstacles


def missing_source(
    profile: Profile, folder: Path | None, kind: str, variable: str, wanted: str
) -> SgAssetsError | None:
    """The error of texts that are not given and that the profile does not generate; None where there are some.

    Args:
        profile: Says whether it generates them.
        folder: Where they are given.
        kind: What texts they are, in words.
        variable: The variable that names their folder.
        wanted: What it must name.
    """
    if folder is not None or profile.samples.corpus_comments is not None:
        return None
    problem = f"profile '{profile.name}' has no {kind}"
    return SgAssetsError(problem, where=variable, remedy=f"Set {variable} to {wanted}")


def _device(project: Project, ref: Ref) -> str:
    """The declared device of a step; empty where it computes with no model of torch."""
    profile, variants = project.declared.profile, project.declared.variants
    if ref.asset == BASE_RESPONSES or kind_of(ref.asset) is RESPONSES:
        return profile.generation.device
    if ref.asset == LEADERBOARD and profile.leaderboard is not None:
        return profile.leaderboard.device
    if ref.asset in map(ADAPTER.of, METHODS):
        return training_settings(variants[str(ref.partition)], profile).device
    return ""


def _has_card(project: Project) -> bool:
    local = project.declared.profile.local
    return bool(machine_cards(None if local is None else local.gpus))


def _wants_token(project: Project, ref: Ref) -> bool:
    """Whether a step may read a gated repository."""
    profile = project.declared.profile
    if ref.asset == CHAT_MODEL:
        hub = profile.chat_models[str(ref.partition)].hub
        return hub is not None and hub.repo is not None
    board = profile.leaderboard
    return ref.asset == LEADERBOARD and board is not None and board.source == "published" and _GATED_TASK in board.tasks
