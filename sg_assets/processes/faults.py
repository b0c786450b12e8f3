"""Faults of the machine under a process: a full disk, a folder that cannot be written, too little memory.

Libraries report them in their own words and classes: DuckDB, Polars, SQLite and Dagster each differ, and some quote
data. Here they are recognised by number or by text, and said in ours, without the text they came in.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError


@dataclass(frozen=True)
class Fault:
    """A fault of the machine, in words for people."""

    sentence: str
    remedy: str
    numbers: frozenset[int]
    """Error numbers of the system that mean it."""
    texts: tuple[str, ...]
    """Lower-case parts of messages that mean it."""


_LITTLE: Final = 1 << 20
"""Bytes: a disk with fewer is full for SQLite."""
_UNOPENED: Final = "unable to open database file"
"""SQLite's words for a folder that it cannot write to, among others."""
_AGAIN: Final = "run the command again: it resumes where it stopped, and nothing published is lost"
FAULTS: Final = (
    Fault(
        "the disk is full",
        f"Free some space (`sg-assets clean` lists what may go), then {_AGAIN}",
        frozenset({errno.ENOSPC}),
        ("no space left on device", "disk is full", "not enough space", "disk full"),
    ),
    Fault(
        "the quota of the disk is used up",
        f"Free some space or ask for more, then {_AGAIN}",
        frozenset({errno.EDQUOT}),
        ("disk quota exceeded",),
    ),
    Fault(
        "a file would grow beyond the allowed size",
        f"Raise the limit (`ulimit -f`), then {_AGAIN}",
        frozenset({errno.EFBIG}),
        ("file too large",),
    ),
    Fault(
        "the folder can only be read",
        "Make it writable, or set SG_HOME (and SG_STORE, where it is used) to a folder that is",
        frozenset({errno.EROFS}),
        ("read-only file system", "readonly database", "read-only mode"),
    ),
    Fault(
        "the system denies access to a file",
        "Check who owns the folder (SG_HOME, SG_STORE, SG_RAW) and its permissions",
        frozenset({errno.EACCES, errno.EPERM}),
        ("permission denied", "operation not permitted"),
    ),
    Fault(
        "too many files are open",
        f"Raise the limit (`ulimit -n`), then {_AGAIN}",
        frozenset({errno.EMFILE, errno.ENFILE}),
        ("too many open files",),
    ),
    Fault(
        "the memory does not suffice",
        f"End other programs, or lower the profile's `lanes`, then {_AGAIN}",
        frozenset({errno.ENOMEM}),
        ("cannot allocate memory", "out of memory", "memoryerror", "unable to allocate", "defaultcpuallocator"),
    ),
    Fault(
        "the disk cannot be read or written",
        "Look at the system's log: the disk or its connection fails. Then check the store with `sg-assets verify`",
        frozenset({errno.EIO}),
        ("input/output error", "disk i/o error"),
    ),
    Fault(
        "a database in the home is damaged",
        "Run `sg-assets repair-runs`: it keeps what can be read, and the old files; the store is not touched",
        frozenset(),
        ("database disk image is malformed", "file is not a database"),
    ),
)


def fault_of(error: BaseException) -> Fault | None:
    """The fault of the machine behind an error or one of its causes; None where it is another kind of error."""
    for cause in _chain(error):
        if isinstance(cause, SgAssetsError):
            return None  # it says what is wrong already
        if isinstance(cause, MemoryError):
            return _by_number(errno.ENOMEM)
        fault = (_by_number(cause.errno) if isinstance(cause, OSError) else None) or fault_in(str(cause))
        if fault is not None:
            return fault
    return None


def fault_in(text: str) -> Fault | None:
    """The fault of the machine that a message of a library means; None where it means none."""
    lowered = text.lower()
    return next((fault for fault in FAULTS if any(part in lowered for part in fault.texts)), None)


def as_named(error: BaseException, where: str | None = None, folder: Path | None = None) -> SgAssetsError | None:
    """An error of our own for a fault of the machine; None where it is another kind of error.

    Args:
        error: What was raised.
        where: What was being done.
        folder: Where the process writes: its disk is looked at.
    """
    fault = looked_at(fault_of(error), folder)
    if fault is None and folder is not None and any(_UNOPENED in str(cause) for cause in _chain(error)):
        fault = fault_at(folder)
    if fault is None:
        return None
    file = next((cause.filename for cause in _chain(error) if isinstance(cause, OSError) and cause.filename), folder)
    named = None if file is None else f"it was met at {file}"
    return SgAssetsError(fault.sentence, where=where, why=named, remedy=fault.remedy)


def looked_at(fault: Fault | None, folder: Path | None) -> Fault | None:
    """The fault behind a reported one: SQLite calls a full disk a disk that cannot be written."""
    if fault is not None and errno.EIO in fault.numbers and folder is not None:
        return fault_at(folder) or fault
    return fault


def fault_at(folder: Path) -> Fault | None:
    """What keeps a folder, or the nearest that exists above it, from being written; None where nothing does."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        if os.statvfs(existing).f_flag & os.ST_RDONLY:
            return _by_number(errno.EROFS)
        if shutil.disk_usage(existing).free < _LITTLE:
            return _by_number(errno.ENOSPC)
    except OSError:
        return None
    return None if os.access(existing, os.W_OK | os.X_OK) else _by_number(errno.EACCES)


def _by_number(number: int | None) -> Fault | None:
    return next((fault for fault in FAULTS if number in fault.numbers), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or getattr(current, "orig", None)  # SQLAlchemy keeps the driver's error in `orig`
