"""Where records and contents lie, by name under one root: the few steps the store is built from.

A name is relative to the root, with ``/`` between its parts. What has a name is complete, and never changes; only the
store's identity is replaced, when the store moves to another format.
"""

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Stored:
    """Size and age of a record, or of a content with all its files."""

    bytes: int
    changed: float
    """When it was last written or found again, in seconds since 1970."""


class Files(Protocol):
    """What a store asks of the place it lies in."""

    def write_new(self, name: str, text: str) -> None:
        """Put a record in place, complete or not at all.

        Raises:
            FileExistsError: the name is taken; records are never overwritten.
        """

    def replace(self, name: str, text: str) -> None:
        """Put another record in a record's place, complete or not at all; for the store's identity alone."""

    def read(self, name: str) -> bytes:
        """A record.

        Raises:
            FileNotFoundError: there is none of this name.
        """

    def glob(self, pattern: str) -> list[str]:
        """The names that match, sorted: records, contents of one file, and contents that are folders."""

    def put(self, staged: Path, name: str) -> bool:
        """Move a staged file or folder to its place; False where equal content is there already and stays."""

    def holds(self, name: str, files: Collection[str]) -> bool:
        """Whether a content is there with all its files (``.`` for a content that is one file)."""

    def local(self, name: str) -> Path:
        """A content's file or folder on this machine, for reading.

        Raises:
            FileNotFoundError: the content is not in place.
        """

    def stored(self, name: str, scratch: Path) -> Path:
        """A content as it lies in the store, past any copy on this machine; ``scratch`` takes it where that is needed.

        Raises:
            FileNotFoundError: the content is not in place.
        """

    def look(self, name: str) -> Stored:
        """Size and age of a record or a content."""

    def remove(self, name: str) -> None:
        """Remove a record; it is no error if another process just did."""

    def discard(self, name: str, unused_since: float) -> bool:
        """Remove a content, unless it was found again after the time given; then False."""


def move_new(staged: Path, final: Path) -> bool:
    """Move a file or folder to a name nobody has; False where another was quicker. Either way nothing stays staged."""
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


def look_at(path: Path) -> Stored:
    """Size and age of a file, or of a folder with all it holds."""
    found = [one.stat() for one in [path, *(path.rglob("*") if path.is_dir() else ())]]
    return Stored(sum(one.stat().st_size for one in all_files(path)), max(one.st_mtime for one in found))


def all_files(path: Path) -> list[Path]:
    """A file, or the files in a folder."""
    return [path] if path.is_file() else [one for one in sorted(path.rglob("*")) if one.is_file()]


def sync_content(path: Path) -> None:
    """Make sure a file, or every file of a folder, outlives a power cut."""
    for one in all_files(path):
        _sync(one)


def sync_entry(path: Path) -> None:
    """Make sure that a name outlives a power cut."""
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
