"""Where a run finds its declarations and keeps its data, from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from upath import UPath

from sg_assets.declarations.names import check_profile, is_safe_name
from sg_assets.errors import InvalidSettingError
from sg_assets.processes.environment_paths import as_path, named_path, quoted, readable_value, require_folder

_PATTERN_LETTERS: Final = frozenset("*?[]")
"""Letters of patterns of file names."""
_URL_LETTERS: Final = 1000
_SEED_DIGITS: Final = 10
_HIGHEST_SEED: Final = 2**32 - 1
"""What NumPy takes."""


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
    models: Path
    """``SG_WEIGHTS``: what the relative paths of declared models lie below, and where ``make weights`` puts its models;
    by default ``.weights`` in the project."""

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
        SgAssetsError: no declarations are found, the profile is not declared, or a variable of the environment has a
            value that cannot be used.
    """
    project = _project()
    profile = readable_value("SG_PROFILE") or "demo"
    if not is_safe_name(profile):
        raise InvalidSettingError(f"{quoted(profile)} is not a profile name", where="SG_PROFILE")
    check_profile(project, profile)
    home = _home(project) / profile
    raw, toxigen = _existing("SG_RAW"), _existing("SG_TOXIGEN_DIR")
    if toxigen is not None:
        require_folder("SG_TOXIGEN_DIR", toxigen)
    weights = named_path("SG_WEIGHTS") or project / ".weights"
    require_folder("SG_WEIGHTS", weights)
    return Settings(project, profile, home, raw, toxigen, _seed(), _store_root(home, profile), weights)


def _project() -> Path:
    named = named_path("SG_PROJECT")
    candidates = [named] if named else [*_working_directory(), Path(__file__).parents[1]]
    for candidate in candidates:
        if (candidate / "models" / "profiles").is_dir():
            return candidate.absolute()
    raise InvalidSettingError(
        "there is no folder models/profiles",
        where=", ".join(map(str, candidates)),
        remedy="Set SG_PROJECT to the project's folder",
    )


def _working_directory() -> list[Path]:
    """The working directory, unless somebody has removed it."""
    try:
        return [Path.cwd()]
    except OSError:
        return []


def _home(project: Path) -> Path:
    """The folder of all profiles.

    Dagster looks its ``dagster.yaml`` up by a pattern: below a folder with such letters it would read none, or that of
    another folder.
    """
    home = named_path("SG_HOME") or project / ".sg"
    letters = sorted(_PATTERN_LETTERS.intersection(str(home)))
    if letters:
        raise InvalidSettingError(
            f"{quoted(str(home))} has the letters {' '.join(letters)}",
            where="SG_HOME",
            why="Dagster takes them for a pattern when it looks for its files there",
            remedy="Set SG_HOME to a folder without them",
        )
    return home


def _store_root(home: Path, profile: str) -> UPath:
    require_folder("SG_HOME", home)
    named = readable_value("SG_STORE")
    if not named:
        return UPath(home / "store")
    if not _is_url(named):
        path = as_path("SG_STORE", named) / profile
        require_folder("SG_STORE", path)
        return UPath(path)
    if len(named) > _URL_LETTERS:
        raise InvalidSettingError(f"{quoted(named)} is too long for a URL", where="SG_STORE", remedy="Name a shorter")
    try:
        return UPath(named).expanduser().absolute() / profile
    except ValueError as error:
        raise InvalidSettingError(
            f"{quoted(named)} is not a folder or URL", where="SG_STORE", why=str(error)
        ) from error


def _is_url(text: str) -> bool:
    return "://" in text


def _seed() -> int | None:
    named = readable_value("SG_SEED")
    if not named:
        return None
    if not named.isascii() or not named.isdigit() or len(named) > _SEED_DIGITS or int(named) > _HIGHEST_SEED:
        remedy = f"Set it to a whole number from 0 to {_HIGHEST_SEED}"
        raise InvalidSettingError(f"{quoted(named)} is not a seed", where="SG_SEED", remedy=remedy)
    return int(named)


def _existing(variable: str) -> Path | None:
    path = named_path(variable)
    try:
        if path is None or path.exists():
            return path
    except OSError as error:
        raise InvalidSettingError(f"{quoted(str(path))} cannot be read", where=variable, why=error.strerror) from error
    raise InvalidSettingError(f"{quoted(os.environ[variable])} does not exist", where=variable)
