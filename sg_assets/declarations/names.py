"""Names that may become part of a path, an SQL identifier or a partition key."""

import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator

from sg_assets.errors import NotDeclaredError, nearest

RESERVED_SCHEMAS: Final = frozenset({"information_schema", "main", "memory", "pg_catalog", "system", "temp", "this"})
"""Names that mean something to DuckDB, or to checks, and so cannot be folders of SQL files."""
_SAFE = re.compile(r"[a-z][a-z0-9_]{0,62}")


def is_safe_name(name: str) -> bool:
    """Whether a name is safe everywhere we use it: lower-case letters, digits and ``_``, a letter first."""
    return _SAFE.fullmatch(name) is not None


def check_name(name: str) -> str:
    """Return the name, or raise ``ValueError`` saying the rule."""
    if not is_safe_name(name):
        raise ValueError(f"'{name}' is not a safe name: lower-case letters, digits and _, a letter first, at most 63")
    return name


def check_profile(project: Path, name: str) -> None:
    """See that a profile is declared.

    Raises:
        NotDeclaredError: it is not; names the nearest.
    """
    folder = project / "models" / "profiles"
    profiles = [path.stem for path in folder.glob("*.yaml") if is_safe_name(path.stem)]
    if name in profiles:
        return
    why = f"models/profiles/{name}.yml is not read: declarations end in .yaml"
    raise NotDeclaredError(
        f"unknown profile '{name}'", where="SG_PROFILE", why=why if (folder / f"{name}.yml").exists() else None,
        remedy=nearest(name, profiles),
    )  # fmt: skip


SafeName = Annotated[str, AfterValidator(check_name)]
