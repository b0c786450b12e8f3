"""A table of declared rows."""

from pathlib import Path

import polars as pl

from sg_assets.tables.declared import write_rows
from sg_assets_tests.store.steps import new_store, workspace


def test_rows_are_written_as_declared_and_in_their_order(tmp_path: Path) -> None:
    rows = [{"id": "b", "safe_ok": True}, {"id": "a", "safe_ok": False}]
    with workspace(new_store(tmp_path), "templated/templates") as work:
        write_rows(work, rows)
        assert pl.read_parquet(work.table_file).to_dicts() == rows
