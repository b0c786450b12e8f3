"""Mending Dagster's records of runs: what can be read goes into new files, and the old ones are kept beside them.

The versions in the store do not depend on these records: a version that Dagster does not know is recorded at the next
run.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError
from sg_assets.execution.dagster_home import RECORD_FILES, REPAIR_COMMAND, create_records, creation_lock, problem_of
from sg_assets.processes.presence import PRESENCES, living

_SUFFIXES: Final = ("", "-wal", "-shm")
"""A database is its file and the two that SQLite keeps beside it."""
_SCHEMA_TABLES: Final = frozenset({"alembic_version", "secondary_indexes"})
"""Tables that describe the schema: the new file's are right."""


@dataclass(frozen=True)
class MendedFile:
    """A file of Dagster's records that was damaged."""

    path: str
    """Below the Dagster home."""
    reason: str
    """Why it could not be used."""
    kept_as: str
    """The name of the old file, beside the new one."""
    rows: int
    """How many rows were carried over."""
    is_whole: bool
    """Whether every row could be read."""


def repair_hint() -> str:
    """What mends a damaged file of Dagster's records, as a sentence."""
    return f"End what runs, then `{REPAIR_COMMAND}` mends it"


def damaged_files(home: Path) -> dict[str, str]:
    """Every file of Dagster's records that is damaged, with the reason; reads all of them."""
    files = [home / file.path for file in RECORD_FILES]
    shards = [file for file in sorted((home / "history/runs").glob("*.db")) if file not in files]
    tables = {home / file.path: file.table for file in RECORD_FILES}
    reasons = {file: problem_of(file, tables.get(file)) or _fault(file) for file in [*files, *shards]}
    return {file.relative_to(home).as_posix(): reason for file, reason in reasons.items() if reason is not None}


def repair_records(home: Path) -> list[MendedFile]:
    """Replace every damaged file of Dagster's records by a new one that has all rows that could be read.

    The old file stays beside it under another name. The events of a single run that are damaged are only set aside.

    Raises:
        SgAssetsError: another process creates, mends or writes to these records.
    """
    if not home.is_dir():
        return []
    writers = living(home / PRESENCES)
    if writers:
        raise SgAssetsError(
            "Dagster's records are in use",
            where=str(home),
            why=f"these processes write to them: {', '.join(map(str, writers))}",
            remedy="End them, then run the command again",
        )
    with creation_lock(home):
        damaged = damaged_files(home)
        if not damaged:
            return []
        staging = home / f".new-repair-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        try:
            create_records(staging)
            return [_mended(home, staging, path, reason) for path, reason in damaged.items()]
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _mended(home: Path, staging: Path, path: str, reason: str) -> MendedFile:
    old, new = home / path, staging / path
    kept = old.with_name(f"{old.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    rows, is_whole = _carry_over(old, new) if new.exists() and old.is_file() else (0, False)
    for suffix in _SUFFIXES:
        companion = old.with_name(f"{old.name}{suffix}")
        with contextlib.suppress(FileNotFoundError):
            companion.rename(kept.with_name(f"{kept.name}{suffix}"))
    if new.exists():
        new.rename(old)
    return MendedFile(path, reason, kept.name, rows, is_whole)


def _carry_over(old: Path, new: Path) -> tuple[int, bool]:
    """Copy rows from an old file to a new one; how many, and whether none was lost."""
    rows, is_whole = 0, True
    with closing(sqlite3.connect(new, isolation_level=None)) as target, closing(sqlite3.connect(old)) as source:
        try:
            tables = _tables(source)
        except sqlite3.DatabaseError:
            return 0, False
        target.execute("BEGIN")
        for table in sorted(_tables(target) & tables - _SCHEMA_TABLES):
            columns = [name for name in _columns(target, table) if name in _columns(source, table)]
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
            reader = _Readable(source, f'SELECT {names} FROM "{table}"')
            for row in reader:
                rows += target.execute(f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', row).rowcount
            is_whole = is_whole and reader.is_whole
        target.execute("COMMIT")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return rows, is_whole


class _Readable:
    """The rows of a query, up to the first that cannot be read."""

    def __init__(self, connection: sqlite3.Connection, query: str) -> None:
        self._connection = connection
        self._query = query
        self.is_whole = True

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        try:
            yield from self._connection.execute(self._query)
        except sqlite3.DatabaseError:
            self.is_whole = False


def _tables(connection: sqlite3.Connection) -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {str(name) for (name,) in connection.execute(query)}


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in connection.execute(f'PRAGMA table_info("{table}")')]


def _fault(file: Path) -> str | None:
    """What a full read of a database says; None where it is sound, or missing."""
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if answer == "ok" else f"a part of it cannot be read: {answer.splitlines()[-1]}"
