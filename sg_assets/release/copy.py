"""A published release as a plain folder."""

import shutil
from pathlib import Path

from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.store.fingerprints import file_sha256
from sg_assets.store.manifests import Manifest


def copy_release(release: Manifest, content: Path, folder: Path) -> None:
    """Copy a release's files, each compared with its manifest; the folder appears when it is complete.

    Args:
        release: The version.
        content: Where its files are.
        folder: Created here, with its parents.

    Raises:
        SgAssetsError: the folder exists, cannot be written, or a file is not the one published.
    """
    if folder.exists() or folder.is_symlink():
        raise SgAssetsError("exists already", where=str(folder), remedy="Name another folder, or remove this one")
    staging = folder.with_name(f".{folder.name}.{ULID()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(content, staging)
        _require_published(release, staging)
        staging.rename(folder)
    except OSError as error:
        raise SgAssetsError("cannot be written", where=str(folder), why=str(error)) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _require_published(release: Manifest, folder: Path) -> None:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    wrong = [name for name, digest in release.files.items() if name not in files or file_sha256(files[name]) != digest]
    if wrong or files.keys() - release.files.keys():
        raise SgAssetsError(
            f"{release.ref} is not what was published: {', '.join(wrong) or 'unexpected files'}",
            remedy=f"Look with `sg-assets verify '{release.ref}'`, and materialize it again",
        )
