"""The job that takes in labels, run in process."""

from pathlib import Path

import dagster as dg
import pytest

from sg_assets.declarations.asset_names import ANSWER_LABELS
from sg_assets.orchestration.acts.act_jobs import act_jobs
from sg_assets.orchestration.acts.import_labels import JOB, import_labels_job
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref
from sg_assets_tests.judging.conftest import judge_folder
from sg_assets_tests.orchestration.acts.runs import (
    events_of_assets,
    failure,
    logged,
    materialized,
    metadata_of,
    next_steps,
    run_act,
)
from sg_assets_tests.people.labelled_project import aligned, clock, filled, labelled_home, project, sheet, taken_in

__all__ = ["judge_folder", "labelled_home", "project", "sheet"]
pytestmark = pytest.mark.slow


def take_in(project: Project, instance: dg.DagsterInstance, file: Path) -> dg.ExecuteInProcessResult:
    job = import_labels_job(project, asset_defs_of(project))
    return run_act(job, instance, {"file": str(file), "annotator": "Anna"})


def test_labels_are_taken_in_and_shown_as_a_materialization(
    project: Project, instance: dg.DagsterInstance, sheet: Path, tmp_path: Path
) -> None:
    result = take_in(project, instance, filled(sheet, tmp_path / "a.csv"))
    assert result.success
    [event] = materialized(result)
    head = project.store.required_head(Ref.parse(ANSWER_LABELS))
    assert event.asset_key.to_user_string() == ANSWER_LABELS
    assert metadata_of(event)["version"] == head.version
    assert "labels of Anna" in str(metadata_of(event)["why"])
    assert "`sg-assets backfill labels/alignment`" in next_steps(result)


def test_no_text_of_an_answer_is_in_the_log_or_the_events(
    project: Project, instance: dg.DagsterInstance, sheet: Path, tmp_path: Path
) -> None:
    result = take_in(project, instance, filled(sheet, tmp_path / "a.csv"))
    assert "grobok" not in logged(instance, result)
    assert "grobok" not in str([metadata_of(event) for event in materialized(result)])


def test_a_wrong_sheet_fails_and_leaves_nothing(project: Project, instance: dg.DagsterInstance, sheet: Path) -> None:
    result = take_in(project, instance, sheet)
    assert "the sheet has no label" in failure(result)
    assert events_of_assets(result) == []
    assert project.store.head(Ref.parse(ANSWER_LABELS)) is None


def test_what_shows_the_labels_is_named_for_a_backfill(
    project: Project, instance: dg.DagsterInstance, sheet: Path, tmp_path: Path
) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Ben", clock())
    aligned(project)
    result = take_in(project, instance, filled(sheet, tmp_path / "b.csv", lambda _: "no"))
    assert "labels/alignment labels/judged" in next_steps(result)


def test_the_job_is_there_where_labels_are_taken(project: Project) -> None:
    assert JOB in [job.name for job in act_jobs(project, {})]
