"""Damaged records of runs are replaced by files that have every readable row; nothing is deleted."""

import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.execution import instance_repair as module
from sg_assets.execution.dagster_home import problems
from sg_assets.execution.instance_repair import damaged_files, repair_records
from sg_assets.processes.presence import PRESENCES, presence
from sg_assets_tests.execution.record_damage import (
    KEEPS_ROWS,
    RECORDED_RUN,
    Damage,
    cases,
    copied_home,
    overwritten,
    two_revisions,
)


@pytest.fixture(autouse=True)
def without_dagster(created_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New records are copies of finished ones, whose run is removed."""

    def create_records(folder: Path) -> None:
        copied_home(created_home, folder)
        with closing(sqlite3.connect(folder / "history/runs.db")) as connection:
            connection.execute("DELETE FROM runs")
            connection.commit()

    monkeypatch.setattr(module, "create_records", create_records)


def known_runs(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "history/runs.db")) as connection:
        return [run_id for (run_id,) in connection.execute("SELECT run_id FROM runs")]


@pytest.mark.parametrize(("path", "damage"), list(cases()), ids=lambda value: getattr(value, "__name__", value))
def test_each_damage_is_mended_and_the_old_file_kept(dagster_home: Path, path: str, damage: Damage) -> None:
    damage(dagster_home / path)
    [mended] = repair_records(dagster_home)
    assert mended.path == path
    assert damaged_files(dagster_home) == {}
    kept = (dagster_home / path).with_name(mended.kept_as)
    assert kept.exists()
    assert mended.is_whole >= (damage in KEEPS_ROWS)
    assert known_runs(dagster_home) == [RECORDED_RUN] or (path == "history/runs.db" and damage not in KEEPS_ROWS)


@pytest.mark.slow
def test_dagster_reads_mended_records(dagster_home: Path) -> None:
    for path in ("history/runs.db", "history/runs/index.db", "schedules/schedules.db"):
        two_revisions(dagster_home / path)
    repair_records(dagster_home)
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        assert [run.run_id for run in instance.get_runs()] == [RECORDED_RUN]


def test_sound_records_are_left_alone(dagster_home: Path) -> None:
    before = {file: file.read_bytes() for file in dagster_home.rglob("*.db")}
    assert repair_records(dagster_home) == []
    assert {file: file.read_bytes() for file in dagster_home.rglob("*.db")} == before


def test_several_files_are_mended_at_once(dagster_home: Path) -> None:
    for path in ("history/runs.db", "schedules/schedules.db"):
        two_revisions(dagster_home / path)
    assert [file.path for file in repair_records(dagster_home)] == ["history/runs.db", "schedules/schedules.db"]
    assert problems(dagster_home) == {}


def test_the_damaged_events_of_a_single_run_are_set_aside(dagster_home: Path) -> None:
    shard = dagster_home / f"history/runs/{RECORDED_RUN}.db"
    shard.write_bytes(b"x" * 10_000)
    overwritten(shard)
    [mended] = repair_records(dagster_home)
    assert (mended.path, mended.is_whole) == (f"history/runs/{RECORDED_RUN}.db", False)
    assert not shard.exists()
    assert shard.with_name(mended.kept_as).exists()


def test_a_home_that_is_not_there_needs_no_repair(tmp_path: Path) -> None:
    assert repair_records(tmp_path / "dagster") == []


def test_records_that_a_process_writes_to_are_not_mended(dagster_home: Path) -> None:
    two_revisions(dagster_home / "history/runs.db")
    with presence(dagster_home / PRESENCES, "sg-assets run"), pytest.raises(SgAssetsError, match="sg-assets run"):
        repair_records(dagster_home)
    assert problems(dagster_home) != {}
