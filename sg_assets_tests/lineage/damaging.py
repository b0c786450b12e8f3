"""Ways in which a stored file is lost or damaged."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final


def _deleted(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _emptied(path: Path) -> None:
    file_in(path).write_bytes(b"")


def _truncated(path: Path) -> None:
    file = file_in(path)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _flipped(path: Path) -> None:
    file = file_in(path)
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8] = bytes(byte ^ 0xFF for byte in content[middle : middle + 8])
    file.write_bytes(content)


def _replaced_by_a_folder(path: Path) -> None:
    _deleted(path)
    path.mkdir()


def _of_another_format(path: Path) -> None:
    file = file_in(path)
    try:
        file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 1, "unknown": True}))
    except ValueError:
        file.write_text("no record")


def file_in(path: Path) -> Path:
    """A file, or the first file of a folder."""
    return path if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())[0]


DAMAGES: Final[Mapping[str, Callable[[Path], None]]] = {
    "deleted": _deleted,
    "emptied": _emptied,
    "truncated": _truncated,
    "flipped": _flipped,
    "folder": _replaced_by_a_folder,
    "other format": _of_another_format,
}
