"""Models in folders of one's own: found, listed by digest, and found again by that list."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_digests import Purpose, file_digests
from sg_assets.hub.file_list import PinnedFile, PinnedFiles
from sg_assets.hub.local_records import files_root, read_record, write_record
from sg_assets.hub.resolve import Choose
from sg_assets.store.fingerprints import json_digest

ROOT_VARIABLE: Final = "SG_WEIGHTS"
_MOST_FILES: Final = 10_000
_DEPTH: Final = 4
"""Folders below the model's that files are looked for in."""


def pin_folder(path: str, root: Path, choose: Choose, *, purpose: Purpose = "look") -> PinnedFiles:
    """The files of a folder with their digests; this machine remembers where they lie.

    Args:
        path: The folder as declared.
        root: What it lies below, unless it begins with ``/``.
        choose: Which of the files are needed.
        purpose: Whether files whose identity is known are read again.

    Raises:
        SgAssetsError: there is no such folder, it cannot be read, a file is a link that leaves it or no file at all,
            or the files that are needed are not there.
    """
    folder = _existing(path, root)
    try:
        chosen = choose(list(_names(folder, path)))
        for name in chosen:
            _require_inside(folder, name, path)
        digests = file_digests(folder, [(name, "sha256") for name in chosen], purpose=purpose)
    except OSError as error:
        where = f"path {path}, {Path(str(error.filename)).name}"
        raise SgAssetsError(
            "cannot be read",
            where=where,
            why=error.strerror,
            remedy="Check the permissions of the folder and its files",
        ) from error
    files = tuple(PinnedFile(name=name, size=digests[name][0], sha256=digests[name][1]) for name in chosen)
    pinned = PinnedFiles(files=files)
    _remember(pinned, folder)
    return pinned


def folder_of(pinned: PinnedFiles) -> Path:
    """Where the files of a folder lie on this machine.

    Raises:
        SgAssetsError: this machine has not seen such a folder, or it is gone.
    """
    known = read_record(_record(pinned)).get("folder")
    if isinstance(known, str) and Path(known).is_dir():
        return Path(known)
    listed = next((file for file in pinned.files if file.name.endswith(".safetensors")), pinned.files[0])
    raise SgAssetsError(
        "the model's folder is not on this machine" if known is None else "the model's folder is gone",
        where=f"{listed.name}, sha256 {listed.sha256}",
        why="weights from a folder are not copied into the store",
        remedy=f"Name the folder with these files as path in the profile, from / or below {ROOT_VARIABLE}: the next "
        "run, or `sg-assets status`, finds them there; other files are another version",
    )


def _remember(pinned: PinnedFiles, folder: Path) -> None:
    if read_record(_record(pinned)).get("folder") != str(folder):
        write_record(_record(pinned), {"folder": str(folder)})


def _record(pinned: PinnedFiles) -> Path:
    listed = [[file.name, file.size, file.sha256] for file in pinned.files]
    return files_root() / "folders" / f"{json_digest(listed)}.json"


def _existing(path: str, root: Path) -> Path:
    folder = Path(path) if path.startswith("/") else root / path
    if folder.is_dir():
        return folder.resolve()
    below = "" if path.startswith("/") else f"it is looked for below {ROOT_VARIABLE}, {root}"
    if folder.exists():
        raise SgAssetsError("is a file, and a folder is needed", where=f"path {path}", why=below or None,
                            remedy="Name the folder that holds config.json and the weights")  # fmt: skip
    try:
        neighbours = sorted(entry.name for entry in os.scandir(folder.parent) if entry.is_dir())
    except OSError:
        neighbours = []
    close = get_close_matches(folder.name, neighbours, n=1)
    remedy = f"Did you mean '{close[0]}'?" if close else f"Name a folder that exists, or set {ROOT_VARIABLE}"
    raise SgAssetsError("there is no such folder", where=f"path {path}", why=below or None, remedy=remedy)


def _names(folder: Path, path: str) -> Iterator[str]:
    """The names of a folder's files, hidden ones left out; files in linked folders too, which are refused by name."""
    count = 0
    for current, folders, files in os.walk(folder, followlinks=True):
        below = Path(current).relative_to(folder)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if len(below.parts) < _DEPTH else []
        for name in files:
            count += 1
            if count > _MOST_FILES:
                remedy = "Name the folder of the one model, not one above it"
                raise SgAssetsError(f"has more than {_MOST_FILES:,} files", where=f"path {path}", remedy=remedy)
            if not name.startswith("."):
                yield (below / name).as_posix()


def _require_inside(folder: Path, name: str, path: str) -> None:
    file = folder / name
    if not file.resolve().is_relative_to(folder):
        raise SgAssetsError(
            f"'{name}' is a link that leaves the folder", where=f"path {path}",
            why="what it leads to could change without the folder's",
            remedy="Copy the folder with its links followed: cp -rL; of the hub's cache, name the repo instead",
        )  # fmt: skip
    if not file.is_file():
        way = "is a link that leads nowhere" if file.is_symlink() else "is no file"
        raise SgAssetsError(f"'{name}' {way}", where=f"path {path}", remedy="Put the file there, or remove the name")
