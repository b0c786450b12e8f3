"""A published release as a plain folder."""

import shutil
from pathlib import Path

from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.store.fingerprints import file_sha256
from sg_assets.store.manifests import Manifest


def copy_release(release: Manifest, content: Path, folder: Path) -> None:
    """Copy a release's files, each compared with its manifest; the folder appears when it is whole.

    Args:
        release: The version.
        content: Where its files are.
        folder: Made here, with what leads to it.

    Raises:
        SgAssetsError: the folder exists, cannot be written, or a file is not the one published.
    """
    if folder.exists() or folder.is_symlink():
        raise SgAssetsError("exists already", where=str(folder), remedy="Name a folder that does not, or remove it")
    asset_def = folder.with_name(f".{folder.name}.{ULID()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(content, asset_def)
        _check(release, asset_def)
        asset_def.rename(folder)
    except OSError as error:
        raise SgAssetsError("cannot be written", where=str(folder), why=str(error)) from error
    finally:
        shutil.rmtree(asset_def, ignore_errors=True)


def _check(release: Manifest, folder: Path) -> None:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    wrong = [name for name, digest in release.files.items() if name not in found or file_sha256(found[name]) != digest]
    if wrong or found.keys() - release.files.keys():
        raise SgAssetsError(
            f"{release.ref} is not what was published: {', '.join(wrong) or 'there are more files'}",
            remedy=f"Look with `sg-assets verify '{release.ref}'`, and materialize it again",
        )
