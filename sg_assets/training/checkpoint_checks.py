"""Reading what jobs kept again: sealed folders of checkpoints, results and finished tasks, and journals.

A job never goes on from what is damaged, which counts as not there: a damage costs the steps since the last checkpoint
before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout
from ulid import ULID

from sg_assets.store.backends.durable import make_folder
from sg_assets.training.checkpoints import SEAL, free_folder, is_complete, is_journal_line, journal_file, journal_lines


@dataclass(frozen=True)
class DamagedProgress:
    """A folder or journal of a job that is not what was written."""

    path: Path
    job: Path
    """The job's folder."""
    problem: str
    """How it is damaged, in words."""


def damaged_progress(root: Path) -> Iterator[DamagedProgress]:
    """What is damaged of all jobs' progress; nothing is written.

    Args:
        root: The folder of all jobs.
    """
    for job in sorted(path for path in root.glob("*") if path.is_dir()):
        lost = sum(not is_journal_line(line) for line in journal_lines(job))
        if lost:
            yield DamagedProgress(journal_file(job), job, f"{lost} of its lines are not what was written")
        for seal in sorted(job.rglob(SEAL)):
            if not is_complete(seal.parent):
                yield DamagedProgress(seal.parent, job, "its files are not those that were sealed")


def set_progress_aside(damaged: DamagedProgress, home: Path) -> str:
    """Move a damaged folder out of the way, or keep a journal's lines that are intact; what was done, in words.

    Args:
        damaged: What is damaged.
        home: The profile's folder, which keeps it under ``damaged/``.
    """
    aside = home / "damaged" / damaged.path.relative_to(home) / str(ULID())
    try:
        with free_folder(damaged.job):
            make_folder(aside.parent)
            lines = [line for line in journal_lines(damaged.job) if is_journal_line(line)]
            damaged.path.rename(aside)
            if damaged.path == journal_file(damaged.job):
                damaged.path.write_bytes(b"".join(line + b"\n" for line in lines))
    except Timeout:
        return "left: a process works there, and does not use it"
    return f"set aside as {aside.relative_to(home)}; its job goes on from what was before"
