"""The models a step generates with, among its inputs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.asset_names import ADAPTER_METHODS

if TYPE_CHECKING:
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.workspace import Workspace

PinnedModel = tuple["Manifest", Path]
"""A version and its path."""


def variant_models(workspace: "Workspace") -> tuple[PinnedModel, PinnedModel | None]:
    """A variant's chat model and its adapter, if it has one, each with its path."""
    chat = workspace.inputs["models/chat"][0]
    adapters = [manifest for method in ADAPTER_METHODS for manifest in workspace.inputs.get(f"adapters/{method}", ())]
    adapter = adapters[0] if adapters else None
    path = workspace.store.path
    return (chat, path(chat)), None if adapter is None else (adapter, path(adapter))
