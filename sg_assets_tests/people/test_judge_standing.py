"""Whether the judges behind a score are aligned: what every reader is told."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.declarations.loading import Declarations
from sg_assets.orchestration.project import Project
from sg_assets.people.judge_standing import current_standings, judge_cautions, score_standings, without_alignment
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets_tests.people.labelled_project import aligned, filled, taken_in
from sg_assets_tests.store.steps import ROWS, recipe, step, workspace, writing

pytestmark = pytest.mark.slow


@pytest.fixture
def score(project: Project) -> Manifest:
    """A score of answers that the judges of the project judged."""
    return step(project.store, "scores/sg_safety[base]", writing(ROWS), ["judgements/sg_safety[base]"]).manifest


def with_threshold(declared: Declarations, cut: float) -> Declarations:
    judges = dict(declared.judges)
    judges["toxicity"] = judges["toxicity"].model_copy(update={"thresholds": {"other": cut}, "threshold": "other"})
    return replace(declared, judges=judges)


def test_a_judge_without_labels_is_not_aligned(project: Project, score: Manifest) -> None:
    [standing] = score_standings(project.store, project.declared, score)
    assert str(standing) == (
        "The judge toxicity is NOT ALIGNED with people: it was not compared with labels of people yet; it flags"
        " is_toxic in sg_safety, template_stress."
    )
    assert current_standings(project.store, project.declared) == [standing]


def test_a_judge_that_reaches_its_bound_is_aligned(
    project: Project, score: Manifest, sheet: Path, tmp_path: Path
) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    aligned(project)
    [standing] = score_standings(project.store, project.declared, score)
    assert standing.aligned
    assert str(standing).startswith("The judge toxicity is aligned with people: sensitivity 100.0 % (")


def test_labels_say_nothing_of_another_judge_or_threshold(
    project: Project, score: Manifest, sheet: Path, tmp_path: Path
) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    aligned(project)
    [standing] = current_standings(project.store, with_threshold(project.declared, 0.9))
    assert (standing.aligned, "at threshold 0.5, not 0.9" in standing.finding) == (False, True)
    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / "judge.json").write_text("another")

    def copy(space: Workspace) -> None:
        shutil.copytree(changed, space.result_folder)

    new = recipe("new", key=())
    step(project.store, "judges/toxicity", copy, made_by=new)
    [standing] = current_standings(project.store, project.declared)
    assert (standing.aligned, "another version of it" in standing.finding) == (False, True)
    assert score_standings(project.store, project.declared, score)[
        0
    ].aligned  # the score was made by the judge compared


def test_judges_without_a_bound_are_not_spoken_of(project: Project, score: Manifest) -> None:
    labels = project.declared.profile.labels
    assert labels is not None
    without = labels.model_copy(update={"aligned": {}})
    declared = replace(project.declared, profile=project.declared.profile.model_copy(update={"labels": without}))
    assert score_standings(project.store, declared, score) == []
    none = replace(project.declared, profile=project.declared.profile.model_copy(update={"labels": None}))
    assert current_standings(project.store, none) == []


def test_a_report_says_it_before_any_number_and_reads_its_other_inputs_as_scores(
    project: Project, score: Manifest, sheet: Path, tmp_path: Path
) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv", lambda _: "no"), "Anna")
    alignment = aligned(project).manifest
    with workspace(project.store, "reports/results", alignment, score) as space:
        [caution] = judge_cautions(space, project.declared)
        assert caution.startswith("The judge toxicity is NOT ALIGNED with people: sensitivity not measured of at least")
        assert set(without_alignment(space).inputs) == {"scores/sg_safety"}
    with workspace(project.store, "reports/results", score) as space:
        assert judge_cautions(space, project.declared) == []
        assert without_alignment(space) is space
