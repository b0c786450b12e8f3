"""A store in a folder of this machine."""

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

from ulid import ULID

from sg_assets.store.backends.interface import (
    FileStat,
    move_new,
    remove_path,
    stat_path,
    sync_content,
    sync_entry,
)


class LocalFiles:
    """A folder of this machine, on a file system with hard links."""

    def __init__(self, root: Path, staging: Path) -> None:
        """``staging`` must lie on the same file system as ``root``."""
        self._root = root
        self._staging = staging

    def write_new(self, name: str, text: str) -> None:
        """See ``Files``."""
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._written(path.name, text)
        try:
            os.link(temporary, path)  # unlike a rename, a link fails where the name exists
        finally:
            temporary.unlink()
        sync_entry(path)

    def replace(self, name: str, text: str) -> None:
        """See ``Files``."""
        path = self._root / name
        self._written(path.name, text).replace(path)
        sync_entry(path)

    def _written(self, name: str, text: str) -> Path:
        """A record on the disk, still staged."""
        self._staging.mkdir(parents=True, exist_ok=True)
        temporary = self._staging / f"{ULID()}-{name}"
        with temporary.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return temporary

    def read(self, name: str) -> bytes:
        """See ``Files``."""
        return (self._root / name).read_bytes()

    def glob(self, pattern: str) -> list[str]:
        """See ``Files``."""
        return sorted(path.relative_to(self._root).as_posix() for path in self._root.glob(pattern))

    def put(self, staged: Path, name: str) -> bool:
        """See ``Files``."""
        final = self._root / name
        with contextlib.suppress(FileNotFoundError):
            os.utime(final)  # in use again: what cleans up old content must see it as young
            remove_path(staged)
            return False
        final.parent.mkdir(parents=True, exist_ok=True)
        sync_content(staged)
        moved = move_new(staged, final)
        sync_entry(final)
        return moved

    def holds(self, name: str, files: Collection[str]) -> bool:  # noqa: ARG002 - folders are moved in whole
        """See ``Files``."""
        return (self._root / name).exists()

    def local(self, name: str) -> Path:
        """See ``Files``."""
        return self._root / name

    def stored(self, name: str, scratch: Path) -> Path:  # noqa: ARG002 - there is no other copy
        """See ``Files``."""
        path = self._root / name
        if not path.exists():
            raise FileNotFoundError(path)
        return path

    def stat(self, name: str) -> FileStat:
        """See ``Files``."""
        return stat_path(self._root / name)

    def remove(self, name: str) -> None:
        """See ``Files``."""
        (self._root / name).unlink(missing_ok=True)

    def discard(self, name: str, unused_since: float) -> bool:
        """See ``Files``.

        It is taken aside before its age is read: a writer that found it meanwhile made it young and gets it back, one
        that comes later does not find it and puts its own.
        """
        aside = self._staging / f"{ULID()}-discarded"
        try:
            (self._root / name).rename(aside)
        except FileNotFoundError:
            return False
        if stat_path(aside).changed > unused_since:
            move_new(aside, self._root / name)
            return False
        remove_path(aside)
        return True
