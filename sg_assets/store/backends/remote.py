"""A store on a file system reached through fsspec, such as ``gs://bucket/prefix``."""

import contextlib
import glob
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any, Final

from ulid import ULID
from upath import UPath

from sg_assets.store.backends.interface import FileStat, PutResult, all_files
from sg_assets.store.backends.read_cache import Cache

_BLOCK: Final = 1 << 20
_DAMAGED: Final = "damaged"


class RemoteFiles:
    """Files under a URL, with copies of contents on this machine.

    Nothing is overwritten, because everything is put by fsspec's exclusive create (``mode="create"``): it raises
    FileExistsError where the name is taken. On GCS that is a request with ``if-generation-match: 0``, and an object
    appears only when it is complete. File systems without such a request ask first; there two writers may both put one
    name, which is harmless: names of records hold random bits, names of contents are their digests. A content that is
    a folder is put file by file and is there only when all its files are.
    """

    def __init__(self, root: UPath, cache: Cache) -> None:
        self._fs: Any = root.fs
        self._root = root.path.rstrip("/")
        self._cache = cache

    def write_new(self, name: str, text: str) -> None:
        """See ``Files``."""
        self._fs.pipe_file(self._path(name), text.encode(), mode="create")

    def replace(self, name: str, text: str) -> None:
        """See ``Files``."""
        self._fs.pipe_file(self._path(name), text.encode())

    def read(self, name: str) -> bytes:
        """See ``Files``."""
        data: bytes = self._fs.cat_file(self._path(name))
        return data

    def glob(self, pattern: str) -> list[str]:
        """See ``Files``."""
        self._fs.invalidate_cache()  # others write here too
        paths = self._fs.glob(f"{glob.escape(self._root)}/{pattern}")
        return sorted(path.removeprefix(f"{self._root}/") for path in paths)

    def put(self, staged: Path, name: str) -> PutResult:
        """See ``Files``."""
        results = [self._put_file(file, self._path(name, _inside(file, staged))) for file in all_files(staged)]
        if PutResult.OTHER in results or len(self._all(name)) > len(results):
            return PutResult.OTHER
        self._cache.drop(name)  # what lay there before may have been another content
        self._cache.add(staged, name)
        return PutResult.SAME if PutResult.SAME in results else PutResult.NEW

    def _put_file(self, file: Path, path: str) -> PutResult:
        try:
            self._fs.put_file(str(file), path, mode="create")
        except FileExistsError:
            with self._fs.open(path, "rb") as stored, file.open("rb") as staged:
                if not _equal_streams(stored, staged):
                    return PutResult.OTHER
            self._fs.cp_file(path, path)  # in use again: what cleans up old content must see it as young
            return PutResult.SAME
        return PutResult.NEW

    def reuse(self, name: str) -> None:
        """See ``Files``."""
        for path in self._all(name):
            self._fs.cp_file(path, path)

    def holds(self, name: str, files: Collection[str]) -> bool:
        """See ``Files``."""
        self._fs.invalidate_cache()
        return all(self._fs.exists(self._path(name, file)) for file in files)

    def local(self, name: str) -> Path:
        """See ``Files``."""
        return self._cache.get(name, lambda to: self._download(name, to))

    def fetch_again(self, name: str) -> bool:
        """See ``Files``."""
        self._cache.drop(name)
        return True

    def stored(self, name: str, scratch: Path) -> Path:
        """See ``Files``."""
        self._download(name, scratch)
        return scratch

    def _download(self, name: str, to: Path) -> None:
        for path in self._all(name):
            file = to / _relative(path, self._path(name))
            file.parent.mkdir(parents=True, exist_ok=True)
            self._fs.get_file(path, str(file))

    def stat(self, name: str) -> FileStat:
        """See ``Files``."""
        paths = self._all(name)
        sizes = [self._fs.size(path) for path in paths]
        return FileStat(sum(sizes), max(self._fs.modified(path).timestamp() for path in paths))

    def remove(self, name: str) -> None:
        """See ``Files``."""
        with contextlib.suppress(FileNotFoundError):
            self._fs.rm_file(self._path(name))

    def set_aside(self, name: str) -> str | None:
        """See ``Files``."""
        aside = f"{_DAMAGED}/{name}/{ULID()}"
        try:
            paths = self._all(name)
        except FileNotFoundError:
            return None
        for path in paths:
            relative = _relative(path, self._path(name))
            self._fs.mv(path, self._path(aside, relative or "."))
        self._cache.drop(name)
        return aside

    def copies(self, folder: str = "") -> list[str]:  # noqa: ARG002 - there are none
        """See ``Files``: a bucket keeps versions of its objects, which are better than copies in the same bucket."""
        return []

    def read_copy(self, name: str) -> bytes | None:  # noqa: ARG002 - there is none
        """See ``Files``."""
        return None

    def write_copy(self, name: str, data: bytes) -> None:
        """See ``Files``."""

    def discard(self, name: str, unused_since: float) -> bool:
        """See ``Files``.

        Age and removal are two requests. A writer that finds the content between them, after a grace period in which
        nobody did, would publish a version without content: clean a remote store while no step runs.
        """
        with contextlib.suppress(FileNotFoundError):
            if self.stat(name).changed <= unused_since:
                self._fs.rm(self._path(name), recursive=True)
                return True
        return False

    def _all(self, name: str) -> list[str]:
        """The paths of a record, or of all files of a content.

        Raises:
            FileNotFoundError: there is none of this name.
        """
        self._fs.invalidate_cache()
        path = self._path(name)
        if self._fs.info(path)["type"] != "directory":
            return [path]
        paths: list[str] = self._fs.find(path)
        return paths

    def _path(self, name: str, file: str = ".") -> str:
        return f"{self._root}/{name}" if file == "." else f"{self._root}/{name}/{file}"


def _inside(file: Path, staged: Path) -> str:
    return file.relative_to(staged).as_posix()


def _relative(path: str, content: str) -> str:
    return path.removeprefix(content).lstrip("/")


def _equal_streams(first: IO[bytes], second: IO[bytes]) -> bool:
    while data := first.read(_BLOCK):
        if data != second.read(len(data)):
            return False
    return not second.read(1)
