"""One folder of links to the files of a model that lie in several, or beside others that are not meant."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import ModelFileList
from sg_assets.hub.file_selection import SAFETENSORS, is_pickle
from sg_assets.hub.local_records import files_root
from sg_assets.store.fingerprints import json_digest

_EXPECTED: Final = "model.safetensors"
"""The name that libraries look for."""


def assembled(links: Mapping[str, Path]) -> Path:
    """A folder with a link by each name; the same links give the same folder.

    Args:
        links: What each name leads to.
    """
    named = {name: str(path) for name, path in sorted(links.items())}
    folder = files_root() / "models" / json_digest(named)
    if _leads(folder) != named:
        _write(folder, named)
    return folder


def expected_names(listed: ModelFileList) -> dict[str, str]:
    """The names by which a model's files are looked for, by their own: of a single weights file, the usual one.

    Pickles that were converted are not among them.
    """
    own = [file for file in listed.files if not (listed.converted and is_pickle(file.name))]
    names = {file.name: file.name for file in (*own, *listed.converted)}
    weights = [name for name in names if name.endswith(SAFETENSORS)]
    if listed.kind == "model" and len(weights) == 1 and "/" not in weights[0]:
        names[weights[0]] = _EXPECTED
    return names


def require_tokenizer_class(model: Path | None, config: Path | None, tokenizer_config: Path | None, label: str) -> None:
    """Raise where a tokenizer from elsewhere would be taken for one of the model's kind, which it is not.

    Args:
        model: The config of the model.
        config: The config beside the tokenizer; None where there is none.
        tokenizer_config: The tokenizer's own config.
        label: Names the tokenizer in errors.

    Raises:
        SgAssetsError: only the model's config would say of which class it is, and the model is of another kind.
    """
    own = _json(tokenizer_config)
    if own.get("tokenizer_class"):
        return
    kinds = [_json(path).get("model_type") for path in (model, config)]
    if kinds[1] is None or kinds[0] != kinds[1]:
        raise SgAssetsError(
            "the tokenizer does not say of which class it is", where=label,
            why=f"its tokenizer_config.json has no tokenizer_class, and its model is of type {kinds[1]}, "
            f"the declared one of type {kinds[0]}",
            remedy="Load it, save it with save_pretrained, and name that folder as the tokenizer's path",
        )  # fmt: skip


def _json(path: Path | None) -> dict[str, Any]:
    try:
        content = {} if path is None else json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _leads(folder: Path) -> dict[str, str]:
    """What each link of a folder leads to."""
    links = {}
    for current, _, names in os.walk(folder):
        for name in names:
            path = Path(current, name)
            links[path.relative_to(folder).as_posix()] = str(path.readlink()) if path.is_symlink() else ""
    return dict(sorted(links.items()))


def _write(folder: Path, links: Mapping[str, str]) -> None:
    temporary = folder.with_name(f"{ULID()}.part")
    try:
        for name, target in links.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(target)
        if folder.exists():
            folder.rename(folder.with_name(f"{ULID()}.old"))
        try:
            temporary.rename(folder)
        except OSError:
            if _leads(folder) != links:  # another process made it meanwhile
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
