"""A table made by a SELECT."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.tables.selected import select_rows
from sg_assets_tests.store.steps import ROWS, new_store, published, workspace


def test_the_select_reads_inputs_and_parameters(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with workspace(store, "raw/u", published(store, "raw/t", ROWS), least=2) as work:
        select_rows(work, "SELECT id FROM raw.t WHERE id >= $least ORDER BY id")
        assert pl.read_parquet(work.table_file)["id"].to_list() == [2, 3]


def test_an_error_of_duckdb_quotes_no_value(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with workspace(store, "raw/u", published(store, "raw/t", pl.DataFrame({"text": ["secret"]}))) as work:
        with pytest.raises(SgAssetsError, match=r"sql/raw/u\.sql: the SQL failed") as caught:
            select_rows(work, "SELECT text::INTEGER AS n FROM raw.t")
        assert "secret" not in str(caught.value)
