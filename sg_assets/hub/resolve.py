"""From a declared hub model to its exact files: one request to the hub, no download."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import HubFile, HubSnapshot
from sg_assets.hub.hub_errors import readable_hub_errors

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

_COMMIT = re.compile(r"[0-9a-f]{40}")
# Top of the repository only: folders hold copies of the weights in other formats.
_SAFE_NAME = re.compile(r"\w[\w.+-]*")
_WEIGHTS = re.compile(r"model[\w.-]*\.safetensors")
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack")
_CONFIG_SUFFIXES = (".json", ".txt", ".model", ".jinja", ".tiktoken")


def resolve(
    repo: str, revision: str, *, trust_remote_code: bool = False, token: str | None = None, endpoint: str | None = None
) -> HubSnapshot:
    """The files of a repository at a revision, pinned to the revision's current commit.

    Args:
        repo: ``owner/name``.
        revision: Branch, tag or commit.
        trust_remote_code: Whether the repository's Python code belongs to the model and may run.
        token: Sent to the hub, stored nowhere; no stored login is used.
        endpoint: Another hub than the usual one.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, the revision is another commit than the one asked for, or
            the repository holds no model in safetensors.
    """
    from huggingface_hub import HfApi

    with readable_hub_errors(repo, revision):
        api = HfApi(endpoint=endpoint, token=token or False)
        info = api.model_info(repo, revision=revision, files_metadata=True)
    commit = str(info.sha)
    if not _COMMIT.fullmatch(commit) or (_COMMIT.fullmatch(revision) and revision != commit):
        raise SgAssetsError(
            f"the hub answered with commit '{commit}'",
            where=f"{repo}@{revision}",
            why="a revision that is a commit must resolve to that commit",
            remedy="Check HF_ENDPOINT",
        )
    siblings = info.siblings or []
    _require_model(repo, revision, [sibling.rfilename for sibling in siblings])
    files = [_listed_file(repo, sibling) for sibling in siblings if _is_needed(sibling.rfilename, trust_remote_code)]
    ordered = tuple(sorted(files, key=lambda file: file.name))
    return HubSnapshot(repo=repo, revision=revision, commit=commit, trust_remote_code=trust_remote_code, files=ordered)


def _is_needed(name: str, trust_remote_code: bool) -> bool:
    if not _SAFE_NAME.fullmatch(name):
        return False
    suffixes = (*_CONFIG_SUFFIXES, ".py") if trust_remote_code else _CONFIG_SUFFIXES
    return bool(_WEIGHTS.fullmatch(name)) or name.endswith(suffixes)


def _require_model(repo: str, revision: str, names: Iterable[str]) -> None:
    ordered = sorted(names)
    where = f"{repo}@{revision}"
    if not any(map(_WEIGHTS.fullmatch, ordered)):
        pickled = [name for name in ordered if name.endswith(_PICKLED)]
        why = f"it has {', '.join(pickled)}: loading pickled weights can run any code" if pickled else None
        remedy = "Name a revision or a repository with model.safetensors"
        raise SgAssetsError("the repository has no weights in safetensors", where=where, why=why, remedy=remedy)
    if "config.json" not in ordered:
        remedy = "Name the repository of a whole model, not of an adapter"
        raise SgAssetsError("the repository has no config.json", where=where, remedy=remedy)


def _listed_file(repo: str, sibling: "RepoSibling") -> HubFile:
    if sibling.lfs is not None:
        return HubFile(name=sibling.rfilename, size=sibling.lfs.size, sha256=sibling.lfs.sha256)
    if sibling.size is None or sibling.blob_id is None:
        raise SgAssetsError(f"the hub gives no digest of '{sibling.rfilename}'", where=repo, remedy="Check HF_ENDPOINT")
    return HubFile(name=sibling.rfilename, size=sibling.size, git_blob=sibling.blob_id)
