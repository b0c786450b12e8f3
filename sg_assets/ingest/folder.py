"""What lies under a folder of raw files: every file is read, skipped for a reason that is reported, or refused.

Links to folders are followed; a folder that two names lead to is read under the first. Nothing is opened here, so that
a pipe or a device cannot hold anybody up.
"""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sg_assets.errors import SgAssetsError

MOST_ENTRIES: Final = 250_000
"""Files and folders that are looked at; a link to the root of a disk has more."""
_SHOWN: Final = 1000  # files that are not read; more of them are only counted
_KINDS: Final = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True)
class SkippedFile:
    """A file or folder that is not read."""

    name: str
    """Relative to the folder; a folder's ends in a slash."""
    reason: str
    """Why it is not read."""


@dataclass
class FolderListing:
    """What lies under a folder."""

    files: list[tuple[str, Path]] = field(default_factory=list)
    """Regular files by their name relative to the folder, with forward slashes, sorted."""
    skipped: list[SkippedFile] = field(default_factory=list)
    """Hidden files and folders, and folders that are read under another name; sorted."""


def list_folder(folder: Path) -> FolderListing:
    """What lies under a folder.

    Raises:
        SgAssetsError: a link to nothing, a pipe, socket or device, a name that cannot be written down, a folder that
            cannot be read, or more than ``MOST_ENTRIES`` entries.
    """
    listing, looked_at = FolderListing(), 0
    read: dict[tuple[int, int], str] = {}
    # Folders themselves come before linked ones, so that a link never takes their names from their files.
    folders, linked = deque([("", folder)]), deque[tuple[str, Path]]()
    while folders or linked:
        name, path = folders.popleft() if folders else linked.popleft()
        status = path.stat()
        if (first := read.setdefault((status.st_dev, status.st_ino), name)) != name:
            listing.skipped.append(SkippedFile(f"{name}/", f"the same folder as {first or '.'}"))
            continue
        for child, entry in _entries(name, path):
            looked_at += 1
            if looked_at > MOST_ENTRIES:
                raise SgAssetsError(f"more than {MOST_ENTRIES} files and folders lie here", where=str(folder))
            _sort_in(child, entry, listing, folders, linked)
    listing.files.sort()
    listing.skipped.sort(key=lambda skipped: skipped.name)
    return listing


def report_skipped(skipped: Sequence[SkippedFile], details: dict[str, Any], log: Callable[[str], None]) -> None:
    """Name the files that are not read, with the reasons: in the log of the run and in the details of the version."""
    for file in skipped[:_SHOWN]:
        log(f"not read: {file.name} ({file.reason})")
    if skipped:
        details["files_not_read"] = len(skipped)
        details["not_read"] = [asdict(file) for file in skipped[:_SHOWN]]


def kind_of_file(path: Path) -> str | None:
    """What lies here instead of a regular file: a folder, a named pipe, a link to nothing; None for a regular file."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return "a link to nothing" if path.is_symlink() else "nothing that can be read"
    if stat.S_ISREG(mode):
        return None
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), "a folder")


def refuse_other_kinds(path: Path) -> None:
    """Refuse what is no regular file, before anything opens it.

    Raises:
        SgAssetsError: a folder, a named pipe, a socket, a device, or a link to one of them or to nothing.
    """
    kind = kind_of_file(path)
    if kind is not None:
        raise SgAssetsError(f"this is {kind}, not a file", where=shown(path), remedy="Remove it.")


def shown(path: Path | str) -> str:
    """A path as errors and logs may show it: bytes that are no UTF-8 and control characters are escaped."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def _entries(name: str, folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                yield (f"{name}/{entry.name}" if name else entry.name), entry
    except OSError as error:
        raise SgAssetsError("this folder cannot be read", where=shown(folder), why=str(error.strerror)) from None


def _sort_in(
    name: str,
    entry: os.DirEntry[str],
    listing: FolderListing,
    folders: deque[tuple[str, Path]],
    linked: deque[tuple[str, Path]],
) -> None:
    path = Path(entry.path)
    if entry.name.startswith("."):
        listing.skipped.append(SkippedFile(shown(name), "hidden: its name begins with a dot"))
        return
    if shown(name) != name:
        raise SgAssetsError("its name is not printable UTF-8", where=shown(path), remedy="Rename or remove it.")
    kind = kind_of_file(path)
    if kind is None:
        listing.files.append((name, path))
    elif kind == "a folder":
        (linked if entry.is_symlink() else folders).append((name, path))
    else:
        refuse_other_kinds(path)
