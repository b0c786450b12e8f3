"""Durable file steps: nothing half-written is ever seen under its final name."""

import os
import shutil
from pathlib import Path

from ulid import ULID


def write_new(path: Path, text: str, staging: Path) -> None:
    """Put a text file in place, complete or not at all.

    Raises:
        FileExistsError: the name is taken; records are never overwritten.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staging.mkdir(parents=True, exist_ok=True)
    temporary = staging / f"{ULID()}-{path.name}"
    with temporary.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)  # unlike a rename, a link fails where the name exists
    finally:
        temporary.unlink()
    _sync_folder(path.parent)


def move_content(staged: Path, final: Path) -> None:
    """Move a staged file or folder to its content-addressed place; equal content that is there already wins."""
    if final.exists():
        os.utime(final)  # in use again: what cleans up old content must see it as young
        _remove(staged)
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    for path in [staged] if staged.is_file() else [one for one in staged.rglob("*") if one.is_file()]:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    try:
        _move_new(staged, final)
    except OSError:
        # Someone published equal content in between.
        if not final.exists():
            raise
        _remove(staged)
    _sync_folder(final.parent)


def _move_new(staged: Path, final: Path) -> None:
    """Move, or fail where the name exists. A rename does so for folders that hold something, a link for files."""
    if staged.is_dir():
        staged.rename(final)
    else:
        os.link(staged, final)
        staged.unlink()


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
