"""Damaged records of runs, records in use, and faults of the machine."""

import dataclasses
import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sg_assets.cli import app as command_line
from sg_assets.execution.dagster_home import RECORD_FILES, creation_lock, prepare_dagster_home
from sg_assets.execution.instance_repair import repair_records
from sg_assets.processes.presence import PRESENCES, presence
from sg_assets.settings import read_settings
from sg_assets_tests.bad_inputs.bad_input import Act, BadInput, error_of
from sg_assets_tests.execution.record_damage import (
    Damage,
    emptied,
    folder_instead,
    main_table_missing,
    no_revision,
    no_revision_table,
    overwritten,
    two_revisions,
)

_REASONS: dict[Damage, str] = {
    two_revisions: "it has 2 schema revisions, because two processes created it at once",
    no_revision: "its creation was not completed",
    no_revision_table: "its creation was not completed",
    main_table_missing: "its creation was not completed",
    emptied: "its creation was not completed",
    overwritten: "file is not a database",
    folder_instead: "this is not a file",
}
_FULL = OSError(errno.ENOSPC, "No space left on device")


def _records(home: Path) -> Path:
    """Records as small as can be."""
    records = home / "tiny/dagster"
    for file in RECORD_FILES:
        (records / file.path).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(records / file.path)) as connection:
            connection.execute("CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
            connection.execute("INSERT INTO alembic_version VALUES ('29b539ebc72a')")
            connection.execute(f'CREATE TABLE "{file.table}" (id INTEGER PRIMARY KEY)')
            connection.commit()
    (records / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    return records


def _damaged(path: str, damage: Damage) -> BadInput:
    def act(home: Path, _: pytest.MonkeyPatch) -> str:
        records = _records(home)
        damage(records / path)
        os.utime(records / path, (1, 1))  # nobody is at it
        settings = dataclasses.replace(read_settings(), home=records.parent)
        return error_of(lambda: prepare_dagster_home(settings))

    return BadInput(f"{damage.__name__} {path}", act, (path, _REASONS[damage], "sg-assets repair-runs"))


def _in_use(home: Path, _: pytest.MonkeyPatch) -> str:
    records = _records(home)
    with presence(records / PRESENCES, "sg-assets run"):
        return error_of(lambda: repair_records(records))


def _locked(home: Path, environment: pytest.MonkeyPatch) -> str:
    records = _records(home)
    environment.setattr("sg_assets.execution.dagster_home._LOCK_PATIENCE", 0.1)
    with creation_lock(records):
        return error_of(lambda: repair_records(records))


def _failing(error: Exception) -> Act:
    """`sg-assets` where something below a command meets this fault."""

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        printed: list[str] = []

        def fail() -> None:
            raise error

        environment.setenv("SG_HOME", str(home))
        environment.setattr(command_line, "app", fail)
        environment.setattr(command_line, "quiet_teardown", lambda: None)
        environment.setattr(command_line, "print_error", lambda named: printed.append(str(named)))
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        assert ended.value.code == 1
        return "\n".join(printed)

    return act


_FAULTS: list[tuple[str, Callable[[], Exception], tuple[str, ...]]] = [
    ("full disk", lambda: _FULL, ("the disk is full", "sg-assets clean")),
    ("full database", lambda: sqlite3.OperationalError("database or disk is full"), ("the disk is full", "Free some")),
    ("quota", lambda: OSError(errno.EDQUOT, "Disk quota exceeded"), ("quota", "Free some space")),
    ("read-only", lambda: OSError(errno.EROFS, "Read-only file system", "/x/y"), ("only be read", "/x/y", "SG_HOME")),
    ("denied", lambda: PermissionError(errno.EACCES, "Permission denied", "/x"), ("denies access", "/x", "owns")),
    ("open files", lambda: OSError(errno.EMFILE, "Too many open files"), ("too many files", "ulimit -n")),
    ("no memory", MemoryError, ("the memory does not suffice", "lanes")),
    ("bad disk", lambda: OSError(errno.EIO, "Input/output error"), ("cannot be read or written", "sg-assets verify")),
    ("torn", lambda: sqlite3.DatabaseError("database disk image is malformed"), ("damaged", "sg-assets repair-runs")),
]

CASES = [
    *(_damaged(file.path, damage) for file in RECORD_FILES for damage in _REASONS),
    BadInput("repair while in use", _in_use, ("in use", "sg-assets run (pid", "End them")),
    BadInput("repair while locked", _locked, ("another process has been creating or mending", "End that process")),
    *(BadInput(name, _failing(make()), says) for name, make, says in _FAULTS),
]
