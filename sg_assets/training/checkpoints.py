"""The folder of a long job outside its process, so that a killed job is resumed and never repeated.

Next to the folder is ``<folder>.lock``, held by the only process that works in it (the operating system releases it
however the process ends). Inside::

    journal.jsonl          the process that began at each step and its machine, and every step taken
    steps/checkpoint-<n>/  checkpoints to resume from
    result/                the result, until a version of it is published, and the machines it was made on

Checkpoints and result count only while complete: sealed, after the last byte, with the digest of every file.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from sg_assets.errors import DamagedStoreError
from sg_assets.store.machine_record import Machine
from sg_assets.store.sealed_records import sealed, unsealed

_JOURNAL = "journal.jsonl"
SEAL = "whole.json"
"""The file that seals a folder."""
_MACHINES = "machines.json"
_SECONDS_BETWEEN_REPORTS = 60.0
"""Seconds between two progress lines while waiting."""
_MACHINE_LIST = TypeAdapter(list[Machine])


class JobFolder:
    """The folder of one job, while this process holds it (:func:`locked_folder`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps = folder / "steps"
        self.result = folder / "result"

    def note(self, event: str, step: int = 0) -> None:
        """Append a line to the journal."""
        self._append({"event": event, "step": step})

    def note_machine(self, machine: Machine) -> None:
        """Append the machine this process works on to the journal."""
        self._append({"event": "machine", "step": 0, "machine": machine.model_dump(mode="json")})

    def _append(self, entry: Mapping[str, Any]) -> None:
        line = sealed(json.dumps({"pid": os.getpid(), "at": round(time.time(), 3), **entry}))
        with journal_file(self.folder).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def checkpoint(self, step: int) -> Path:
        """The folder of the checkpoint after a step."""
        return self.steps / f"checkpoint-{step}"

    def newest(self) -> int:
        """The last step with a complete checkpoint, 0 if none; incomplete checkpoints are removed."""
        steps = [int(path.name.removeprefix("checkpoint-")) for path in self.steps.glob("checkpoint-[0-9]*")]
        torn = [step for step in steps if not is_complete(self.checkpoint(step))]
        for step in torn:
            shutil.rmtree(self.checkpoint(step))
        return max(set(steps) - set(torn), default=0)

    def forget_steps(self) -> None:
        """Remove the checkpoints: the next process starts from step 0."""
        shutil.rmtree(self.steps, ignore_errors=True)

    def new_result(self) -> Path:
        """An empty folder for the result, to be sealed when it is complete."""
        shutil.rmtree(self.result, ignore_errors=True)
        self.result.mkdir()
        return self.result

    def seal_result(self) -> None:
        """Declare the result complete, with the machines it was made on."""
        write_machines(self.result / _MACHINES, machines_of_result(journal(self.folder)))
        seal(self.result)

    def copy_result(self, target: Path, machines: Path | None = None) -> None:
        """Copy the finished result's files into a folder, and write the machines it was made on to a file apart."""
        shutil.copytree(self.result, target, ignore=shutil.ignore_patterns(SEAL, _MACHINES), dirs_exist_ok=True)
        if machines is not None:
            write_machines(machines, read_machines(self.result / _MACHINES))


def machines_of_result(entries: Sequence[Mapping[str, Any]]) -> list[Machine]:
    """The machines that a result was made on, by the journal.

    The machine of the process that finished it and, where that process resumed from a checkpoint, of the process that
    wrote the checkpoint, back to the first step.
    """
    machines: list[Machine] = []
    needed: int | None = None
    for run in reversed(_process_runs(entries)):
        began = next((entry["step"] for entry in run if entry["event"] == "began"), None)
        if began is None or (needed is not None and began >= needed):
            continue  # contributed no step: the checkpoint it resumed from existed before
        machines += [Machine.model_validate(entry["machine"]) for entry in run if entry["event"] == "machine"]
        needed = began
        if not began:
            break
    return [machine for position, machine in enumerate(machines) if machine not in machines[:position]][::-1]


def _process_runs(entries: Sequence[Mapping[str, Any]]) -> list[Sequence[Mapping[str, Any]]]:
    """The entries of each process that held the folder."""
    starts = [position for position, entry in enumerate(entries) if entry["event"] == "held"]
    return [entries[start:end] for start, end in pairwise([*starts, len(entries)])]


def write_machines(path: Path, machines: Iterable[Machine]) -> None:
    """Write the machines of a job."""
    path.write_bytes(_MACHINE_LIST.dump_json(list(machines), indent=1))


def read_machines(path: Path) -> list[Machine]:
    """The machines of a job; empty if the file does not exist."""
    return _MACHINE_LIST.validate_json(path.read_bytes()) if path.is_file() else []


@contextmanager
def locked_folder(folder: Path, say: Callable[[str], None]) -> Iterator[JobFolder]:
    """Hold a job's folder exclusively; waits for the process that holds it now, with progress lines."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = _lock(folder)
    _acquire(lock, lambda: say(f"waiting for {_holder(folder)}, which works on the same job"))
    try:
        folder.mkdir(exist_ok=True)
        kept = JobFolder(folder)
        kept.note("held")
        yield kept
    finally:
        lock.release()


def _acquire(lock: FileLock, wait: Callable[[], None]) -> None:
    patience = 0.0
    while not lock.is_locked:
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            wait()
            patience = _SECONDS_BETWEEN_REPORTS


def _lock(folder: Path) -> FileLock:
    return FileLock(folder.with_name(f"{folder.name}.lock"))


def _holder(folder: Path) -> str:
    written = journal(folder)
    return f"pid {written[-1]['pid']}" if written else "another process"


def journal_file(folder: Path) -> Path:
    """The journal of a job's folder."""
    return folder / _JOURNAL


def journal(folder: Path) -> list[dict[str, Any]]:
    """The journal's entries, oldest first: ``pid``, ``at`` (seconds since 1970), ``event``, ``step``.

    Lines that are not what was written are left out, as the torn last line of a killed process is.
    """
    return [entry for entry in map(_entry, journal_lines(folder)) if entry is not None]


def journal_lines(folder: Path) -> list[bytes]:
    """The lines of the journal as they are stored, without the torn last line of a killed process."""
    try:
        return [line for line in journal_file(folder).read_bytes().split(b"\n")[:-1] if line]
    except FileNotFoundError:
        return []


def is_journal_line(line: bytes) -> bool:
    """Whether a line of a journal is what was written, as far as is known of it."""
    return _entry(line) is not None


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(unsealed(line, _JOURNAL))
    except (DamagedStoreError, ValueError):
        return None
    is_whole = isinstance(entry, dict) and entry.keys() - {"machine"} == {"pid", "at", "event", "step"}
    return entry if is_whole else None


def seal(folder: Path) -> None:
    """Declare a folder complete: write the names and digests of its files."""
    draft = folder / f"{SEAL}.tmp"
    draft.write_text(json.dumps(_digests(folder, _files(folder)), indent=1), encoding="utf-8")
    draft.rename(folder / SEAL)


def is_complete(folder: Path) -> bool:
    """Whether a folder was sealed and still holds every byte it was sealed with."""
    try:
        written = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return bool(written == _digests(folder, sorted(written)))
    except (OSError, ValueError, TypeError):
        return False


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _digests(folder: Path, names: Sequence[str]) -> dict[str, str]:
    digests = {}
    for name in names:
        with (folder / name).open("rb") as file:
            digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def discard(folder: Path) -> bool:
    """Remove what a job kept, unless a process is working in it.

    The lock's empty file stays: a process that waits on a removed file would hold its lock while another process holds
    that of a new file.

    Returns:
        Whether the folder is gone.
    """
    if not folder.is_dir():
        return True
    try:
        with free_folder(folder):
            shutil.rmtree(folder)
    except Timeout:
        return False
    return True


@contextmanager
def free_folder(folder: Path) -> Iterator[None]:
    """Hold a job's folder that no process works in.

    Raises:
        Timeout: a process works in it.
    """
    with _lock(folder).acquire(timeout=0):
        yield


def discard_unused(root: Path, seconds: float) -> None:
    """Remove the folders of jobs that no process has resumed for so long: their settings or data changed meanwhile."""
    limit = time.time() - seconds
    for file in root.glob(f"*/{_JOURNAL}"):
        if file.stat().st_mtime < limit:
            discard(file.parent)
