"""From a list of files to a folder a model can be loaded from, every file checked against the list."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import FILE, HubFile, HubSnapshot, read_snapshot
from sg_assets.hub.hub_errors import told
from sg_assets.store.fingerprints import file_sha256


@dataclass(frozen=True)
class ModelFolder:
    """A model as ``from_pretrained`` takes it."""

    path: Path
    trust_remote_code: bool
    """Whether Python code in the folder may run."""


def model_folder(artifact: Path) -> ModelFolder:
    """What to load for a version of ``models/*``: the folder itself, or where it lists a hub model, that model's files.

    Files that are not in the hub's cache yet are downloaded, with the token in ``HF_TOKEN`` where there is one.

    Raises:
        SgAssetsError: the files cannot be had, or are not the ones listed.
    """
    if not (artifact / FILE).is_file():
        return ModelFolder(artifact, trust_remote_code=False)
    from huggingface_hub.constants import HF_HUB_CACHE

    snapshot = read_snapshot(artifact / FILE)
    return ModelFolder(fetch(snapshot, Path(HF_HUB_CACHE), token=hub_token()), snapshot.trust_remote_code)


def hub_token() -> str | None:
    """The token to show to the hub: ``HF_TOKEN`` of the environment, or none."""
    return os.environ.get("HF_TOKEN") or None


def fetch(snapshot: HubSnapshot, cache_dir: Path, *, token: str | None = None, endpoint: str | None = None) -> Path:
    """The folder of a snapshot's files in the hub's cache; the hub is asked only for what is not there.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, or a file is not the one listed.
    """
    with told(snapshot.repo, snapshot.commit):
        folder = _cached(snapshot, cache_dir) or _download(snapshot, cache_dir, token, endpoint)
    for file in snapshot.files:
        _check(folder, file, snapshot)
    return folder


def _cached(snapshot: HubSnapshot, cache_dir: Path) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = [
        try_to_load_from_cache(snapshot.repo, file.name, cache_dir=cache_dir, revision=snapshot.commit)
        for file in snapshot.files
    ]
    paths = [Path(one) for one in found if isinstance(one, str)]
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


def _check(folder: Path, file: HubFile, snapshot: HubSnapshot) -> None:
    path = folder / file.name
    if not path.is_file():
        found, listed = "nothing", str(file.sha256 or file.git_blob)
    elif file.sha256 is not None:
        found, listed = file_sha256(path), file.sha256
    else:
        found, listed = _git_blob(path), str(file.git_blob)
    if found != listed:
        raise SgAssetsError(
            f"'{file.name}' is not the file that was pinned",
            where=f"{snapshot.repo}@{snapshot.commit}",
            why=f"expected {listed}, found {found}",
            remedy=f"Delete {folder.parent.parent} and run the step again; if it stays, check HF_ENDPOINT",
        )


def _git_blob(path: Path) -> str:
    content = path.read_bytes()
    # git's own digest, which the hub gives for small files
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
