"""The step that makes a release: eligibility of the variant, its merged model, and the folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.adapters.applied_adapter import applied_adapter
from sg_assets.chat.chat_settings import read_chat_settings
from sg_assets.declarations.asset_names import MODEL_CARD
from sg_assets.release.merge_spec import MergeSpec

if TYPE_CHECKING:
    from sg_assets.declarations.licences import Licensed
    from sg_assets.declarations.records.model import Generation
    from sg_assets.declarations.records.profile import Profile
    from sg_assets.store.workspace import Workspace


def prepare_release(workspace: "Workspace", profile: "Profile", licences: "Sequence[Licensed]") -> None:
    """Create the release's folder if the variant may be released.

    Args:
        workspace: Of the release; its partition is the variant.
        profile: Declares the objectives, and those that do not prevent a release.
        licences: Of the sources the variant is made from and scored with.

    Raises:
        SgAssetsError: the variant may not be released; names every reason.
    """
    from sg_assets.release.eligibility import require_releasable
    from sg_assets.reports.objective_results import objective_statuses

    variant, file = str(workspace.ref.partition), f"models/profiles/{profile.name}.yaml"
    held = objective_statuses(workspace, profile.objectives)
    require_releasable(variant, held, profile.release.despite, licences, profile=file)
    workspace.result_folder.mkdir()


def merge_spec(workspace: "Workspace", method: str, settings: "Generation") -> MergeSpec:
    """The spec of the merging job; the files of a hub model are fetched first if they are missing.

    Args:
        workspace: Of the release.
        method: How the variant was trained.
        settings: Say which share of the adapter's effect a model needs.

    Raises:
        SgAssetsError: the files of a hub model cannot be fetched.
    """
    from sg_assets.hub.fetch import model_folder
    from sg_assets.release.release_folder import MERGED

    chat = workspace.input_path("models/chat")
    base = model_folder(chat)
    adapter = workspace.inputs[f"adapters/{method}"][0]
    return MergeSpec(
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        chat=read_chat_settings(chat),
        adapter=applied_adapter(
            adapter, workspace.store.path(adapter), settings.model_copy(update={"adapter": "merged"})
        ),
        output_dir=workspace.result_folder / MERGED,
        facts=workspace.folder / "merged.json",
    )


def collect_merge(workspace: "Workspace", facts: Path) -> None:
    """Record what the merging job measured.

    Args:
        workspace: Of the release.
        facts: The job's file.
    """
    workspace.details.update(json.loads(facts.read_text(encoding="utf-8")))


def finish_release(workspace: "Workspace", method: str) -> None:
    """Fill the folder: adapter, card, manifests, and the digest of every file.

    Args:
        workspace: Of the release.
        method: How the variant was trained.
    """
    from sg_assets.release.release_folder import write_release_folder
    from sg_assets.reports.model_card_step import CARD_FILE

    write_release_folder(
        workspace.result_folder,
        adapter=workspace.input_path(f"adapters/{method}"),
        base=workspace.input_path("models/chat"),
        card=workspace.input_path(MODEL_CARD) / CARD_FILE,
        store=workspace.store,
        made_from=[manifest for pinned in workspace.inputs.values() for manifest in pinned],
    )
