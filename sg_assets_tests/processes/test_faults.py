"""Faults of the machine are recognised in the words of each library, and other errors are not."""

import errno
import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import sqlalchemy.exc

from sg_assets.errors import SgAssetsError
from sg_assets.processes.faults import FAULTS, Fault, as_named, fault_in, fault_of

FULL, READ_ONLY, MEMORY = "the disk is full", "the folder can only be read", "the memory does not suffice"
FAULTY: list[tuple[BaseException, str]] = [
    (OSError(errno.ENOSPC, "No space left on device"), FULL),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), "the quota of the disk is used up"),
    (OSError(errno.EFBIG, "File too large"), "a file would grow beyond the allowed size"),
    (OSError(errno.EROFS, "Read-only file system", "/home/x"), READ_ONLY),
    (PermissionError(errno.EACCES, "Permission denied"), "the system denies access to a file"),
    (PermissionError(errno.EPERM, "Operation not permitted"), "the system denies access to a file"),
    (OSError(errno.EMFILE, "Too many open files"), "too many files are open"),
    (OSError(errno.ENFILE, "Too many open files in system"), "too many files are open"),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), MEMORY),
    (OSError(errno.EIO, "Input/output error"), "the disk cannot be read or written"),
    (MemoryError(), MEMORY),
    (sqlite3.OperationalError("database or disk is full"), FULL),
    (sqlite3.OperationalError("attempt to write a readonly database"), READ_ONLY),
    (sqlite3.OperationalError("disk I/O error"), "the disk cannot be read or written"),
    (sqlite3.DatabaseError("database disk image is malformed"), "a database in the home is damaged"),
    (sqlite3.DatabaseError("file is not a database"), "a database in the home is damaged"),
    (
        sqlalchemy.exc.OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")),
        FULL,
    ),
    (duckdb.IOException('IO Error: Could not write file "x.parquet": No space left on device'), FULL),
    (duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data of size 1.0 GiB"), MEMORY),
    (RuntimeError("[enforce fail at alloc_cpu.cpp:121] . DefaultCPUAllocator: can't allocate memory"), MEMORY),
    (RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB"), MEMORY),
    (OSError("[Errno 28] Error writing bytes to file. Detail: [errno 28] No space left on device"), FULL),
    (ValueError("Unable to allocate 7.45 GiB for an array with shape (1000000000,)"), MEMORY),
]


@pytest.mark.parametrize(("error", "sentence"), FAULTY, ids=lambda value: value[:20] if isinstance(value, str) else "")
def test_each_is_named_with_what_mends_it(error: BaseException, sentence: str) -> None:
    named = as_named(error, "raw/forum_comments")
    assert named is not None
    assert named.what == sentence
    assert str(named).startswith(f"raw/forum_comments: {sentence}. ")
    assert named.remedy


def test_a_fault_behind_other_errors_is_seen() -> None:
    error = RuntimeError("the step failed")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device", "/home/x/part")
    named = as_named(error)
    assert named is not None
    assert (named.what, named.why) == (FULL, "it was met at /home/x/part")


@pytest.mark.parametrize(
    "error",
    [KeyError("x"), ValueError("no rows"), FileNotFoundError(errno.ENOENT, "No such file"), SgAssetsError("disk full")],
)
def test_other_errors_are_left_alone(error: BaseException) -> None:
    assert fault_of(error) is None


def test_the_text_of_a_library_is_not_repeated() -> None:
    named = as_named(sqlite3.OperationalError("disk full while writing 'a private comment'"))
    assert named is not None
    assert "private" not in str(named)


def test_errors_that_name_each_other_in_a_circle_end() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert fault_of(first) is None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.sentence)
def test_every_text_means_its_fault(fault: Fault) -> None:
    assert [fault_in(text.upper()) for text in fault.texts] == [fault] * len(fault.texts)


@pytest.mark.parametrize(("free", "sentence"), [(4096, FULL), (1 << 30, "the disk cannot be read or written")])
def test_what_sqlite_calls_a_failing_disk_is_called_full_where_it_is(
    free: int, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr("os.statvfs", lambda _: SimpleNamespace(f_flag=0))
    named = as_named(sqlite3.OperationalError("disk I/O error"), folder=tmp_path / "not/yet/made")
    assert named is not None
    assert named.what == sentence


@pytest.mark.parametrize(
    ("flags", "free", "sentence"),
    [(os.ST_RDONLY, 0, READ_ONLY), (0, 5, FULL), (0, 1 << 30, None)],
)
def test_why_a_database_cannot_be_opened_is_seen_at_its_folder(
    flags: int, free: int, sentence: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr("os.statvfs", lambda _: SimpleNamespace(f_flag=flags))
    named = as_named(sqlite3.OperationalError("unable to open database file"), folder=tmp_path)
    assert (None if named is None else named.what) == sentence
