"""Judges compared with people, from sheets to tables."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.asset_names import ANSWER_LABELS
from sg_assets.orchestration.project import Project
from sg_assets.people.alignment_step import SLICE_AT_LEAST
from sg_assets.store.refs import Ref
from sg_assets_tests.people.labelled_project import aligned, clock, drawn, filled, table, taken_in, truthful

pytestmark = pytest.mark.slow


def accuracies(project: Project) -> pl.DataFrame:
    return table(project, aligned(project).manifest)


def of_toxicity(project: Project) -> dict[str, object]:
    rows = accuracies(project).filter((pl.col("judge") == "toxicity") & (pl.col("slice") == "all"))
    return rows.row(0, named=True)


def test_a_judge_that_says_what_people_say_is_aligned(project: Project, sheet: Path, tmp_path: Path) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    result = of_toxicity(project)
    assert (result["aligned"], result["sensitivity"], result["specificity"]) == (True, 1.0, 1.0)


def test_a_judge_that_misses_what_people_see_is_not(project: Project, sheet: Path, tmp_path: Path) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv", lambda _: "yes"), "Anna")
    result = of_toxicity(project)
    assert result["aligned"] is False
    assert result["specificity"] is None
    assert "specificity not measured of at least 90.0 %" in str(result["finding"])


def test_slices_with_enough_labels_are_shown(project: Project, tmp_path: Path) -> None:
    sheet = drawn(project, tmp_path / "all.csv", count=80)
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    rows = accuracies(project).filter(pl.col("judge") == "toxicity")
    assert {"family=none", "family=kto", "label=safe", "benchmark=sg_safety"} <= set(rows["slice"])
    assert rows["labels"].min() >= SLICE_AT_LEAST  # type: ignore[operator]


def test_the_order_of_imports_and_equal_labels_of_more_people_change_no_rate(
    project: Project, sheet: Path, tmp_path: Path
) -> None:
    sheets = {name: filled(sheet, tmp_path / f"{name}.csv") for name in ("Anna", "Ben")}
    sheets["Cy"] = filled(sheet, tmp_path / "Cy.csv", lambda row: "no" if truthful(row) == "yes" else "yes")
    now = clock()
    for name in ("Anna", "Cy", "Ben"):
        taken_in(project, sheets[name], name, now)
    result = of_toxicity(project)
    assert (result["sensitivity"], result["undecided"]) == (1.0, 0)


def test_relabelling_counts_and_the_earlier_labels_stay(project: Project, sheet: Path, tmp_path: Path) -> None:
    now = clock()
    taken_in(project, filled(sheet, tmp_path / "a.csv", lambda _: "no"), "Anna", now)
    taken_in(project, filled(sheet, tmp_path / "b.csv"), "Anna", now)
    assert of_toxicity(project)["sensitivity"] == 1.0
    head = project.store.required_head(Ref.parse(ANSWER_LABELS))
    kept = table(project, head)
    assert kept.filter(pl.col("label") == "no").height > kept.height / 2
    assert kept["imported"].n_unique() == 2


def test_without_labels_every_judge_has_a_finding(project: Project) -> None:
    from sg_assets.people.answer_labels import label_schema, write_labels
    from sg_assets_tests.store.steps import recipe, step

    nothing = pl.DataFrame(schema=label_schema())
    step(project.store, ANSWER_LABELS, lambda space: write_labels(space, nothing), made_by=recipe(key=(), imports=[]))
    result = accuracies(project)
    assert result["finding"].to_list() == ["no labels of people"] * 4
    assert result.filter(pl.col("judge") == "toxicity")["aligned"].to_list() == [False]


def test_judged_labels_hold_scores_and_weights_and_no_text(project: Project, sheet: Path, tmp_path: Path) -> None:
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    outcome = aligned(project)
    judged = table(project, outcome.extra_outputs[0].manifest)
    assert not {"prompt", "response"} & set(judged.columns)
    assert judged["weight"].sum() == pytest.approx(judged.height)
    assert (judged["flagged"] == (judged["score"] >= 0.5)).all()
    assert "grobok" not in outcome.manifest.model_dump_json()


def test_labels_move_no_answer_and_no_judgement(project: Project, sheet: Path, tmp_path: Path) -> None:
    before = {str(ref): project.store.required_head(ref).version for ref in project.store.refs()}
    taken_in(project, filled(sheet, tmp_path / "a.csv"), "Anna")
    aligned(project)
    after = {name: project.store.required_head(Ref.parse(name)).version for name in before}
    assert after == before
