"""The step that samples TOXIGEN's prompt files."""

from pathlib import Path

import polars as pl

from sg_assets.demo.toxigen_files import write_prompt_files
from sg_assets.ingest.toxigen_step import ingest_prompts
from sg_assets_tests.store.steps import new_store, workspace


def taken(tmp_path: Path, per_file: int | None) -> pl.DataFrame:
    folder = tmp_path / "prompts"
    folder.mkdir(exist_ok=True)
    write_prompt_files(folder, 0, 4)
    with workspace(new_store(tmp_path), "raw/toxigen_prompts") as work:
        ingest_prompts(work, folder, 0, per_file, lambda _: None)
        frame = pl.read_parquet(work.table_file)
        assert work.details["taken"] == frame.height
    return frame


def test_of_each_label_and_group_as_many_are_taken_as_asked_for(tmp_path: Path) -> None:
    counts = taken(tmp_path, 2).group_by("label", "group").len()["len"]
    assert counts.unique().to_list() == [2]
    assert len(counts) == 26


def test_without_a_number_all_are_taken(tmp_path: Path) -> None:
    assert taken(tmp_path, None).height > taken(tmp_path, 2).height
