"""A release on the Hugging Face Hub, in one commit."""

from pathlib import Path

from sg_assets.declarations.records.release import HubTarget
from sg_assets.errors import SgAssetsError
from sg_assets.hub.hub_errors import readable_hub_errors


def push_release(
    folder: Path, target: HubTarget, *, version: str, token: str | None, endpoint: str | None = None
) -> str:
    """Send a release's files to its declared repository, which is created if missing.

    One commit: readers of the repository see the whole release or the one before. Manifests, marks and a merged model
    of an earlier release are removed in it; other files of the repository stay. A file that the repository already has
    is not sent.

    Args:
        folder: The release, as ``copy_release`` makes it.
        target: Where it goes.
        version: Named in the commit.
        token: From ``HF_TOKEN``; no stored login is used, so that nothing is sent by accident.
        endpoint: Another hub than the usual one.

    Returns:
        The address of the commit.

    Raises:
        SgAssetsError: no token, or the hub cannot be reached or refuses.
    """
    from huggingface_hub import HfApi

    if not token:
        remedy = "Set HF_TOKEN to a token that may write there"
        raise SgAssetsError("no token", where=target.repo, remedy=remedy)
    api = HfApi(endpoint=endpoint, token=token)
    with readable_hub_errors(target.repo, "main"):
        api.create_repo(target.repo, private=target.private, exist_ok=True)
        commit = api.upload_folder(
            repo_id=target.repo,
            folder_path=folder,
            commit_message=f"Release {version}",
            delete_patterns=["manifests/**", "marks/**", "merged/**"],
        )
    return str(commit.commit_url)
