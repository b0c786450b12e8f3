"""Names that may become part of a path, an SQL identifier or a partition key."""

import re
from typing import Annotated

from pydantic import AfterValidator

_SAFE = re.compile(r"[a-z][a-z0-9_]{0,62}")


def is_safe_name(name: str) -> bool:
    """Whether a name is safe everywhere we use it: lower-case letters, digits and ``_``, a letter first."""
    return _SAFE.fullmatch(name) is not None


def check_name(name: str) -> str:
    """Return the name, or raise ``ValueError`` saying the rule."""
    if not is_safe_name(name):
        raise ValueError(f"'{name}' is not a safe name: lower-case letters, digits and _, a letter first, at most 63")
    return name


SafeName = Annotated[str, AfterValidator(check_name)]
