"""From a list of files to the folder of a model, every file compared with the list."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import FILE_LIST, HubFile, HubSnapshot, read_snapshot
from sg_assets.hub.hub_errors import readable_hub_errors
from sg_assets.store.fingerprints import file_sha256


@dataclass(frozen=True)
class ModelFolder:
    """A model as ``from_pretrained`` takes it."""

    path: Path
    trust_remote_code: bool
    """Whether Python code in the folder may run."""


def model_folder(artifact: Path) -> ModelFolder:
    """The model of a version of ``models/*``: its own folder, or that of the files of the hub model it lists.

    Files that are not in the hub's cache yet are downloaded, with the token in ``HF_TOKEN`` if set.

    Raises:
        SgAssetsError: the files cannot be fetched, or differ from the list.
    """
    if not (artifact / FILE_LIST).is_file():
        return ModelFolder(artifact, trust_remote_code=False)
    from huggingface_hub.constants import HF_HUB_CACHE

    snapshot = read_snapshot(artifact / FILE_LIST)
    return ModelFolder(fetch(snapshot, Path(HF_HUB_CACHE), token=hub_token()), snapshot.trust_remote_code)


def hub_token() -> str | None:
    """The token for the hub: ``HF_TOKEN`` of the environment, or None."""
    return os.environ.get("HF_TOKEN") or None


def fetch(snapshot: HubSnapshot, cache_dir: Path, *, token: str | None = None, endpoint: str | None = None) -> Path:
    """The folder of a snapshot's files in the hub's cache; only missing files are downloaded.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or a file differs from the list.
    """
    with readable_hub_errors(snapshot.repo, snapshot.commit):
        folder = _cached(snapshot, cache_dir) or _download(snapshot, cache_dir, token, endpoint)
    for file in snapshot.files:
        _require_pinned(folder, file, snapshot)
    return folder


def _cached(snapshot: HubSnapshot, cache_dir: Path) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    cached = [
        try_to_load_from_cache(snapshot.repo, file.name, cache_dir=cache_dir, revision=snapshot.commit)
        for file in snapshot.files
    ]
    paths = [Path(path) for path in cached if isinstance(path, str)]
    return paths[0].parent if len(paths) == len(snapshot.files) else None


def _download(snapshot: HubSnapshot, cache_dir: Path, token: str | None, endpoint: str | None) -> Path:
    from huggingface_hub import snapshot_download

    folder = snapshot_download(
        snapshot.repo,
        revision=snapshot.commit,
        cache_dir=cache_dir,
        allow_patterns=[file.name for file in snapshot.files],
        token=token or False,
        endpoint=endpoint,
    )
    return Path(folder)


def _require_pinned(folder: Path, file: HubFile, snapshot: HubSnapshot) -> None:
    path = folder / file.name
    if not path.is_file():
        digest, listed = "nothing", str(file.sha256 or file.git_blob)
    elif file.sha256 is not None:
        digest, listed = file_sha256(path), file.sha256
    else:
        digest, listed = _git_blob(path), str(file.git_blob)
    if digest != listed:
        raise SgAssetsError(
            f"'{file.name}' is not the file that was pinned",
            where=f"{snapshot.repo}@{snapshot.commit}",
            why=f"expected {listed}, found {digest}",
            remedy=f"Delete {folder.parent.parent} and run the step again; if it stays, check HF_ENDPOINT",
        )


def _git_blob(path: Path) -> str:
    content = path.read_bytes()
    # git's own digest, which the hub reports for small files
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
