"""Dagster's records are created by one process, whole or not at all; damaged ones are named with their remedy."""

import dataclasses
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.errors import DamagedRecordsError, SgAssetsError
from sg_assets.execution import dagster_home as module
from sg_assets.execution.dagster_home import RECORD_FILES, creation_lock, prepare_dagster_home, problem_of, problems
from sg_assets.settings import Settings, read_settings
from sg_assets_tests.execution.record_damage import Damage, cases, copied_home, cut_off, no_revision, two_revisions
from sg_assets_tests.paths import PROJECT

SEEN_AT_ONCE = [(path, damage) for path, damage in cases() if damage is not cut_off]
"""Damages that the first page of a file shows; a full read sees the others."""
STARTER = """
import sys
from pathlib import Path
from sg_assets.settings import read_settings
from sg_assets.execution.dagster_home import open_instance
print("ready", flush=True)
sys.stdin.readline()
with open_instance(read_settings()) as instance:
    instance.get_runs()
"""


def settings_of(home: Path) -> Settings:
    return dataclasses.replace(read_settings(), home=home.parent)


@pytest.fixture
def without_dagster(created_home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Creates records by copying finished ones; lists the folders they were created in."""
    folders: list[Path] = []

    def create_records(folder: Path) -> None:
        folders.append(folder)
        copied_home(created_home, folder)

    monkeypatch.setattr(module, "create_records", create_records)
    return folders


def test_a_new_home_has_all_records_and_no_leftovers(tmp_path: Path, without_dagster: list[Path]) -> None:
    home = prepare_dagster_home(settings_of(tmp_path / "home/dagster"))
    assert problems(home) == {}
    assert all((home / file.path).is_file() for file in RECORD_FILES)
    assert list(home.glob(".new-*")) == []


def test_complete_records_are_not_created_again(dagster_home: Path, without_dagster: list[Path]) -> None:
    prepare_dagster_home(settings_of(dagster_home))
    assert without_dagster == []


@pytest.mark.parametrize("missing", RECORD_FILES, ids=lambda file: file.path)
def test_a_missing_file_is_added_and_the_others_stay(
    dagster_home: Path, without_dagster: list[Path], missing: module.RecordFile
) -> None:
    before = {file.path: (dagster_home / file.path).stat().st_ino for file in RECORD_FILES if file != missing}
    (dagster_home / missing.path).unlink()
    prepare_dagster_home(settings_of(dagster_home))
    assert (dagster_home / missing.path).is_file()
    assert {path: (dagster_home / path).stat().st_ino for path in before} == before


def test_what_a_killed_creation_left_is_removed(tmp_path: Path, without_dagster: list[Path]) -> None:
    home = tmp_path / "home/dagster"
    (home / ".new-1/history").mkdir(parents=True)
    prepare_dagster_home(settings_of(home))
    assert list(home.glob(".new-*")) == []


def test_a_file_that_another_process_created_meanwhile_is_kept(
    tmp_path: Path, created_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by `dagster dev`, which knows nothing of the lock."""
    home = tmp_path / "home/dagster"

    def create_records(folder: Path) -> None:
        copied_home(created_home, folder)
        copied_home(created_home / "schedules", home / "schedules")
        os.utime(home / "schedules/schedules.db", (5, 5))

    monkeypatch.setattr(module, "create_records", create_records)
    prepare_dagster_home(settings_of(home))
    assert (home / "schedules/schedules.db").stat().st_mtime == 5
    assert problems(home) == {}


def test_files_that_a_process_without_the_lock_completes_are_waited_for(
    dagster_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = dagster_home / "history/runs.db"
    with closing(sqlite3.connect(file)) as connection:
        [(revision,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    no_revision(file)

    def complete() -> None:
        time.sleep(0.3)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
            connection.commit()

    thread = threading.Thread(target=complete)
    thread.start()
    prepare_dagster_home(settings_of(dagster_home))
    thread.join()


def test_records_of_a_person_s_own_storage_are_left_to_dagster(tmp_path: Path, without_dagster: list[Path]) -> None:
    home = tmp_path / "home/dagster"
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_text("storage:\n  postgres: {}\n")
    prepare_dagster_home(settings_of(home))
    assert without_dagster == []
    assert (home / "dagster.yaml").read_text() == "storage:\n  postgres: {}\n"


@pytest.mark.parametrize(("path", "damage"), SEEN_AT_ONCE, ids=lambda value: getattr(value, "__name__", value))
def test_damaged_records_are_named_with_file_reason_and_command(
    dagster_home: Path, path: str, damage: Damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FOREIGN_PATIENCE", 0.0)
    damage(dagster_home / path)
    with pytest.raises(DamagedRecordsError, match=rf"{path}: .*sg-assets repair-runs"):
        prepare_dagster_home(settings_of(dagster_home))


def test_two_revisions_are_named_as_what_they_are(dagster_home: Path) -> None:
    two_revisions(dagster_home / "history/runs.db")
    reason = problem_of(dagster_home / "history/runs.db", "runs")
    assert reason == "it has 2 schema revisions, because two processes created it at once"


def test_a_file_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "runs.db").symlink_to(tmp_path / "gone" / "runs.db")
    assert problem_of(tmp_path / "runs.db", "runs") == "this is not a file"


def test_a_lock_that_is_held_for_long_is_told(dagster_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOCK_PATIENCE", 0.1)
    (dagster_home / "schedules/schedules.db").unlink()
    with creation_lock(dagster_home), pytest.raises(SgAssetsError, match="another process has been creating"):
        prepare_dagster_home(settings_of(dagster_home))


def start(home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "SG_HOME": str(home), "SG_PROFILE": "tiny", "SG_PROJECT": str(PROJECT)}
    return subprocess.Popen(
        [sys.executable, "-c", STARTER],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def started_together(home: Path, between: Callable[[], None]) -> list[tuple[int | None, str]]:
    processes = [start(home), start(home)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    go(processes[0])
    between()
    go(processes[1])
    return [
        (process.returncode, process.communicate(timeout=120)[1]) for process in processes if process.wait(120) >= 0
    ]


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.3])
def test_two_first_starts_both_work(tmp_path: Path, delay: float) -> None:
    results = started_together(tmp_path, lambda: time.sleep(delay))
    assert [(status, errors) for status, errors in results] == [(0, ""), (0, "")]
    assert problems(tmp_path / "tiny/dagster") == {}


@pytest.mark.slow
def test_a_first_start_that_is_killed_leaves_nothing_half_made(tmp_path: Path) -> None:
    process = start(tmp_path)
    assert process.stdout is not None
    process.stdout.readline()
    go(process)
    staging = tmp_path / "tiny/dagster"
    while not list(staging.glob(".new-*/history/runs.db")):
        time.sleep(0.005)
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert problems(staging) == {}
    with module.open_instance(settings_of(staging)) as instance:
        assert isinstance(instance, dg.DagsterInstance)
        assert instance.get_runs() == []
    assert list(staging.glob(".new-*")) == []
