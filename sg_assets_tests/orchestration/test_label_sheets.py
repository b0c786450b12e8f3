"""Sheets and labels through the registry: all of a sheet or nothing, and nothing lost."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.declarations.asset_names import ANSWER_LABELS, LABEL_SAMPLE
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.label_sheets import Draw, draw_sheet
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import undeclared_of
from sg_assets.orchestration.step_spec import step_spec
from sg_assets.people.answer_labels import copy_labels
from sg_assets.store.refs import Ref
from sg_assets.store.step import is_current, run_step
from sg_assets_tests.judging.conftest import judge_folder
from sg_assets_tests.people.labelled_project import (
    clock,
    drawn,
    filled,
    labelled_home,
    project,
    rows_of,
    sheet,
    table,
    taken_in,
    write_rows,
)

__all__ = ["judge_folder", "labelled_home", "project", "sheet"]
pytestmark = pytest.mark.slow
LABELS = Ref.parse(ANSWER_LABELS)


def test_labels_are_a_version_with_person_date_and_file(project: Project, sheet: Path, tmp_path: Path) -> None:
    imported = taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna Tan")
    assert imported.outcome is not None
    [taken] = imported.outcome.manifest.parameters["imports"]
    assert (taken["annotator"], taken["imported"]) == ("Anna Tan", "2026-11-30T12:00:00+00:00")
    labels = table(project, imported.outcome.manifest)
    assert labels.height == imported.labels == len(rows_of(sheet))
    assert "grobok" not in imported.outcome.manifest.model_dump_json()


def test_a_wrong_row_takes_nothing_in(project: Project, sheet: Path, tmp_path: Path) -> None:
    rows = [{**row, "label": "yes"} for row in rows_of(sheet)]
    wrong = write_rows([*rows[:-1], {**rows[-1], "label": "perhaps"}], tmp_path / "a.csv")
    with pytest.raises(SgAssetsError, match=rf"row {len(rows) + 1}: 'perhaps' is not a label"):
        taken_in(project, wrong, "Anna")
    assert project.store.head(LABELS) is None


def test_a_half_filled_sheet_is_taken_in_and_completed_later(project: Project, sheet: Path, tmp_path: Path) -> None:
    rows, now = rows_of(sheet), clock()
    half = [{**row, "label": "no" if number % 2 else ""} for number, row in enumerate(rows)]
    first = taken_in(project, write_rows(half, tmp_path / "a.csv"), "Anna", now)
    assert (first.labels, first.unlabelled) == (len(rows) // 2, len(rows) - len(rows) // 2)
    second = taken_in(project, filled(sheet, tmp_path / "b.csv"), "Anna", now)
    assert second.outcome is not None
    assert table(project, second.outcome.manifest).height == first.labels + second.labels


def test_the_same_sheet_of_the_same_person_is_nothing_new(project: Project, sheet: Path, tmp_path: Path) -> None:
    copy = filled(sheet, tmp_path / "a.csv")
    taken_in(project, copy, "Anna")
    assert taken_in(project, copy, "Anna").outcome is None
    assert taken_in(project, copy, "Ben").outcome is not None


def test_labels_stay_current_and_are_copied_where_the_step_runs_again(
    project: Project, sheet: Path, tmp_path: Path
) -> None:
    imported = taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    spec = step_spec(project, ANSWER_LABELS, asset_defs_of(project)[ANSWER_LABELS], None)
    assert is_current(project.store, spec.ref, spec.inputs, spec.recipe)
    assert imported.outcome is not None
    other = replace(spec.recipe, libraries=())
    outcome = run_step(project.store, spec.ref, [], other, copy_labels, run_id="again", log=lambda _: None)
    assert not outcome.reused
    assert outcome.manifest.fingerprint == imported.outcome.manifest.fingerprint


def test_a_sample_is_no_partition_that_is_not_declared(project: Project, sheet: Path) -> None:
    assert project.store.head(Ref.parse(LABEL_SAMPLE)) is not None
    assert LABEL_SAMPLE not in [ref.asset for ref in undeclared_of(project)]


def test_what_is_not_judged_yet_is_passed_over_and_said(project: Project, tmp_path: Path) -> None:
    result = draw_sheet(project, Draw("is_toxic", 10, 0), tmp_path / "s.csv", lambda _: None)
    assert "judgements/toxigen[base] has no version" in result.passed_over


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (Draw("is_toxic", 10, 0, variants=("bse",)), "--variants: unknown variant 'bse'. Did you mean 'base'"),
        (Draw("is_toxic", 10, 0, variants=("sft_dpo",)), r"judgements/sg_safety\[sft_dpo\] has no version"),
        (Draw("is_toxic", 10, 0, benchmark="toxigen"), "answers to label are missing.*sg-assets backfill judgements"),
    ],
)
def test_what_cannot_be_drawn_from_is_named(project: Project, tmp_path: Path, draw: Draw, message: str) -> None:
    with pytest.raises(SgAssetsError, match=message):
        draw_sheet(project, draw, tmp_path / "s.csv", lambda _: None)
    assert not (tmp_path / "s.csv").exists()


def test_a_profile_that_takes_no_labels_draws_and_takes_none(project: Project, sheet: Path, tmp_path: Path) -> None:
    profile = project.declared.profile.model_copy(update={"labels": None})
    without = replace(project, declared=replace(project.declared, profile=profile))
    for act in (lambda: drawn(without, tmp_path / "s.csv"), lambda: taken_in(without, sheet, "Anna")):
        with pytest.raises(SgAssetsError, match=r"tiny\.yaml: the profile takes no labels.*`labels: {}`"):
            act()
    assert not (tmp_path / "s.csv").exists()


def test_a_sheet_is_never_written_over(project: Project, sheet: Path) -> None:
    before = sheet.read_bytes()
    with pytest.raises(SgAssetsError, match="exists already"):
        drawn(project, sheet, seed=4)
    assert sheet.read_bytes() == before


def test_files_of_labels_are_for_their_owner(project: Project, sheet: Path) -> None:
    assert os.stat(sheet).st_mode & 0o077 == 0  # noqa: PTH116 - the mode alone
