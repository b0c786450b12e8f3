"""Reading again what a home keeps beside its store: stored outputs of models, and the progress of jobs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sg_assets.generation.kept_outputs import damaged_outputs, mend_outputs
from sg_assets.settings import Settings
from sg_assets.store.repair import Mending
from sg_assets.training.checkpoint_checks import damaged_progress, set_progress_aside

_REPLAYS: Final = "replays"
"""A home within the home: replays keep what they made there (`reproduction.replay_runner`)."""
_OUTPUTS: Final = "`sg-assets repair` sets it aside; what is lost is asked again by the step that needs it"
_PROGRESS: Final = "`sg-assets repair` sets it aside; no job goes on from it"


@dataclass(frozen=True)
class DamagedFile:
    """A file of a home, or a folder that is sealed as one, that is not what was written."""

    name: str
    """Below the home."""
    problem: str
    """How it is damaged, in words."""
    remedy: str
    """What mends it."""


def damaged_in_home(settings: Settings) -> list[DamagedFile]:
    """What is damaged of a profile's stored outputs and checkpoints; nothing is written."""
    home = settings.home
    damaged = [
        DamagedFile((folder / item.name).relative_to(home).as_posix(), item.problem, _OUTPUTS)
        for folder in _homes(home)
        for item in damaged_outputs(folder)
    ]
    progress = damaged_progress(settings.checkpoints)
    return [
        *damaged,
        *(DamagedFile(item.path.relative_to(home).as_posix(), item.problem, _PROGRESS) for item in progress),
    ]


def mend_home(settings: Settings, log: Callable[[str], None]) -> Iterator[Mending]:
    """Set aside what is damaged of stored outputs and checkpoints, and seal stored outputs that have no seal yet.

    Args:
        settings: Of the profile.
        log: Takes a line where another process is waited for.
    """
    home = settings.home
    for folder in _homes(home):
        for mended in mend_outputs(folder, log):
            yield Mending((folder / mended.name).relative_to(home).as_posix(), mended.result, is_mended=True)
    for item in list(damaged_progress(settings.checkpoints)):
        result = set_progress_aside(item, home)
        yield Mending(item.path.relative_to(home).as_posix(), result, is_mended=True)


def _homes(home: Path) -> list[Path]:
    return [home, home / _REPLAYS]
