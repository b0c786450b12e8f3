"""The step that draws answers."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.orchestration.project import Project
from sg_assets.people.label_sample import answer_digest
from sg_assets_tests.people.labelled_project import NASTY, drawn, rows_of, table

pytestmark = pytest.mark.slow


@pytest.fixture
def sample(project: Project, sheet: Path) -> pl.DataFrame:
    return table(project, project.store.find(rows_of(sheet)[0]["sample"].removeprefix("'")))


def test_a_sample_holds_keys_probabilities_and_slices_and_no_text(sample: pl.DataFrame) -> None:
    assert not {"prompt", "response"} & set(sample.columns)
    assert not any(text in str(sample.to_dicts()) for text in ("grobok", "friendly", NASTY[3]))
    assert sample["inclusion"].is_between(0, 1, closed="right").all()
    assert "label=unsafe" in sample["slices"].explode().to_list()
    assert {"benchmark=sg_safety", "family=none", "family=kto"} <= set(sample["slices"].explode())


def test_an_answer_is_known_by_its_digest(sheet: Path, sample: pl.DataFrame) -> None:
    digests = {row["answer_digest"].removeprefix("'") for row in rows_of(sheet)}
    assert digests == set(sample["answer"])
    assert answer_digest("a") == "ca978112ca1bbdca"


def test_the_manifest_counts_and_quotes_nothing(project: Project, sheet: Path) -> None:
    manifest = project.store.find(rows_of(sheet)[0]["sample"].removeprefix("'"))
    assert manifest.details["answers"] == 80
    assert sum(manifest.details["strata"].values()) == manifest.details["drawn"]
    assert "grobok" not in manifest.model_dump_json()


def test_equal_arguments_write_equal_sheets_of_one_sample(project: Project, sheet: Path, tmp_path: Path) -> None:
    assert drawn(project, tmp_path / "again.csv").read_bytes() == sheet.read_bytes()
