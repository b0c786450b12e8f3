"""The step that pins a hub model: the list of its files."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.declarations.records.model import HubModel
    from sg_assets.store.workspace import Workspace


def pin_model(workspace: "Workspace", hub: "HubModel") -> None:
    """Resolve a declared model to its current files, and write their list.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or the repository holds no model in safetensors.
    """
    from sg_assets.hub.fetch import hub_token
    from sg_assets.hub.resolve import resolve

    snapshot = resolve(hub.repo, hub.revision, trust_remote_code=hub.trust_remote_code, token=hub_token())
    workspace.result_folder.mkdir()
    snapshot.write(workspace.result_folder)
    workspace.details.update(commit=snapshot.commit, files=len(snapshot.files), model_bytes=snapshot.bytes)
