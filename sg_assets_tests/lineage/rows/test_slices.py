"""Where changed rows are concentrated."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.lineage.rows.slices import Slice
from sg_assets_tests.lineage.rows.tables import OLD, diff


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_where_changes_are_concentrated_is_told_with_lift(folder: Path) -> None:
    joke = pl.col("template_id") == "joke"
    row_changes = diff(folder, OLD, OLD.with_columns(prompt=pl.when(joke).then(pl.lit("x")).otherwise("prompt")))
    [concentrated] = row_changes.slices
    assert concentrated == Slice("changed", "template_id", "joke", rows=20, share=1.0, lift=5.0)


def test_changes_spread_like_the_rows_are_not_over_represented(folder: Path) -> None:
    assert diff(folder, OLD, OLD.with_columns(n=pl.col("n") + 1)).slices == ()


def test_a_few_rows_are_no_slice_however_concentrated(folder: Path) -> None:
    few = pl.col("n").is_between(80, 83)
    assert diff(folder, OLD, OLD.with_columns(prompt=pl.when(few).then(pl.lit("x")).otherwise("prompt"))).slices == ()


def test_a_column_of_sentences_is_no_slice(folder: Path) -> None:
    spoken = OLD.with_columns(answer=pl.when(pl.col("n") < 10).then(pl.lit("not so nice")).otherwise(pl.lit("ok then")))
    row_changes = diff(folder, spoken, spoken.with_columns(n=pl.when(pl.col("n") < 10).then(-1).otherwise("n")))
    assert {concentrated.column for concentrated in row_changes.slices} <= {"template_id"}
