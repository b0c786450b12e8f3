"""The models that a step asks, among what it reads."""

from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.graph import METHODS

if TYPE_CHECKING:
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.workspace import Workspace

Pinned = tuple["Manifest", Path]
"""A version and where it lies."""


def models_of(workspace: "Workspace") -> tuple[Pinned, Pinned | None]:
    """The chat model a variant stands on and its adapter, if it has one, with where they lie."""
    chat = workspace.inputs["models/chat"][0]
    adapters = [manifest for method in METHODS for manifest in workspace.inputs.get(f"adapters/{method}", ())]
    adapter = adapters[0] if adapters else None
    path = workspace.store.path
    return (chat, path(chat)), None if adapter is None else (adapter, path(adapter))
