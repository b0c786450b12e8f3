"""The step that takes sentences out of TOXIGEN's prompt files."""

from pathlib import Path

import polars as pl

from sg_assets.demo.toxigen_files import write_prompt_files
from sg_assets.ingest.toxigen_sentences_step import ingest_sentences
from sg_assets_tests.store.steps import new_store, workspace


def test_both_labels_of_every_group_have_sentences(tmp_path: Path) -> None:
    write_prompt_files(tmp_path / "prompts", 0, 4)
    with workspace(new_store(tmp_path), "raw/toxigen_sentences") as work:
        ingest_sentences(work, tmp_path / "prompts", lambda _: None)
        taken = pl.read_parquet(work.table_file)
        assert work.details["sentences"] == taken.height
    assert taken.select("group", "label").unique().height == 26
