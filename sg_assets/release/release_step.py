"""A release as a step's result: whether a variant may go out, its merged model, and the folder that does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sg_assets.declarations.graph import MODEL_CARD
from sg_assets.release.merge_spec import MergeSpec

if TYPE_CHECKING:
    from sg_assets.declarations.licences import Licensed
    from sg_assets.declarations.records.profile import Profile
    from sg_assets.store.workspace import Workspace


def begin_release(workspace: "Workspace", profile: "Profile", licences: "Sequence[Licensed]") -> None:
    """Make the folder of a variant that may be released.

    Args:
        workspace: Of the release; its partition is the variant.
        profile: Declares objectives, and those that hold nothing back.
        licences: What the variant is made from and scored with.

    Raises:
        SgAssetsError: it may not; names every reason.
    """
    from sg_assets.release.eligibility import require_releasable
    from sg_assets.reports.objective_results import held_to

    variant, file = str(workspace.ref.partition), f"models/profiles/{profile.name}.yaml"
    held = held_to(workspace, profile.objectives)
    require_releasable(variant, held, profile.release.despite, licences, profile=file)
    workspace.result_folder.mkdir()


def merge_spec(workspace: "Workspace", method: str) -> MergeSpec:
    """What the merging job is given; a base of the hub is fetched first where its files are not there yet.

    Args:
        workspace: Of the release.
        method: How the variant was trained.

    Raises:
        SgAssetsError: the files of a hub model cannot be had.
    """
    from sg_assets.hub.fetch import model_folder
    from sg_assets.release.release_folder import MERGED

    base = model_folder(workspace.input_path("models/chat"))
    return MergeSpec(
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        adapter=workspace.input_path(f"adapters/{method}"),
        output_dir=workspace.result_folder / MERGED,
    )


def finish_release(workspace: "Workspace", method: str) -> None:
    """Fill the folder: adapter, card, manifests, and the digest of every file.

    Args:
        workspace: Of the release.
        method: How the variant was trained.
    """
    from sg_assets.release.release_folder import assemble
    from sg_assets.reports.model_card_step import CARD_FILE

    assemble(
        workspace.result_folder,
        adapter=workspace.input_path(f"adapters/{method}"),
        base=workspace.input_path("models/chat"),
        card=workspace.input_path(MODEL_CARD) / CARD_FILE,
        store=workspace.store,
        made_from=[manifest for pinned in workspace.inputs.values() for manifest in pinned],
    )
