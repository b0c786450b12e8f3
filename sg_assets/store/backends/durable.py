"""Writing that outlives a power cut: files, folders and their names are on the disk before anything relies on them."""

import os
from pathlib import Path

from sg_assets.store.backends.interface import all_files


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; the names of all that are new are on the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_entry(folder)


def sync_content(path: Path) -> None:
    """Bring a file, or every file and folder in a folder, to the disk."""
    for file in all_files(path):
        _sync(file)
    if path.is_dir():
        for folder in [path, *(item for item in path.rglob("*") if item.is_dir())]:
            _sync(folder)


def sync_entry(path: Path) -> None:
    """Bring the name of a file or folder to the disk."""
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
