"""Copies of remote contents on this machine: valid for ever, because what has a name never changes.

Only contents are kept here. What can change, such as which version is current, is always asked of the store.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ulid import ULID

from sg_assets.store.backends.durable import sync_content
from sg_assets.store.backends.interface import move_new, remove_path, stat_path

IN_USE: Final = 3600.0
"""Seconds for which a copy is kept after its last use whatever the limit says: a step may be about to read it."""


@dataclass(frozen=True)
class Cache:
    """A folder of copies, filled when they are asked for, bounded by dropping the least recently used."""

    folder: Path
    scratch: Path
    """Takes what is being fetched or dropped; on the same file system."""
    limit: int
    """Bytes."""

    def get(self, name: str, fetch: Callable[[Path], None]) -> Path:
        """The copy of a content, fetched to the path given to ``fetch`` where there is none yet."""
        path = self.folder / name
        try:
            os.utime(path)  # its time of change is the time of its last use
        except FileNotFoundError:
            fetched = self._scratch()
            fetch(fetched)
            self.add(fetched, name)
        return path

    def add(self, staged: Path, name: str) -> None:
        """Move a content in as a copy, whole or not at all; two processes that do so are no trouble to each other."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        sync_content(staged)
        os.utime(staged)
        move_new(staged, path)
        self._trim()

    def drop(self, name: str) -> None:
        """Remove a copy, so that it is fetched again when it is asked for."""
        aside = self._scratch()
        with contextlib.suppress(FileNotFoundError):
            (self.folder / name).rename(aside)  # a copy half removed must not be found
        remove_path(aside)

    def _trim(self) -> None:
        used = sorted(self._entries())
        excess = sum(size for _, size, _ in used) - self.limit
        for at, size, entry in used:
            if excess <= 0 or at > time.time() - IN_USE:
                return
            self.drop(entry.relative_to(self.folder).as_posix())
            excess -= size

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Last use, bytes and path of each copy."""
        for entry in [*self.folder.glob("objects/*/*/*"), *self.folder.glob("artifacts/*/*/*")]:
            with contextlib.suppress(FileNotFoundError):  # another process dropped it
                yield entry.stat().st_mtime, stat_path(entry).bytes, entry

    def _scratch(self) -> Path:
        self.scratch.mkdir(parents=True, exist_ok=True)
        return self.scratch / f"{ULID()}-copy"
