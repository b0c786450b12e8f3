"""A store of the format before, as it was written then: manifests, heads and a quarantined version, no contents."""

import shutil
from pathlib import Path

from upath import UPath

from sg_assets.store.backends.interface import Files
from sg_assets.store.backends.opening import home_of, open_files

BEFORE = Path(__file__).with_name("format_2_store")


def files_before(tmp_path: Path, kind: str) -> Files:
    """The store in a folder, or on a file system that is only reached through fsspec."""
    if kind == "local":
        shutil.copytree(BEFORE, tmp_path / "store")
        return open_files(UPath(tmp_path / "store"), tmp_path / "store")
    root = UPath(f"memory://{tmp_path.name}/before")
    files = open_files(root, home_of(root, tmp_path / "home"))
    for path in BEFORE.rglob("*.json"):
        files.write_new(path.relative_to(BEFORE).as_posix(), path.read_text(encoding="utf-8"))
    return files
