"""The check ``judges_aligned``."""

from pathlib import Path

import dagster as dg
import pytest

from sg_assets.orchestration.checks.judges_aligned import judges_aligned
from sg_assets.orchestration.project import Project
from sg_assets_tests.judging.conftest import judge_folder
from sg_assets_tests.people.labelled_project import aligned, filled, labelled_home, project, sheet, taken_in

__all__ = ["judge_folder", "labelled_home", "project", "sheet"]
pytestmark = pytest.mark.slow


def test_it_passes_where_every_judge_reaches_its_bound(project: Project, sheet: Path, tmp_path: Path) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    result = judges_aligned(project).evaluate(aligned(project).manifest)
    assert result.passed
    assert "toxicity is aligned" in str(result.description)


def test_it_warns_with_the_numbers_where_one_does_not(project: Project, sheet: Path, tmp_path: Path) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv", lambda _: "yes"), "Anna")
    result = judges_aligned(project).evaluate(aligned(project).manifest)
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "toxicity is NOT ALIGNED" in str(result.description)
    assert "specificity not measured" in str(result.description)
