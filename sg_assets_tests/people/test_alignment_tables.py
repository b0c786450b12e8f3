"""Judges compared with people, as tables of the UI."""

from pathlib import Path

import polars as pl

from sg_assets.people.alignment_tables import accuracy_table, agreement_table

ROW = {"flag": "is_toxic", "judge": "toxicity", "slice": "all", "labels": 40, "sensitivity": 0.9,
       "sensitivity_low": 0.8, "sensitivity_high": 0.95, "specificity": None, "specificity_low": None,
       "specificity_high": None, "aligned": False}  # fmt: skip


def test_a_judge_that_is_not_aligned_stands_out(tmp_path: Path) -> None:
    slices = [{**ROW, "slice": "a|b=c", "aligned": None}, ROW]
    pl.DataFrame(slices).write_parquet(tmp_path / "t.parquet")
    lines = accuracy_table(tmp_path / "t.parquet").splitlines()
    assert lines[2] == ("| is_toxic | toxicity | all | 40 | 90.0% (80.0% to 95.0%) | not measured | **not aligned** |")
    assert "a\\|b=c" in lines[3]


def test_two_people_have_their_kappa(tmp_path: Path) -> None:
    row = {"flag": "f", "annotator": "A", "other_annotator": "B", "answers": 9, "agreement": 0.8,
           "agreement_low": 0.7, "agreement_high": 0.9, "kappa": 0.61, "kappa_low": 0.5, "kappa_high": 0.7}  # fmt: skip
    alone = {**row, "kappa": None, "kappa_low": None, "kappa_high": None, "other_annotator": "C"}
    pl.DataFrame([row, alone]).write_parquet(tmp_path / "t.parquet")
    lines = agreement_table(tmp_path / "t.parquet").splitlines()
    assert lines[2] == "| f | A | B | 9 | 80.0% (70.0% to 90.0%) | 0.61 (0.50 to 0.70) |"
    assert lines[3].endswith("| none: one label alone |")
