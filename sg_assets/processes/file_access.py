"""Who may read the files that a process writes: their owner alone, or a group, by ``SG_FILE_ACCESS``."""

import os
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
    named = os.environ.get(VARIABLE) or "owner"
    if named not in _MASKS:
        raise InvalidSettingError(f"'{named[:40]}' is not an access", where=VARIABLE, remedy=nearest(named, _MASKS))
    os.umask(_MASKS[named])
