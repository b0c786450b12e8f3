"""The step that ingests a folder of comments."""

from pathlib import Path

import polars as pl

from sg_assets.declarations.records.data import Raw, RawColumns
from sg_assets.ingest.forum_step import ingest_comments
from sg_assets_tests.store.steps import new_store, workspace


def test_comments_and_dropped_rows_are_tables_and_counts_are_details(tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "comments.csv").write_text("words\nmail me: a@b.example\nhello\nhello\n")
    lines: list[str] = []
    raw = Raw(columns=RawColumns(text=("words",)))
    with workspace(new_store(tmp_path), "raw/forum_comments raw/rejected_comments") as work:
        ingest_comments(work, folder, raw, "raw/rejected_comments", lines.append)
        comments = pl.read_parquet(work.table_file)
        rejected = pl.read_parquet(work.table_file_of("raw/rejected_comments"))
    assert sorted("@" in text for text in comments["text"]) == [False, False]
    assert rejected.select("row", "reason").rows() == [(4, "duplicate")]
    assert len(lines) == 1
    assert work.details
