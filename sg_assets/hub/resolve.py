"""From a declared repository to its exact files: one request to the hub, no download."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import PinnedFile, PinnedFiles
from sg_assets.hub.hub_errors import readable_hub_errors

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

Choose = Callable[[Iterable[str]], tuple[str, ...]]
"""Takes the names of all files, and returns those that are needed."""
RepoType = Literal["model", "dataset"]
_COMMIT = re.compile(r"[0-9a-f]{40}")


def resolve(
    repo: str,
    revision: str,
    choose: Choose,
    *,
    token: str | None = None,
    endpoint: str | None = None,
    repo_type: RepoType = "model",
) -> PinnedFiles:
    """The files of a repository at a revision, pinned to the revision's current commit.

    Args:
        repo: ``owner/name``.
        revision: Branch, tag or commit.
        choose: Which of the files are needed.
        token: Sent to the hub, stored nowhere; no stored login is used.
        endpoint: Another hub than the usual one.
        repo_type: Whether it holds a model or a dataset.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, the revision is another commit than the one asked for, or
            the files that are needed are not there.
    """
    from huggingface_hub import HfApi

    with readable_hub_errors(repo, revision):
        api = HfApi(endpoint=endpoint, token=token or False)
        info = api.repo_info(repo, revision=revision, repo_type=repo_type, files_metadata=True)
    commit = str(info.sha)
    if not _COMMIT.fullmatch(commit) or (_COMMIT.fullmatch(revision) and revision != commit):
        raise SgAssetsError(
            f"the hub answered with commit '{commit}'",
            where=f"{repo}@{revision}",
            why="a revision that is a commit must resolve to that commit",
            remedy="Check HF_ENDPOINT",
        )
    siblings = {sibling.rfilename: sibling for sibling in info.siblings or []}
    files = tuple(_pinned_file(repo, siblings[name]) for name in choose(siblings))
    return PinnedFiles(repo=repo, revision=revision, commit=commit, files=files)


def _pinned_file(repo: str, sibling: "RepoSibling") -> PinnedFile:
    if sibling.lfs is not None:
        return PinnedFile(name=sibling.rfilename, size=sibling.lfs.size, sha256=sibling.lfs.sha256)
    if sibling.size is None or sibling.blob_id is None:
        raise SgAssetsError(f"the hub gives no digest of '{sibling.rfilename}'", where=repo, remedy="Check HF_ENDPOINT")
    return PinnedFile(name=sibling.rfilename, size=sibling.size, git_blob=sibling.blob_id)
