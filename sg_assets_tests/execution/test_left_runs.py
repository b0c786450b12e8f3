"""Runs that a killed process left are ended, named and alerted by whichever command comes next."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.execution import left_runs as module
from sg_assets.execution.left_runs import settle_left_runs
from sg_assets.orchestration.dead_runs import PROCESS_TAG
from sg_assets.processes.presence import PRESENCES, Presence
from sg_assets_tests.execution.record_damage import copied_home, overwritten

LEFT = Presence("left", "a lane of sg-assets run", 77, "here", 1.0, "")


@pytest.fixture
def home(created_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {"SG_HOME": str(tmp_path), "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, value)
    return copied_home(created_home, tmp_path / "tiny/dagster")


def leave(home: Path, shown: Presence = LEFT) -> None:
    (home / PRESENCES).mkdir(exist_ok=True)
    (home / PRESENCES / f"{shown.id}.json").write_text(json.dumps(asdict(shown)))


@pytest.mark.slow
def test_a_left_run_is_ended_named_and_alerted_once(home: Path) -> None:
    printed: list[str] = []
    settle_left_runs(printed.append)  # the incident store begins now: earlier runs are not its business
    assets = frozenset({dg.AssetKey(["templated", "templates"])})
    run = dg.DagsterRun("job", status=dg.DagsterRunStatus.STARTED, tags={PROCESS_TAG: LEFT.id}, asset_selection=assets)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        instance.add_run(run)
    leave(home)
    settle_left_runs(printed.append)
    said = "a lane of sg-assets run (pid 77 on here) was killed, or what started it was"
    assert printed == [f"run {run.run_id[:8]} (templated/templates) ended: {said}"]
    settle_left_runs(printed.append)
    assert len(printed) == 1
    with dg.DagsterInstance.from_config(str(home)) as instance:
        recorded = instance.get_run_by_id(run.run_id)
    assert recorded is not None
    assert recorded.status is dg.DagsterRunStatus.FAILURE


def test_where_every_process_ended_as_it_should_nothing_is_opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise AssertionError("Dagster was opened")

    monkeypatch.setattr(module, "_settle", refuse)
    settle_left_runs(print)


def test_a_command_goes_on_where_they_cannot_be_ended(home: Path) -> None:
    printed: list[str] = []
    leave(home, replace(LEFT, title="sg-assets ui"))
    overwritten(home / "history/runs.db")
    settle_left_runs(printed.append)
    assert printed[0].startswith("the runs that sg-assets ui (pid 77 on here) left could not be ended: ")
    assert "sg-assets repair-runs" in printed[0]


def test_settings_that_cannot_be_read_are_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_PROFILE", "../x")
    settle_left_runs(print)
