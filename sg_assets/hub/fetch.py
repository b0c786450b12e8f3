"""From a list of files to the folder of a model, every file compared with the list."""

import os
from dataclasses import dataclass
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.hub.assembled import assembled, expected_names, require_tokenizer_class
from sg_assets.hub.file_digests import file_digests
from sg_assets.hub.file_list import FILE_LIST, ModelFileList, PinnedFile, PinnedFiles, read_file_list
from sg_assets.hub.file_selection import is_weights
from sg_assets.hub.hub_errors import readable_hub_errors
from sg_assets.hub.model_folders import folder_of


@dataclass(frozen=True)
class ModelFolder:
    """A model as ``from_pretrained`` takes it."""

    path: Path
    trust_remote_code: bool
    """Whether Python code in the folder may run."""


def model_folder(artifact: Path) -> ModelFolder:
    """The model of a version: its own folder, or that of the files it lists, of a repository or of a folder.

    Files that are not in the hub's cache yet are downloaded, with the token in ``HF_TOKEN`` if set.

    Raises:
        SgAssetsError: the files cannot be fetched, or differ from the list.
    """
    if not (artifact / FILE_LIST).is_file():
        return ModelFolder(artifact, trust_remote_code=False)
    return folder_of_list(read_file_list(artifact / FILE_LIST))


def folder_of_list(listed: ModelFileList, *, with_weights: bool = True) -> ModelFolder:
    """The folder of a list's files; other files do not lie in it, unless it is that of a repository in the hub's cache.

    Args:
        listed: The list.
        with_weights: Whether files with weights are needed: configs and tokenizers alone are small.

    Raises:
        SgAssetsError: the files cannot be fetched, or differ from the list.
    """
    own = listed.own if with_weights else _without_weights(listed.own)
    names = expected_names(listed)
    source = pinned_folder(own)
    is_as_it_is = listed.repo is not None and listed.tokenizer is None and all(new == old for old, new in names.items())
    if is_as_it_is:
        return ModelFolder(source, listed.trust_remote_code)
    links = {names[file.name]: source / file.name for file in own.files}
    if listed.tokenizer is not None:
        links |= _tokenizer_links(listed.tokenizer, source / "config.json")
    return ModelFolder(assembled(links), listed.trust_remote_code)


def hub_token() -> str | None:
    """The token for the hub: ``HF_TOKEN`` of the environment, or None."""
    return os.environ.get("HF_TOKEN") or None


def fetch(pinned: PinnedFiles, cache_dir: Path, *, token: str | None = None, endpoint: str | None = None) -> Path:
    """The folder of a repository's pinned files in the hub's cache; only missing files are downloaded.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or a file differs from the list.
    """
    with readable_hub_errors(str(pinned.repo), str(pinned.commit)):
        folder = _cached(pinned, cache_dir) or _download(pinned, cache_dir, token, endpoint)
    remedy = f"Delete {folder.parent.parent} and run the step again; if it stays, check HF_ENDPOINT"
    _require_pinned(folder, pinned, pinned.label, remedy)
    return folder


def pinned_folder(pinned: PinnedFiles) -> Path:
    """The folder that holds pinned files on this machine, after they were compared."""
    if pinned.repo is not None:
        from huggingface_hub.constants import HF_HUB_CACHE

        return fetch(pinned, Path(HF_HUB_CACHE), token=hub_token())
    folder = folder_of(pinned)
    remedy = "Put the file back, or run `sg-assets run` again: it pins the folder as it is now, as another version"
    _require_pinned(folder, pinned, f"folder {folder}", remedy)
    return folder


def _without_weights(pinned: PinnedFiles) -> PinnedFiles:
    return pinned.model_copy(update={"files": tuple(file for file in pinned.files if not is_weights(file.name))})


def _tokenizer_links(pinned: PinnedFiles, model_config: Path) -> dict[str, Path]:
    folder = pinned_folder(pinned)
    names = {file.name for file in pinned.files}
    config, own = (folder / name if name in names else None for name in ("config.json", "tokenizer_config.json"))
    require_tokenizer_class(model_config, config, own, pinned.label)
    return {name: folder / name for name in sorted(names - {"config.json"})}


def _cached(pinned: PinnedFiles, cache_dir: Path) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    folders = set()
    for file in pinned.files:
        path = try_to_load_from_cache(str(pinned.repo), file.name, cache_dir=cache_dir, revision=pinned.commit)
        if not isinstance(path, str):
            return None
        folders.add(Path(path).parents[file.name.count("/")])
    return folders.pop() if len(folders) == 1 else None


def _download(pinned: PinnedFiles, cache_dir: Path, token: str | None, endpoint: str | None) -> Path:
    from huggingface_hub import snapshot_download

    folder = snapshot_download(
        str(pinned.repo),
        revision=pinned.commit,
        cache_dir=cache_dir,
        allow_patterns=[file.name for file in pinned.files],
        token=token or False,
        endpoint=endpoint,
    )
    return Path(folder)


def _require_pinned(folder: Path, pinned: PinnedFiles, where: str, remedy: str) -> None:
    missing = [file for file in pinned.files if not (folder / file.name).is_file()]
    for file in missing:
        raise _differs(file, "nothing", where, remedy)
    wanted = [(file.name, "sha256" if file.sha256 is not None else "git_blob") for file in pinned.files]
    try:
        digests = file_digests(folder, wanted, purpose="load")  # type: ignore[arg-type]
    except OSError as error:
        raise SgAssetsError("a model file cannot be read", where=where, why=str(error), remedy=remedy) from error
    for file in pinned.files:
        if digests[file.name][1] != (file.sha256 or file.git_blob):
            raise _differs(file, digests[file.name][1], where, remedy)


def _differs(file: PinnedFile, digest: str, where: str, remedy: str) -> SgAssetsError:
    why = f"expected {file.sha256 or file.git_blob}, found {digest}"
    return SgAssetsError(f"'{file.name}' is not the file that was pinned", where=where, why=why, remedy=remedy)
