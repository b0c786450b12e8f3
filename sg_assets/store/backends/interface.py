"""Reading and writing records and contents by name under one root: the few operations that the store is built from.

A name is relative to the root, with ``/`` between its parts. A named record or content is complete, and never changes;
only the store's identity is replaced, when the store moves to another format.
"""

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class FileStat:
    """Size and age of a record, or of a content with all its files."""

    bytes: int
    changed: float
    """When it was last written or reused, in seconds since 1970."""


class Files(Protocol):
    """The operations that a store needs of a file system."""

    def write_new(self, name: str, text: str) -> None:
        """Write a record, completely or not at all.

        Raises:
            FileExistsError: the name is taken; records are never overwritten.
        """

    def replace(self, name: str, text: str) -> None:
        """Replace a record, completely or not at all; for the store's identity alone."""

    def read(self, name: str) -> bytes:
        """A record.

        Raises:
            FileNotFoundError: there is none of this name.
        """

    def glob(self, pattern: str) -> list[str]:
        """The names that match, sorted: records, contents of one file, and contents that are folders."""

    def put(self, staged: Path, name: str) -> bool:
        """Move a staged file or folder to its name; False where equal content has the name already and stays."""

    def holds(self, name: str, files: Collection[str]) -> bool:
        """Whether a content is stored with all its files (``.`` for a content of one file)."""

    def local(self, name: str) -> Path:
        """A content's file or folder on this machine, for reading.

        Raises:
            FileNotFoundError: the content is not stored.
        """

    def stored(self, name: str, scratch: Path) -> Path:
        """A content as it lies in the store, past any copy on this machine; ``scratch`` takes it where that is needed.

        Raises:
            FileNotFoundError: the content is not stored.
        """

    def stat(self, name: str) -> FileStat:
        """Size and age of a record or a content."""

    def remove(self, name: str) -> None:
        """Remove a record; it is no error if another process just did."""

    def discard(self, name: str, unused_since: float) -> bool:
        """Remove a content, unless it was reused after the time given; then False."""


def move_new(staged: Path, final: Path) -> bool:
    """Move a file or folder to a new name; False where another process was quicker. Either way nothing stays staged."""
    try:
        if staged.is_dir():
            staged.rename(final)  # fails where a folder holds something
        else:
            os.link(staged, final)
            staged.unlink()
    except OSError:
        if not final.exists():
            raise
        remove_path(staged)
        return False
    return True


def remove_path(path: Path) -> None:
    """Remove a file or folder; it is no error if another process just did."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def stat_path(path: Path) -> FileStat:
    """Size and age of a file, or of a folder with all it holds."""
    stats = [item.stat() for item in [path, *(path.rglob("*") if path.is_dir() else ())]]
    return FileStat(sum(item.stat().st_size for item in all_files(path)), max(item.st_mtime for item in stats))


def all_files(path: Path) -> list[Path]:
    """A file, or the files in a folder."""
    return [path] if path.is_file() else [item for item in sorted(path.rglob("*")) if item.is_file()]


def sync_content(path: Path) -> None:
    """Make sure a file, or every file of a folder, outlives a power cut."""
    for file in all_files(path):
        _sync(file)


def sync_entry(path: Path) -> None:
    """Make sure that a name outlives a power cut."""
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
