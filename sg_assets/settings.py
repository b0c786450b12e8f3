"""Where a run finds its declarations and keeps its data, from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from upath import UPath

from sg_assets.declarations.names import check_profile, is_safe_name
from sg_assets.errors import InvalidSettingError


@dataclass(frozen=True)
class Settings:
    """The settings that the environment decides."""

    project: Path
    """Holds ``models/`` and ``sql/``: ``SG_PROJECT``, else the working directory, else the package's checkout."""
    profile: str
    """``SG_PROFILE``; ``demo`` by default."""
    home: Path
    """Everything written, per profile: ``SG_HOME`` (``.sg`` in the project by default) / profile."""
    raw: Path | None
    """``SG_RAW``: a folder (or file) of comments in place of the generated ones."""
    toxigen: Path | None
    """``SG_TOXIGEN_DIR``: TOXIGEN's prompt files in place of the generated ones."""
    seed: int | None
    """``SG_SEED``: in place of the profile's seed."""
    store_root: UPath
    """The versioned store: ``SG_STORE`` (a folder, or a URL such as ``gs://bucket/prefix``) / profile; by default
    ``store`` in the home."""

    @property
    def answers(self) -> Path:
        """The generation cache; losing it changes no version."""
        return self.home / "answers"

    @property
    def judged(self) -> Path:
        """The cache of judges' scores; losing it changes no version."""
        return self.home / "judged"

    @property
    def embedded(self) -> Path:
        """The cache of text embeddings; losing it changes no version."""
        return self.home / "embedded"

    @property
    def checkpoints(self) -> Path:
        """Checkpoints of long jobs, until their result is published; losing them costs a killed job its progress."""
        return self.home / "checkpoints"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own records of runs and events."""
        return self.home / "dagster"


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        SgAssetsError: no declarations are found, the profile is not declared, or a folder that was named does not
            exist.
    """
    project = _project()
    profile = os.environ.get("SG_PROFILE") or "demo"
    if not is_safe_name(profile):
        raise InvalidSettingError(f"'{profile}' is not a profile name", where="SG_PROFILE")
    check_profile(project, profile)
    home = Path(os.environ.get("SG_HOME") or project / ".sg").expanduser().absolute() / profile
    raw, toxigen = _existing("SG_RAW"), _existing("SG_TOXIGEN_DIR")
    return Settings(project, profile, home, raw, toxigen, _seed(), _store_root(home, profile))


def _project() -> Path:
    named = os.environ.get("SG_PROJECT")
    candidates = [Path(named).expanduser()] if named else [Path.cwd(), Path(__file__).parents[1]]
    for candidate in candidates:
        if (candidate / "models" / "profiles").is_dir():
            return candidate.absolute()
    raise InvalidSettingError(
        "there is no folder models/profiles",
        where=", ".join(map(str, candidates)),
        remedy="Set SG_PROJECT to the project's folder",
    )


def _store_root(home: Path, profile: str) -> UPath:
    named = os.environ.get("SG_STORE")
    if not named:
        return UPath(home / "store")
    try:
        return UPath(named).expanduser().absolute() / profile
    except ValueError as error:
        raise InvalidSettingError(f"'{named}' is not a folder or URL", where="SG_STORE", why=str(error)) from error


def _seed() -> int | None:
    named = os.environ.get("SG_SEED")
    if not named:
        return None
    if not named.isascii() or not named.isdigit():
        raise InvalidSettingError(f"'{named}' is not a seed", where="SG_SEED", remedy="Set it to a whole number from 0")
    return int(named)


def _existing(variable: str) -> Path | None:
    named = os.environ.get(variable)
    if not named:
        return None
    path = Path(named).expanduser().absolute()
    if not path.exists():
        raise InvalidSettingError(f"'{named}' does not exist", where=variable)
    return path
