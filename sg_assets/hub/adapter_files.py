"""The files of an adapter that was trained elsewhere, pinned in a hub repository or in a folder of this machine."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from sg_assets.declarations.records.adapter import AdapterSource
    from sg_assets.hub.file_digests import Purpose
    from sg_assets.hub.file_list import PinnedFiles
    from sg_assets.hub.resolve import Choose

CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = "adapter_model.safetensors"
TEMPLATES: Final = ("chat_template.jinja", "tokenizer_config.json")
"""Where a chat template may lie beside an adapter: only compared with the base model's."""
_PICKLED: Final = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


def pin_adapter(source: "AdapterSource", root: Path, purpose: "Purpose" = "load") -> "PinnedFiles":
    """The files of an adapter with their digests.

    Args:
        source: Declares where they are.
        root: What relative paths lie below.
        purpose: Whether files of a folder whose identity is known are read again.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or no adapter in safetensors is there.
    """
    from sg_assets.hub.fetch import hub_token
    from sg_assets.hub.model_folders import pin_folder
    from sg_assets.hub.resolve import resolve

    choose = _chosen(source.label)
    if source.path is not None:
        return pin_folder(source.path, root, choose, purpose=purpose)
    return resolve(str(source.repo), str(source.revision), choose, token=hub_token())


def folder_files(source: "AdapterSource", root: Path) -> list[dict[str, Any]]:
    """What a recipe has besides the declared values: the files of a folder by name, size and digest.

    Args:
        source: Declares where they are.
        root: What relative paths lie below.

    Raises:
        SgAssetsError: there is no such folder, or no adapter in it.
    """
    if source.path is None:
        return []
    files = pin_adapter(source, root, "look").files
    return [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in files]


def _chosen(where: str) -> "Choose":
    def choose(names: Iterable[str]) -> tuple[str, ...]:
        return adapter_names(names, where)

    return choose


def adapter_names(names: Iterable[str], where: str) -> tuple[str, ...]:
    """Those files that an adapter needs.

    Args:
        names: Of all files.
        where: Names the repository or folder in errors.

    Raises:
        SgAssetsError: its config is missing, or its weights in safetensors are.
    """
    listed = set(names)
    if CONFIG not in listed:
        whole = "config.json" in listed
        why = "it has a config.json: these are the files of a whole model" if whole else None
        remedy = "Declare it under chat_models" if whole else f"Name the folder that holds {CONFIG}"
        raise SgAssetsError(f"there is no {CONFIG}", where=where, why=why, remedy=remedy)
    if WEIGHTS not in listed:
        pickled = sorted(name for name in listed if name.endswith(_PICKLED))
        why = f"it has {', '.join(pickled)}: loading pickled weights can run any code" if pickled else None
        remedy = "Save it again with save_pretrained(folder, safe_serialization=True) where it was trained"
        raise SgAssetsError(f"there is no {WEIGHTS}", where=where, why=why, remedy=remedy)
    return tuple(sorted(listed & {CONFIG, WEIGHTS, *TEMPLATES}))
