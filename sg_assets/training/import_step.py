"""The step that imports an adapter that was trained elsewhere, in the form that our own adapters have."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.errors import SgAssetsError
from sg_assets.hub.adapter_files import CONFIG, TEMPLATES, WEIGHTS
from sg_assets.training.imported_config import ImportedConfig, read_config
from sg_assets.training.imported_weights import adapted_model, read_tensors

if TYPE_CHECKING:
    from torch import Tensor

    from sg_assets.declarations.records.adapter import AdapterSource
    from sg_assets.hub.file_list import ModelFileList
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.workspace import Workspace

_OUR_BASE: Final = re.compile(r"models/chat\[\w+\]@(?P<content>[0-9a-f]{32})")
_REPO: Final = re.compile(r"\w[\w.-]*/\w[\w.-]*")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_UNTRAINED: Final[dict[str, Any]] = {"train_rows": 0, "tokens_seen": 0, "run": {"seconds": 0.0}}
"""What the training of an imported adapter cost here."""


def import_adapter(workspace: "Workspace", source: "AdapterSource", root: Path) -> None:
    """Write an adapter that was trained elsewhere, after everything about it was held against its parent.

    The result has the bytes that a training here would have written for the same matrices: an imported copy of an
    adapter of ours has its content.

    Args:
        workspace: Of the adapter; its chat model is the only input.
        source: Declares where it comes from.
        root: What relative paths lie below.

    Raises:
        SgAssetsError: the files cannot be had or used, or do not fit the base model.
    """
    from sg_assets.hub.adapter_files import pin_adapter
    from sg_assets.hub.fetch import model_folder, pinned_folder
    from sg_assets.training.outputs import write_adapter

    pinned = pin_adapter(source, root)
    files = pinned_folder(pinned)
    chat = workspace.inputs["models/chat"][0]
    base = model_folder(workspace.store.path(chat))
    where = source.label if pinned.commit is None else f"{pinned.repo}@{pinned.commit}"
    config = read_config(files / CONFIG)
    notes = [*_base_notes(config, source, chat, workspace, where), *_template_notes(files, base.path)]
    tensors = read_tensors(files / WEIGHTS)
    label = f"{chat.ref}@{chat.fingerprint}"
    write_adapter(adapted_model(base, config, tensors, where), workspace.result_folder, label)
    workspace.details.update(_details(config, tensors), base_id=label, notes=notes, **_UNTRAINED)
    if pinned.commit is not None:
        workspace.details.update(commit=pinned.commit)


def _details(config: ImportedConfig, tensors: "dict[str, Tensor]") -> dict[str, Any]:
    types = Counter(str(tensor.dtype).removeprefix("torch.") for tensor in tensors.values())
    modules = {name.rpartition(".lora_")[0].rpartition(".")[2] for name in tensors}
    return {
        "method": "imported",
        "rank": config.lora["r"],
        "alpha": config.lora["lora_alpha"],
        "target_modules": sorted(modules),
        "matrices": len(tensors),
        "parameters": sum(tensor.numel() for tensor in tensors.values()),
        "types": dict(sorted(types.items())),
        "trained_with_peft": config.peft_version,
        "trained_with_dropout": config.dropout,
    }


def _base_notes(
    config: ImportedConfig, source: "AdapterSource", chat: "Manifest", workspace: "Workspace", where: str
) -> list[str]:
    """What can be said of the base model that the adapter's config names.

    Raises:
        SgAssetsError: it is another than the parent.
    """
    parent = _parent_files(workspace, chat)
    if source.trained_on is not None:
        if source.trained_on != config.base:
            problem = f"its config names {_quoted(config.base)}, and trained_on says '{source.trained_on}'"
            raise SgAssetsError("is not the adapter declared", where=where, why=problem, remedy="Mend trained_on")
        return [f"Its config names {source.trained_on}, which is declared to be the same model as the parent."]
    ours = _OUR_BASE.fullmatch(config.base or "")
    if config.base is None:
        return ["Its config names no base model."]
    if ours is not None:
        if ours["content"] != chat.fingerprint:
            raise _other_base(config.base, f"{chat.ref}@{chat.fingerprint}", where)
        return []
    if not _REPO.fullmatch(config.base):
        return ["Its config names a folder of the machine it was trained on: which model lay there is not known."]
    if parent is None or parent.repo is None:
        return [f"Its config names {config.base}, which cannot be compared: the parent is no model of the hub."]
    if config.base != parent.repo:
        raise _other_base(config.base, parent.repo, where)
    if _COMMIT.fullmatch(config.revision or "") and config.revision != parent.commit:
        raise _other_base(f"{config.base}@{config.revision}", f"{parent.repo}@{parent.commit}", where)
    return []


def _parent_files(workspace: "Workspace", chat: "Manifest") -> "ModelFileList | None":
    from sg_assets.hub.file_list import FILE_LIST, read_file_list

    file = workspace.store.path(chat) / FILE_LIST
    return read_file_list(file) if file.is_file() else None


def _other_base(named: str, parent: str, where: str) -> SgAssetsError:
    return SgAssetsError(
        f"was trained on '{named}'",
        where=where,
        why=f"the parent is '{parent}'",
        remedy=f"Name that chat model as parent; if its weights are the same, write adapter.trained_on: {named}",
    )


def _quoted(name: str | None) -> str:
    return "no base model" if name is None else f"'{name}'"


def _template_notes(files: Path, base: Path) -> list[str]:
    own, bases = _chat_template(files), _chat_template(base)
    if own is None or own == bases:
        return []
    return ["It came with another chat template than the base model's. It answers with the base model's."]


def _chat_template(folder: Path) -> str | None:
    jinja, config = (folder / name for name in TEMPLATES)
    if jinja.is_file():
        return jinja.read_text(encoding="utf-8", errors="replace")
    if not config.is_file():
        return None
    try:
        declared = json.loads(config.read_text(encoding="utf-8"))
    except ValueError:
        return None
    template = declared.get("chat_template") if isinstance(declared, dict) else None
    return template if isinstance(template, str) else None
