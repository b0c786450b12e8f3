"""From a list of files to the folder of a model, every file compared with the list."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.hub.assembled import assembled, expected_names, require_tokenizer_class
from sg_assets.hub.file_digests import file_digests
from sg_assets.hub.file_list import FILE_LIST, ModelFileList, PinnedFile, PinnedFiles, read_file_list
from sg_assets.hub.file_selection import ONNX, is_pickle, is_weights
from sg_assets.hub.hub_errors import readable_hub_errors
from sg_assets.hub.model_folders import folder_of
from sg_assets.hub.resolve import RepoType


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
    names = expected_names(listed)
    own = _only(listed.own, names.__contains__)
    if not with_weights:
        own = _only(own, lambda name: not is_weights(name))
    source = pinned_folder(listed.own, own)
    _require_external_data_inside(source, own)
    is_renamed = any(new != old for old, new in names.items())
    if not (listed.repo is None or listed.tokenizer or listed.converted or is_renamed):
        return ModelFolder(source, listed.trust_remote_code)
    links = {names[file.name]: source / file.name for file in own.files}
    if listed.converted and with_weights:
        folder = _converted(listed)
        links |= {names[file.name]: folder / file.name for file in listed.converted}
    if listed.tokenizer is not None:
        links |= _tokenizer_links(listed.tokenizer, source / "config.json")
    return ModelFolder(assembled(links), listed.trust_remote_code)


def chat_folder(artifact: Path) -> ModelFolder:
    """As :func:`model_folder`, but for the files that writing chats needs: without weights, which may be large.

    Raises:
        SgAssetsError: the files cannot be fetched, or differ from the list.
    """
    if not (artifact / FILE_LIST).is_file():
        return ModelFolder(artifact, trust_remote_code=False)
    return folder_of_list(read_file_list(artifact / FILE_LIST), with_weights=False)


def hub_token() -> str | None:
    """The token for the hub: ``HF_TOKEN`` of the environment, or None."""
    return os.environ.get("HF_TOKEN") or None


def fetch(
    pinned: PinnedFiles,
    cache_dir: Path,
    *,
    token: str | None = None,
    endpoint: str | None = None,
    repo_type: RepoType = "model",
) -> Path:
    """The folder of a repository's pinned files in the hub's cache; only missing files are downloaded.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or a file differs from the list.
    """
    with readable_hub_errors(str(pinned.repo), str(pinned.commit)):
        cached = _cached(pinned, cache_dir, repo_type)
        folder = cached or _download(pinned, cache_dir, token, endpoint, repo_type)
    remedy = f"Delete {folder.parent.parent} and run the step again; if it stays, check HF_ENDPOINT"
    _require_pinned(folder, pinned, pinned.label, remedy)
    return folder


def pinned_folder(pinned: PinnedFiles, wanted: PinnedFiles | None = None) -> Path:
    """The folder that holds pinned files on this machine, after they were compared.

    Args:
        pinned: All files of the repository or folder.
        wanted: Those of them that are needed; all where absent.

    Raises:
        SgAssetsError: the files cannot be fetched, or differ from the list.
    """
    wanted = pinned if wanted is None else wanted
    if pinned.repo is not None:
        from huggingface_hub.constants import HF_HUB_CACHE

        return fetch(wanted, Path(HF_HUB_CACHE), token=hub_token())
    folder = folder_of(pinned)
    remedy = "Put the file back, or run `sg-assets run` again: it pins the folder as it is now, as another version"
    _require_pinned(folder, wanted, f"folder {folder}", remedy)
    return folder


def pickles_folder(pinned: PinnedFiles) -> Path:
    """The folder of the pickled weights among pinned files, after they were compared; only for their conversion.

    Raises:
        SgAssetsError: the files cannot be fetched, or differ from the list.
    """
    return pinned_folder(pinned, _only(pinned, is_pickle))


def _only(pinned: PinnedFiles, keep: Callable[[str], bool]) -> PinnedFiles:
    return pinned.model_copy(update={"files": tuple(file for file in pinned.files if keep(file.name))})


def _converted(listed: ModelFileList) -> Path:
    """The folder of what the pickled weights became, converted again where this machine does not have it."""
    from sg_assets.hub.conversion import convert, converted_folder, discard_conversion

    folder = converted_folder(listed.own)
    results = convert(listed.own, folder or pickles_folder(listed.own))
    folder = folder or converted_folder(listed.own)
    if folder is None or results != listed.converted:
        discard_conversion(listed.own)
        raise SgAssetsError(
            "the converted weights are not those that were pinned", where=listed.own.label,
            why="the files in the cache were changed, or this version of torch writes other bytes",
            remedy="Run it again, which converts them anew; if it stays, take the versions of torch and safetensors "
            "that the version's manifest names",
        )  # fmt: skip
    return folder


def _require_external_data_inside(folder: Path, pinned: PinnedFiles) -> None:
    heads = [file.name for file in pinned.files if file.name.endswith(ONNX)]
    if heads:
        from sg_assets.hub.onnx_files import require_listed_data

        for name in heads:
            require_listed_data(folder, name, {file.name for file in pinned.files}, pinned.label)


def _tokenizer_links(pinned: PinnedFiles, model_config: Path) -> dict[str, Path]:
    folder = pinned_folder(pinned)
    names = {file.name for file in pinned.files}
    config, own = (folder / name if name in names else None for name in ("config.json", "tokenizer_config.json"))
    require_tokenizer_class(model_config, config, own, pinned.label)
    return {name: folder / name for name in sorted(names - {"config.json"})}


def _cached(pinned: PinnedFiles, cache_dir: Path, repo_type: RepoType) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    folders = set()
    for file in pinned.files:
        path = try_to_load_from_cache(
            str(pinned.repo), file.name, cache_dir=cache_dir, revision=pinned.commit, repo_type=repo_type
        )
        if not isinstance(path, str):
            return None
        folders.add(Path(path).parents[file.name.count("/")])
    return folders.pop() if len(folders) == 1 else None


def _download(
    pinned: PinnedFiles, cache_dir: Path, token: str | None, endpoint: str | None, repo_type: RepoType
) -> Path:
    from huggingface_hub import snapshot_download

    folder = snapshot_download(
        str(pinned.repo),
        revision=pinned.commit,
        repo_type=repo_type,
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
