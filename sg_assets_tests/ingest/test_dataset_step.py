"""The step that makes a table of a mirrored dataset."""

from pathlib import Path

import polars as pl

from sg_assets.declarations.records.dataset import DatasetColumn
from sg_assets.ingest.dataset_step import read_mirror
from sg_assets.store.step import Workspace
from sg_assets_tests.store.steps import new_store, recipe, step, workspace


def test_the_declared_columns_of_the_files_are_the_table(tmp_path: Path) -> None:
    def write(work: Workspace) -> None:
        work.result_folder.mkdir()
        (work.result_folder / "a.csv").write_text("text,other\nhello,1\n")

    store = new_store(tmp_path)
    mirror = step(store, "mirrors/d", write, made_by=recipe(key=())).manifest
    with workspace(store, "datasets/d", mirror) as work:
        read_mirror(work, "mirrors/d", {"prompt": DatasetColumn(column="text")})
        assert pl.read_parquet(work.table_file).rows() == [(1, "hello")]
