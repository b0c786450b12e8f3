"""Paths that variables of the environment name: checked where they are read, before anything is made below them."""

import os
from pathlib import Path
from typing import Final

from sg_assets.errors import InvalidSettingError
from sg_assets.text.visible import visible_line

_SHOWN: Final = 200
"""Letters that an error quotes of a value."""
_NAME_BYTES: Final = 255
"""The longest name of a file that file systems take."""
_PATH_BYTES: Final = 3000
"""The longest path of a folder: the system takes 4096 bytes, and the files below it have names, too."""


def quoted(value: str) -> str:
    """A value as errors quote it: in one line, without what a terminal would obey, and not endless."""
    shown = visible_line(value).replace("\t", "\\t")
    return f"'{shown}'" if len(shown) <= _SHOWN else f"'{shown[:_SHOWN]}...' ({len(value):,} letters)"


def readable_value(variable: str) -> str:
    """The value of a variable; empty where it is not set.

    Raises:
        InvalidSettingError: it is blank, is not UTF-8, or has control characters.
    """
    value = os.environ.get(variable, "")
    if value and not value.strip():
        raise InvalidSettingError("the value is blank", where=variable, remedy="Set it to a value, or unset it")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidSettingError(
            f"{quoted(value)} is not UTF-8", where=variable, why="records of it are kept as text",
            remedy="Rename the folder, or name another",
        ) from error  # fmt: skip
    if any(ord(character) < ord(" ") or character == "\x7f" for character in value):
        raise InvalidSettingError(
            f"{quoted(value)} has control characters", where=variable, remedy="Set it to a value without them"
        )
    return value


def named_path(variable: str) -> Path | None:
    """The path that a variable names, absolute and with ``~`` written out; None where it is not set.

    Raises:
        InvalidSettingError: no file can have it.
    """
    value = readable_value(variable)
    return as_path(variable, value) if value else None


def as_path(variable: str, value: str) -> Path:
    """A value of a variable as a path, absolute and with ``~`` written out.

    Raises:
        InvalidSettingError: no file can have it.
    """
    try:
        path = Path(value).expanduser().absolute()
    except RuntimeError as error:
        user = value.split("/", maxsplit=1)[0]
        raise InvalidSettingError(
            f"{quoted(user)} names no user's folder", where=variable, remedy="Write the path out, from /"
        ) from error
    except OSError as error:
        raise InvalidSettingError(
            f"{quoted(value)} has no beginning", where=variable, why=f"the working directory: {error.strerror}",
            remedy="Change to a folder that exists, or write the path out, from /",
        ) from error  # fmt: skip
    if len(os.fsencode(path)) > _PATH_BYTES or any(len(os.fsencode(part)) > _NAME_BYTES for part in path.parts):
        raise InvalidSettingError(
            f"{quoted(value)} is too long for a path", where=variable,
            why=f"a name has at most {_NAME_BYTES} bytes, and this path at most {_PATH_BYTES:,}",
            remedy="Name a shorter path",
        )  # fmt: skip
    return path


def require_folder(variable: str, folder: Path) -> None:
    """Raise where a path is no folder and can become none: it is a file, or lies below one.

    Args:
        variable: The variable that leads to it.
        folder: The path; it need not exist yet.

    Raises:
        InvalidSettingError: names the file that is in the way.
    """
    try:
        existing = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), None)
        is_folder = existing is None or existing.is_dir()
    except OSError as error:
        raise InvalidSettingError(
            f"{quoted(str(folder))} cannot be looked at", where=variable, why=error.strerror,
            remedy="Check the permissions of the folders that it lies in",
        ) from error  # fmt: skip
    if not is_folder:
        way = "is a link that leads nowhere" if existing is not None and existing.is_symlink() else "is no folder"
        raise InvalidSettingError(
            f"{quoted(str(existing))} {way}", where=variable, why="a folder is needed there",
            remedy=f"Set {variable} to a folder, or to a path that does not exist yet; or move away what is there",
        )  # fmt: skip
