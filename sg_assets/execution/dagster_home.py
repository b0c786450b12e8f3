"""The folder of Dagster's own records: made once, by one process, and whole or not at all.

Two processes that create Dagster's SQLite files at the same time leave them with two schema revisions, which Dagster
refuses from then on. So whoever starts first creates them under a lock, in a folder of their own, and links each
finished file to its name: a process that is killed meanwhile leaves nothing half made, and one that comes without the
lock (`dagster dev`) is not overwritten.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from sg_assets.errors import DamagedRecordsError, SgAssetsError
from sg_assets.execution.instance_config import check_instance_config
from sg_assets.processes.environment_paths import require_folder
from sg_assets.processes.faults import fault_at
from sg_assets.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

REPAIR_COMMAND: Final = "sg-assets repair-runs"
"""The command that mends these records."""
_DAGSTER_YAML: Final = """\
# Written once by sg-assets; yours to change.
telemetry: {enabled: false}
nux: {enabled: false}
run_monitoring: {enabled: true}
concurrency:
  pools: {default_limit: 1, granularity: op}
"""
_STORAGE_KEYS: Final = ("storage:", "run_storage:", "event_log_storage:", "schedule_storage:")
"""Lines of ``dagster.yaml`` that move the records elsewhere."""
_LOCK_PATIENCE: Final = 120.0
"""Seconds to wait for another process that creates the records; it needs about three."""
_FOREIGN_PATIENCE: Final = 5.0
"""Seconds that a process without the lock has to complete the files that it began."""
_POLL: Final = 0.2
"""Seconds between two looks at them."""


_HALF_MADE: Final = "its creation was not completed"
_OTHER_FAULTS: Final = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL}
)
"""Faults of SQLite that say nothing of the file's content."""


@dataclass(frozen=True)
class RecordFile:
    """One of Dagster's SQLite files."""

    path: str
    """Below the Dagster home."""
    table: str
    """A table that it always has."""


RECORD_FILES: Final = (
    RecordFile("history/runs.db", "runs"),
    RecordFile("history/runs/index.db", "event_logs"),
    RecordFile("schedules/schedules.db", "job_ticks"),
)
"""The files whose schema Dagster creates at its first start; the events of each run are in a file of their own."""


def prepare_dagster_home(settings: Settings) -> Path:
    """The profile's Dagster home, with ``dagster.yaml`` and Dagster's records; both are created where missing.

    Raises:
        DamagedRecordsError: the records cannot be used; names the files and the command that mends them.
        SgAssetsError: ``dagster.yaml`` cannot be used, or another process does not finish creating the records.
    """
    home = settings.dagster_home
    for folder in (home, *((home / file.path).parent for file in RECORD_FILES)):
        require_folder("SG_HOME", folder)
    _require_trusted(home / "dagster.yaml")
    if not _is_complete(home):
        home.mkdir(parents=True, exist_ok=True)
        with creation_lock(home):
            _create_missing(home)
    return home


def _require_trusted(config: Path) -> None:
    """Let a ``dagster.yaml`` that is not ours say only what runs no code of others, in words that Dagster takes."""
    if not os.path.lexists(config):
        return
    check_instance_config(config)
    if config.read_text(encoding="utf-8") == _DAGSTER_YAML:
        return
    from sg_assets.orchestration.dagster_internals import instance_config_problem

    problem = instance_config_problem(config.parent)
    if problem is not None:
        raise SgAssetsError(
            "Dagster refuses its configuration", where=str(config), why=problem,
            remedy="Correct it, or move it away: a new file is written",
        )  # fmt: skip


@contextmanager
def open_instance(settings: Settings) -> Iterator["dg.DagsterInstance"]:
    """The profile's Dagster instance, created where missing.

    Raises:
        DamagedRecordsError: its records cannot be used; names the files and the command that mends them.
    """
    import dagster as dg

    with dg.DagsterInstance.from_config(str(prepare_dagster_home(settings))) as instance:
        yield instance


@contextmanager
def creation_lock(home: Path) -> Iterator[None]:
    """Held by the only process that creates or mends the records; the system releases it however that process ends.

    Raises:
        SgAssetsError: another process holds it for minutes.
    """
    lock = FileLock(home.with_name(f"{home.name}.lock"))
    try:
        lock.acquire(timeout=_LOCK_PATIENCE)
    except Timeout as error:
        raise SgAssetsError(
            "another process has been creating or mending Dagster's records for two minutes",
            where=str(home),
            remedy="End that process, then run the command again",
        ) from error
    try:
        yield
    finally:
        lock.release()


def problem_of(file: Path, table: str | None = None) -> str | None:
    """Why one of Dagster's SQLite files cannot be used; None where it can, or where there is none.

    Args:
        file: The file.
        table: A table that it must have; not looked for where absent.

    Raises:
        SgAssetsError: it cannot be opened, which says nothing of its content.
    """
    if not os.path.lexists(file):
        return None
    if not file.is_file():
        return "this is not a file"
    try:
        with closing(sqlite3.connect(f"file:{_quoted(file)}?mode=ro", uri=True, timeout=30)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {table or "alembic_version", "alembic_version"} <= names:
                return _HALF_MADE
            count = connection.execute("SELECT count(*) FROM alembic_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) in _OTHER_FAULTS:
            fault = fault_at(file.parent)
            raise SgAssetsError(
                "Dagster's records cannot be read" if fault is None else fault.sentence,
                where=str(file),
                why=str(error),
                remedy="Check the permissions of the file" if fault is None else fault.remedy,
            ) from error
        return str(error)
    if count == 1:
        return None
    return f"it has {count} schema revisions, because two processes created it at once" if count else _HALF_MADE


def problems(home: Path) -> dict[str, str]:
    """Why Dagster's records cannot be used, by file; empty where they can."""
    reasons = {file.path: problem_of(home / file.path, file.table) for file in RECORD_FILES}
    return {path: reason for path, reason in reasons.items() if reason is not None}


def create_records(folder: Path) -> None:
    """Create Dagster's records in a new folder, whose name nothing else knows."""
    import dagster as dg

    folder.mkdir(parents=True)
    (folder / "dagster.yaml").write_text(_DAGSTER_YAML, encoding="utf-8")
    with dg.DagsterInstance.from_config(str(folder)):
        pass
    for file in RECORD_FILES:  # the log ahead of a file belongs to its name: it must be written back before the rename
        with closing(sqlite3.connect(folder / file.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_complete(home: Path) -> bool:
    config = home / "dagster.yaml"
    if not config.is_file():
        return False
    if _keeps_records_elsewhere(config):
        return True
    return all((home / file.path).exists() for file in RECORD_FILES) and not problems(home)


def _create_missing(home: Path) -> None:
    config = home / "dagster.yaml"
    for leftover in home.glob(".new-*"):  # of a process that was killed: nobody else holds the lock
        shutil.rmtree(leftover, ignore_errors=True)
    if not os.path.lexists(config):
        written = home / ".new-dagster.yaml"
        written.write_text(_DAGSTER_YAML, encoding="utf-8")
        written.replace(config)
    if _keeps_records_elsewhere(config):
        return
    missing = [file for file in RECORD_FILES if not os.path.lexists(home / file.path)]
    if missing:
        _link_created(home, missing)
    limit = time.monotonic() + _FOREIGN_PATIENCE
    while damaged := problems(home):
        if time.monotonic() > limit or not _is_being_created(home, damaged):
            raise damaged_records(home, damaged)
        time.sleep(_POLL)


def _link_created(home: Path, missing: list[RecordFile]) -> None:
    staging = home / f".new-{os.getpid()}"
    try:
        create_records(staging)
        for file in missing:
            (home / file.path).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(staging / file.path, home / file.path)
            except FileExistsError:  # a process without the lock came first; its file is looked at next
                continue
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_being_created(home: Path, damaged: dict[str, str]) -> bool:
    """Whether a process without the lock may be about to complete these files."""
    return all(
        reason == _HALF_MADE and time.time() - (home / path).stat().st_mtime < _FOREIGN_PATIENCE
        for path, reason in damaged.items()
    )


def damaged_records(home: Path, damaged: dict[str, str]) -> DamagedRecordsError:
    """The error that names damaged files of Dagster's records and the command that mends them."""
    return DamagedRecordsError(
        "Dagster's records of runs cannot be used",
        where=str(home),
        why="; ".join(f"{path}: {reason}" for path, reason in damaged.items()),
        remedy=f"Run `{REPAIR_COMMAND}`: it keeps what can be read, and the old files; the store is not touched",
    )


def _keeps_records_elsewhere(config: Path) -> bool:
    """Whether a person's ``dagster.yaml`` puts the records in a place of their choice, where Dagster creates them."""
    try:
        lines = config.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.startswith(_STORAGE_KEYS) for line in lines)


def _quoted(file: Path) -> str:
    from urllib.parse import quote

    return quote(os.fsencode(file))
