"""Errors that nobody foresaw, for people: what kind, and where in the code, without the texts that libraries quote."""

import errno
import os
import traceback
from pathlib import Path
from typing import Final

import sg_assets
from sg_assets.errors import SgAssetsError
from sg_assets.processes.environment_paths import quoted

TRACEBACK_VARIABLE: Final = "SG_TRACEBACK"
"""Where it is set, such an error ends in its traceback."""
_PATH_REMEDIES: Final = {
    errno.ENOENT: "Make its folder first, or name another file",
    errno.ENOTDIR: "A file is where a folder is needed: move it away, or name another folder",
    errno.EISDIR: "A folder is where a file is needed: move it away, or name another file",
    errno.EEXIST: "Something else has this name: move it away, or name another folder",
    errno.ENAMETOOLONG: "Name something shorter",
    errno.ELOOP: "Its links lead back to themselves: remove one of them",
    errno.ENXIO: "Nothing reads or writes at its other end: name a file",
}
"""What mends a path that cannot be used."""


def in_words(error: Exception) -> SgAssetsError:
    """An error of any kind as one of ours. The text of a library's error is left out: it may quote data."""
    if isinstance(error, OSError) and error.errno in _PATH_REMEDIES and error.filename:
        return SgAssetsError(
            f"{quoted(os.fsdecode(error.filename))} cannot be used",
            why=(error.strerror or "").lower(), remedy=_PATH_REMEDIES[error.errno],
        )  # fmt: skip
    return SgAssetsError(
        f"an error that sg-assets does not know: {type(error).__name__}", where=_met_at(error),
        remedy=f"Set {TRACEBACK_VARIABLE}=1 and run the command again to see all of it, and please report it",
    )  # fmt: skip


def _met_at(error: Exception) -> str:
    """The last line of the package that the error went through."""
    package = Path(sg_assets.__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(package)] or list(frames)
    if not own:
        return "sg-assets"
    last = own[-1]
    name = Path(last.filename)
    return f"{name.relative_to(package) if name.is_relative_to(package) else name.name}, line {last.lineno}"
