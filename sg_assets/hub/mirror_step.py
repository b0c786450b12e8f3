"""The step that copies the data files of a dataset into the store, after which nothing asks the hub for them again."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.errors import SgAssetsError
from sg_assets.hub.dataset_selection import README, ConfigFiles, data_file_names, read_configs

if TYPE_CHECKING:
    from sg_assets.declarations.records.dataset import Dataset
    from sg_assets.hub.file_digests import Purpose
    from sg_assets.hub.file_list import PinnedFiles
    from sg_assets.store.workspace import Workspace

_MOST: Final = 50 << 30
"""Bytes of a mirror."""


def mirror_dataset(workspace: "Workspace", dataset: "Dataset", root: Path, log: Callable[[str], None]) -> None:
    """Write the data files of a dataset, each compared with its digest.

    Args:
        workspace: Of the mirror.
        dataset: Declares which files.
        root: What relative paths lie below.
        log: Takes the counts.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or the files are not there, too large, or not as listed.
    """
    from sg_assets.hub.fetch import fetch, hub_token, pinned_folder

    cache = workspace.folder / "hub"
    pinned = pin_dataset(dataset, root, cache)
    if pinned.bytes > _MOST:
        remedy = "Choose fewer with config, split or files"
        raise SgAssetsError(f"its files have {pinned.bytes:,} bytes", where=pinned.label, remedy=remedy)
    log(f"{pinned.label}: {len(pinned.files)} files, {pinned.bytes:,} bytes")
    of_hub = pinned.repo is not None
    folder = fetch(pinned, cache, token=hub_token(), repo_type="dataset") if of_hub else pinned_folder(pinned)
    for file in pinned.files:
        target = workspace.result_folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        source = (folder / file.name).resolve()
        if of_hub:
            source.replace(target)  # from this step's own cache, which goes with it
        else:
            shutil.copyfile(source, target)
    commit = {} if pinned.commit is None else {"commit": pinned.commit}
    workspace.details.update(commit, files=len(pinned.files), bytes=pinned.bytes)


def pin_dataset(dataset: "Dataset", root: Path, cache: Path, purpose: "Purpose" = "load") -> "PinnedFiles":
    """The data files of a dataset with their digests.

    Args:
        dataset: Declares which files.
        root: What relative paths lie below.
        cache: Where the README of a repository is downloaded to.
        purpose: Whether files of a folder whose identity is known are read again.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or the files are not there.
    """
    from sg_assets.hub.fetch import fetch, hub_token
    from sg_assets.hub.model_folders import pin_folder
    from sg_assets.hub.resolve import resolve

    if dataset.path is not None:
        folder = Path(dataset.path) if dataset.path.startswith("/") else root / dataset.path
        configs = _configs_of(dataset, folder / README)
        return pin_folder(dataset.path, root, _chosen(dataset, configs), purpose=purpose)
    token, repo = hub_token(), str(dataset.repo)
    about = resolve(repo, str(dataset.revision), _readme, token=token, repo_type="dataset")
    configs = []
    if about.files and not dataset.files:
        configs = _configs_of(dataset, fetch(about, cache, token=token, repo_type="dataset") / README)
    pinned = resolve(repo, str(about.commit), _chosen(dataset, configs), token=token, repo_type="dataset")
    return pinned.model_copy(update={"revision": dataset.revision})


def folder_files(dataset: "Dataset", root: Path) -> list[dict[str, Any]]:
    """What a recipe has besides the declared values: the data files of a folder by name, size and digest.

    Raises:
        SgAssetsError: there is no such folder, or the files are not in it.
    """
    if dataset.path is None:
        return []
    files = pin_dataset(dataset, root, root, "look").files
    return [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in files]


def _configs_of(dataset: "Dataset", readme: Path) -> list[ConfigFiles]:
    return read_configs(readme, dataset.label) if readme.is_file() and not dataset.files else []


def _readme(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name == README)


def _chosen(dataset: "Dataset", configs: list[ConfigFiles]) -> Callable[[Iterable[str]], tuple[str, ...]]:
    def choose(names: Iterable[str]) -> tuple[str, ...]:
        return data_file_names(names, dataset, configs)

    return choose
