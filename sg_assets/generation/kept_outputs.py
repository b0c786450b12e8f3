"""Stored answers, scores and vectors: compared with their seals before a step reads them, sealed when it has ended.

What is damaged is never used. Files of scores and vectors are set aside, and what was in them is asked again; of a
segment of answers the lines that are as they were written are kept, and only the others are asked again. Where that
costs money the step ends first: the next plan counts what is to be asked.

A file that is being written has no seal yet, nor has one that a killed process left: it gets its seal with the next
step that reads the folder. The code that reads and writes the files does not know of seals, so they move no version.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.generation.leases import is_held, wait_for_leases
from sg_assets.store.backends.durable import make_folder
from sg_assets.store.file_seals import (
    LINES,
    SUFFIX,
    FileCheck,
    checked_file,
    intact_lines,
    seal_file,
    seal_of,
    was_checked,
)

FOLDERS: Final = {"answers": ".jsonl", "judged": ".parquet", "embedded": ".parquet"}
"""The folders of a home that hold outputs of models, and how the names of their files end."""
COMPARED_EACH_TIME: Final = 1_000_000_000
"""Bytes up to which a folder is read before each step that uses it; of a larger one, what was written to since, and all
of it after a week."""
_LOST_HEADER: Final = b'{"identity":{},"session":{},"run_id":null}'
"""In the place of the first line of a segment where that is damaged: how its answers were made is not known."""
_DAMAGED: Final = "damaged"

Log = Callable[[str], None]


@dataclass(frozen=True)
class DamagedOutputs:
    """A file of stored outputs that is not what was written."""

    name: str
    """Below the home."""
    problem: str
    """How it is damaged, in words."""


@dataclass(frozen=True)
class MendedOutputs:
    """A damaged file of stored outputs, and what was done about it."""

    name: str
    """Below the home."""
    result: str
    """How it was damaged, and what was done, in words."""
    is_lost: bool = True
    """Whether outputs may have been in it that are to be asked again."""


@contextmanager
def intact(folder: Path, log: Log, *, is_paid: bool = False) -> Iterator[Path]:
    """A folder of stored outputs for a step: nothing damaged is in it, and what the step adds is sealed.

    Args:
        folder: ``answers``, ``judged`` or ``embedded`` of a home.
        log: Takes a line about each damaged file.
        is_paid: Whether asking the model again costs money.

    Raises:
        SgAssetsError: paid outputs were damaged, or outputs were damaged while the step ran; what is damaged is set
            aside, and nothing is published.
    """
    lost = []
    for mended in _mended_in(folder, log):
        log(f"{mended.name}: {mended.result}")
        lost += [mended] if mended.is_lost else []
    if lost and is_paid:
        raise SgAssetsError(
            f"stored outputs were damaged that may be those of a paid model: {lost[0].name}",
            where=folder.name,
            why=f"{lost[0].result}. Asking a paid model again costs money",
            remedy="`sg-assets plan` counts the calls; run the step again to make them",
        )
    before = {file: _identity(file) for file in _files(folder)}
    try:
        yield folder
    except BaseException:
        _seal_changed(folder, before)
        raise
    damaged = _seal_changed(folder, before)
    if damaged:
        raise SgAssetsError(
            f"stored outputs were damaged while the step read them: {damaged[0].name}",
            where=folder.name,
            why=damaged[0].problem,
            remedy="Run the step again: what is damaged is asked again",
        )


def damaged_outputs(home: Path) -> Iterator[DamagedOutputs]:
    """The files of stored outputs of a home that are damaged or lost; all are read, and nothing is written."""
    for name in FOLDERS:
        for file in _files(home / name):
            problem = checked_file(file).problem
            if problem is not None:
                yield DamagedOutputs(file.relative_to(home).as_posix(), problem)


def mend_outputs(home: Path, log: Log = lambda _: None) -> Iterator[MendedOutputs]:
    """Set aside what is damaged of the stored outputs of a home, and seal what has no seal yet.

    Args:
        home: The profile's folder.
        log: Takes a line where another process is waited for.
    """
    for name in FOLDERS:
        yield from _mended_in(home / name, log, is_thorough=True)


def _mended_in(folder: Path, log: Log, *, is_thorough: bool = False) -> Iterator[MendedOutputs]:
    files = _files(folder)
    is_small = sum(file.stat().st_size for file in files if file.is_file()) <= COMPARED_EACH_TIME
    for file in files:
        if not is_small and not is_thorough and was_checked(file):
            continue
        read_at = time.time()
        check = checked_file(file)
        if check.problem is None:
            _seal(file, check, read_at)
            continue
        name = file.relative_to(folder.parent).as_posix()
        result = _seal_anew(file, check) if check.is_seal_damaged else _mended(file, check.problem, log)
        yield MendedOutputs(name, f"{check.problem}; {result}", is_lost=not check.is_seal_damaged)


def _seal_changed(folder: Path, before: dict[Path, tuple[int, ...]]) -> list[DamagedOutputs]:
    """Seal what was written since, after a comparison with the seal that it has; returns what is damaged."""
    damaged = []
    for file in sorted({*_files(folder), *before}):
        if file in before and _identity(file) == before[file]:
            continue
        read_at = time.time()
        check = checked_file(file)
        if check.problem is None:
            _seal(file, check, read_at)
        else:
            damaged.append(DamagedOutputs(file.relative_to(folder.parent).as_posix(), check.problem))
    return damaged


def _seal(file: Path, check: FileCheck, read_at: float) -> None:
    """Seal a file that is not damaged; where that is impossible, as where the disk is full, it is sealed later."""
    with suppress(OSError):
        seal_file(file, check, read_at)


def _seal_anew(file: Path, check: FileCheck) -> str:
    """Seal a file whose seal alone is damaged: its bytes are those of a file without a seal."""
    seal = seal_of(file)
    aside = _aside(seal)
    seal.rename(aside)
    _seal(file, check, 0.0)
    return f"the seal is written anew, and the old one kept as {aside.relative_to(file.parents[2])}"


def _mended(file: Path, problem: str, log: Log) -> str:
    if file.suffix != LINES:
        return _set_aside(file, checked_file(file))
    with _no_writer(file.parent, log):
        check = checked_file(file)
        return f"it was mended meanwhile ({problem})" if check.problem is None else _set_aside(file, check)


def _set_aside(file: Path, check: FileCheck) -> str:
    """Keep a damaged file where nothing reads it; of a segment, write the lines that are intact in its stead."""
    lines = intact_lines(check) if file.suffix == LINES and check.content else []
    is_data = [b'"key":' in line for line in lines]
    answers = [line for line, has_key in zip(lines, is_data, strict=True) if has_key]
    header = next((line for line, has_key in zip(lines, is_data, strict=True) if not has_key), _LOST_HEADER)
    home, aside = file.parents[2], _aside(file)
    if answers:
        draft = file.with_name(f"{file.name}.{ULID()}.part")
        draft.write_bytes(b"\n".join([header, *answers, b""]))
        if not file.is_dir():
            os.link(file, aside)
        draft.replace(file)
    elif os.path.lexists(file):
        file.rename(aside)
    seal_of(file).unlink(missing_ok=True)
    if answers:
        _seal(file, checked_file(file), 0.0)
    known = None if check.seal is None or not check.seal.digests else len(check.seal.lines())
    lost = "what was in it" if known is None else f"{max(known - len(lines), 0)} of its {known} lines"
    kept = f"set aside as {aside.relative_to(home)}" if os.path.lexists(aside) else "gone"
    return f"{kept}; {lost} is asked again where it is needed"


def _aside(file: Path) -> Path:
    """A new name for a file under ``damaged/`` of its home."""
    home = file.parents[2]
    aside = home / _DAMAGED / file.relative_to(home) / str(ULID())
    make_folder(aside.parent)
    return aside


@contextmanager
def _no_writer(folder: Path, log: Log) -> Iterator[None]:
    """Hold the claims of a folder of answers while no process writes to it."""
    leases = folder / "leases"
    leases.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(leases / "claim.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            held = [lease for lease in sorted(leases.glob("*.keys")) if is_held(lease)]
            if not held:
                yield
                return
        finally:
            os.close(descriptor)
        log(f"{folder.name}: damaged answers are mended when the process that writes there has ended")
        wait_for_leases(held, lambda: None)


def _files(folder: Path) -> list[Path]:
    """The files of stored outputs in a folder, and those of which a seal alone is left."""
    ending = FOLDERS[folder.name]
    seals = (path.with_name(path.name.removesuffix(SUFFIX)) for path in folder.glob(f"*/*{ending}{SUFFIX}"))
    return sorted({*folder.glob(f"*/*{ending}"), *seals})


def _identity(file: Path) -> tuple[int, ...]:
    try:
        stat = file.stat()
    except OSError:
        return ()
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev)
