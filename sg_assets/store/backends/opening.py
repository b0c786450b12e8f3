"""From the root of a store to the files that lie there, on this machine or elsewhere."""

from pathlib import Path

from upath import UPath

from sg_assets.errors import SgAssetsError
from sg_assets.store.backends.interface import Files
from sg_assets.store.backends.local import LocalFiles
from sg_assets.store.backends.read_cache import Cache
from sg_assets.store.backends.remote import RemoteFiles

CACHE_BYTES = 20_000_000_000
"""How much of this machine's disk copies of contents may take, where a store lies elsewhere."""


def is_local(root: UPath) -> bool:
    """Whether a root is a folder of this machine."""
    return root.protocol in ("", "file", "local")


def home_of(root: UPath, home: Path | None) -> Path:
    """The local folder of a store: its root where that is local, else the folder that is named.

    Raises:
        SgAssetsError: the root lies elsewhere and no folder is named.
    """
    if is_local(root):
        return Path(root.path)
    if home is None:
        raise SgAssetsError("a remote store needs a local folder for copies", where=str(root))
    return home.absolute()


def open_files(root: UPath, home: Path, cache_bytes: int = CACHE_BYTES) -> Files:
    """The files under a root.

    Args:
        root: A local folder, or a URL of a file system that fsspec knows.
        home: The local folder for staged work and copies.
        cache_bytes: For a root elsewhere: how much the copies may take.

    Raises:
        SgAssetsError: a root of this kind cannot be reached.
    """
    staging = home / "staging"
    if is_local(root):
        return LocalFiles(home, staging)
    try:
        return RemoteFiles(root, Cache(home / "cache", staging, cache_bytes))
    except (ImportError, ValueError) as error:
        raise SgAssetsError(
            "this kind of store cannot be reached",
            where=str(root),
            why=str(error),
            remedy="Install the fsspec package for it (for gs://: pip install gcsfs)",
        ) from error
