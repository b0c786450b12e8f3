"""Who may read the files that a process writes: their owner alone, or a group, by ``SG_FILE_ACCESS``."""

import os
import stat
from pathlib import Path
from typing import Final

from sg_assets.errors import InvalidSettingError, nearest

VARIABLE: Final = "SG_FILE_ACCESS"
_MASKS: Final = {"owner": 0o077, "group-read": 0o027, "group": 0o007}
"""By value, the permissions that new files do not get."""


def limit_file_access() -> None:
    """Let new files of this process, and of those it starts, be for their owner alone, or as ``SG_FILE_ACCESS`` says.

    Raises:
        InvalidSettingError: the variable has another value than ``owner``, ``group-read`` or ``group``.
    """
    os.umask(_mask())


def tighten_access(folder: Path) -> int:
    """Take from the files and folders under a folder, and from itself, the permissions that new ones do not get.

    Those of other users are left as they are.

    Returns:
        How many were changed.

    Raises:
        InvalidSettingError: the variable has another value than ``owner``, ``group-read`` or ``group``.
    """
    mask, changed = _mask(), 0
    for parent, folders, files in os.walk(folder):
        for path in (parent, *(os.path.join(parent, name) for name in (*folders, *files))):  # noqa: PTH118 - many
            changed += _tighten(path, mask)
    return changed


def _tighten(path: str, mask: int) -> bool:
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode) or not mode & mask:
            return False
        os.chmod(path, stat.S_IMODE(mode) & ~mask)  # noqa: PTH101 - many
    except OSError:
        return False
    return True


def _mask() -> int:
    named = os.environ.get(VARIABLE) or "owner"
    if named not in _MASKS:
        raise InvalidSettingError(f"'{named[:40]}' is not an access", where=VARIABLE, remedy=nearest(named, _MASKS))
    return _MASKS[named]
