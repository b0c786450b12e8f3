"""Labels of people on the command line."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.project import Project
from sg_assets_tests.judging.conftest import judge_folder
from sg_assets_tests.people.labelled_project import filled, labelled_home, project, rows_of
from sg_assets_tests.store.steps import ROWS, recipe, step, writing

__all__ = ["judge_folder", "labelled_home", "project"]
pytestmark = pytest.mark.slow
SAMPLED = """\
not drawn from: judgements/sg_safety[sft_r128] has no version
not drawn from: judgements/sg_safety[sft_dpo] has no version
not drawn from: judgements/template_stress[base] has no version
not drawn from: judgements/template_stress[sft_r128] has no version
not drawn from: judgements/template_stress[sft_kto] has no version
not drawn from: judgements/template_stress[sft_dpo] has no version
sheet.csv: 18 answers of 80, 5 of them from all alike (sample VERSION)
by stratum: STRATA
Fill in the column `label`: yes, no or undecided - is the flag true of the answer? Change nothing else,
and save as CSV UTF-8. An apostrophe at the start of a cell keeps spreadsheets from computing it.
Then: sg-assets label import sheet.csv --annotator NAME
"""


@pytest.fixture(autouse=True)
def working_folder(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["label", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    text = re.sub(r"[0-9A-Z]{26}-[0-9a-f]{8}", "VERSION", result.stdout)
    return re.sub(r"by stratum: .*", "by stratum: STRATA", text)


def test_a_sheet_is_written_and_explained() -> None:
    assert sorted(output("sample", "toxicity", "--n", "20", "--out", "sheet.csv").splitlines()) == sorted(
        SAMPLED.replace("18 answers", f"{len(rows_of(Path('sheet.csv')))} answers").splitlines()
    )


def test_a_sheet_is_named_for_its_flag() -> None:
    output("sample", "is_toxic", "--n", "20", "--variants", "base", "--benchmark", "sg_safety")
    assert {row["variant"] for row in rows_of(Path("labels_is_toxic.csv"))} == {"base"}


def test_labels_are_taken_in_and_what_is_next_is_said() -> None:
    output("sample", "is_toxic", "--n", "20", "--out", "sheet.csv")
    rows = len(rows_of(Path("sheet.csv")))
    filled(Path("sheet.csv"), Path("anna.csv"))
    assert output("import", "anna.csv", "--annotator", "Anna") == (
        f"labels/answers: VERSION has {rows} labels more\n"
        "To compare judges with them: sg-assets backfill labels/alignment\n"
    )
    assert output("import", "anna.csv", "--annotator", "Anna") == (
        "anna.csv: taken in before as labels of this person; nothing to do\n"
    )


def test_a_sheet_in_the_way_is_left_alone() -> None:
    Path("labels_is_toxic.csv").write_text("mine")
    with pytest.raises(SgAssetsError, match="exists already"):
        output("sample", "is_toxic")
    assert Path("labels_is_toxic.csv").read_text() == "mine"


def test_status_and_why_say_which_judges_are_not_aligned(project: Project) -> None:
    sentence = "The judge toxicity is NOT ALIGNED with people: it was not compared with labels of people yet"
    status = CliRunner().invoke(app, ["status", "judges"], catch_exceptions=False).output
    assert sentence in " ".join(status.split())
    for run, rows in enumerate((ROWS, ROWS.head(1))):
        name, made_by = "scores/sg_safety[base]", recipe(f"code {run}")
        step(project.store, name, writing(rows), ["judgements/sg_safety[base]"], run_id=str(run), made_by=made_by)
    why = CliRunner().invoke(app, ["why", "scores/sg_safety[base]"], catch_exceptions=False).output
    assert sentence in " ".join(why.split())
    assert why.index("NOT ALIGNED") < 600
