"""Reading and writing records and contents by name under one root: the few operations that the store is built from.

A name is relative to the root, with ``/`` between its parts. A named record or content is complete, and never changes;
only the store's identity is replaced, when the store moves to another format.
"""

import hashlib
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class FileStat:
    """Size and age of a record, or of a content with all its files."""

    bytes: int
    changed: float
    """When it was last written or reused, in seconds since 1970."""


class PutResult(StrEnum):
    """How a content came to have its name."""

    NEW = "new"
    """It was moved there."""
    SAME = "same"
    """A content with the same bytes had it already, and counts as used again."""
    OTHER = "other"
    """A content with other bytes has it; nothing was changed, and what was staged still is."""


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

    def put(self, staged: Path, name: str) -> PutResult:
        """Move a staged file or folder to its name, unless a content has the name already: that is compared, and stays.

        Nothing stays staged, except where the content of the name has other bytes.
        """

    def reuse(self, name: str) -> None:
        """Let a content count as used again now: what cleans up old content must see it as young."""

    def holds(self, name: str, files: Collection[str]) -> bool:
        """Whether a content is stored with all its files (``.`` for a content of one file)."""

    def local(self, name: str) -> Path:
        """A content's file or folder on this machine, for reading.

        Raises:
            FileNotFoundError: the content is not stored.
        """

    def fetch_again(self, name: str) -> bool:
        """Drop the copy of a content on this machine, which `local` then fetches; False where there are no copies."""

    def stored(self, name: str, scratch: Path) -> Path:
        """A content as it lies in the store, past any copy on this machine; ``scratch`` takes it where that is needed.

        Raises:
            FileNotFoundError: the content is not stored.
        """

    def stat(self, name: str) -> FileStat:
        """Size and age of a record or a content."""

    def remove(self, name: str) -> None:
        """Remove a record and its copy; it is no error if another process just did."""

    def set_aside(self, name: str) -> str | None:
        """Move a damaged record or content to a name under ``damaged/``; that name, or None where there is none."""

    def copies(self, folder: str = "") -> list[str]:
        """The names of the records, in a folder or all, that have a copy, sorted; none of a store that is elsewhere."""

    def read_copy(self, name: str) -> bytes | None:
        """The copy of a record, or None."""

    def write_copy(self, name: str, data: bytes) -> None:
        """Write the copy of a record; no error where that fails, for a copy decides nothing."""

    def discard(self, name: str, unused_since: float) -> bool:
        """Remove a content, unless it was reused after the time given; then False."""


def move_new(staged: Path, final: Path) -> bool:
    """Move a file or folder to a new name; False where another process was quicker. Either way nothing stays staged."""
    moved = renamed_new(staged, final)
    if not moved:
        remove_path(staged)
    return moved


def renamed_new(staged: Path, final: Path) -> bool:
    """Move a file or folder to a new name; False where the name is taken, and then nothing is changed."""
    try:
        if staged.is_dir():
            staged.rename(final)  # fails where a folder holds something
        else:
            os.link(staged, final)
            staged.unlink()
    except OSError:
        if not os.path.lexists(final):
            raise
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


def equal_bytes(first: Path, second: Path) -> bool:
    """Whether two files, or two folders with all their files, hold the same bytes under the same names."""
    if first.is_file() and second.is_file():
        return first.stat().st_size == second.stat().st_size and sha256_of(first) == sha256_of(second)
    if not (first.is_dir() and second.is_dir()):
        return False
    names = [{item.relative_to(path).as_posix() for item in all_files(path)} for path in (first, second)]
    return names[0] == names[1] and all(equal_bytes(first / name, second / name) for name in names[0])


def sha256_of(file: Path) -> str:
    """The sha256 of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
