"""A store in a folder of this machine."""

import contextlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

from ulid import ULID

from sg_assets.store.backends.durable import make_folder, sync_content, sync_entry
from sg_assets.store.backends.interface import (
    FileStat,
    PutResult,
    equal_bytes,
    move_new,
    remove_path,
    renamed_new,
    stat_path,
)

_COPIES: Final = "copies"
_COPIED: Final = ("manifests", "heads", "marks", "quarantine", "code", "store.json")
"""The records that have a copy: those that no run writes again."""
_SUFFIXES: Final = (".json", ".txt")
"""Of records; a folder with one of these came to harm."""
_DAMAGED: Final = "damaged"


class LocalFiles:
    """A folder of this machine, on a file system with hard links."""

    def __init__(self, root: Path, staging: Path) -> None:
        """``staging`` must lie on the same file system as ``root``."""
        self._root = root
        self._staging = staging

    def write_new(self, name: str, text: str) -> None:
        """See ``Files``."""
        path = self._root / name
        make_folder(path.parent)
        temporary = self._written(path.name, text)
        try:
            os.link(temporary, path)  # unlike a rename, a link fails where the name exists
        finally:
            temporary.unlink()
        sync_entry(path)
        self._copy(name, text)

    def replace(self, name: str, text: str) -> None:
        """See ``Files``."""
        path = self._root / name
        self._written(path.name, text).replace(path)
        sync_entry(path)
        self._copy(name, text)

    def _copy(self, name: str, text: str) -> None:
        if name.split("/", 1)[0] in _COPIED:
            self.write_copy(name, text.encode())

    def _written(self, name: str, text: str) -> Path:
        """A record on the disk, still staged."""
        make_folder(self._staging)
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

    def put(self, staged: Path, name: str) -> PutResult:
        """See ``Files``."""
        final = self._root / name
        make_folder(final.parent)
        while not os.path.lexists(final):
            sync_content(staged)
            if renamed_new(staged, final):
                sync_entry(final)
                return PutResult.NEW
        if not _is_equal(staged, final):
            return PutResult.OTHER
        try:
            self.reuse(name)
        except FileNotFoundError:  # another process just discarded it
            return self.put(staged, name)
        remove_path(staged)
        return PutResult.SAME

    def reuse(self, name: str) -> None:
        """See ``Files``."""
        os.utime(self._root / name)

    def holds(self, name: str, files: Collection[str]) -> bool:
        """See ``Files``."""
        return all((self._root / name / file).is_file() for file in files) and (self._root / name).exists()

    def local(self, name: str) -> Path:
        """See ``Files``."""
        return self._root / name

    def fetch_again(self, name: str) -> bool:  # noqa: ARG002 - there is no other copy
        """See ``Files``."""
        return False

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
        (self._root / _COPIES / name).unlink(missing_ok=True)
        (self._root / name).unlink(missing_ok=True)

    def set_aside(self, name: str) -> str | None:
        """See ``Files``."""
        aside = f"{_DAMAGED}/{name}/{ULID()}"
        make_folder((self._root / aside).parent)
        try:
            (self._root / name).rename(self._root / aside)
        except FileNotFoundError:
            return None
        sync_entry(self._root / name)
        sync_entry(self._root / aside)
        return aside

    def copies(self, folder: str = "") -> list[str]:
        """See ``Files``."""
        root = self._root / _COPIES
        paths = (path for path in (root / folder).rglob("*") if path.is_file() or path.suffix in _SUFFIXES)
        return sorted(path.relative_to(root).as_posix() for path in paths)

    def read_copy(self, name: str) -> bytes | None:
        """See ``Files``."""
        try:
            return (self._root / _COPIES / name).read_bytes()
        except OSError:
            return None

    def write_copy(self, name: str, data: bytes) -> None:
        """See ``Files``."""
        path, temporary = self._root / _COPIES / name, self._staging / f"{ULID()}-copy"
        with contextlib.suppress(OSError):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                temporary.write_bytes(data)
                if path.is_dir():  # a file came to harm so
                    path.rename(temporary.with_suffix(".folder"))
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

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


def _is_equal(staged: Path, final: Path) -> bool:
    """Whether a content has the bytes of a staged one; one that cannot be read has not."""
    try:
        return equal_bytes(staged, final)
    except OSError:
        return False
