"""The texts that inspections read, as SQL."""

from collections.abc import Iterator

import duckdb
import pytest

from sg_assets.declarations.records.inspections import INSPECTIONS, OfTexts
from sg_assets.quality.text_columns import SEEN, count, fill, gather, ids, key_sql
from sg_assets.store.audit.staged_table import StagedTable


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("CREATE TABLE this AS SELECT * FROM (VALUES ('a', 1, 'x'), ('b', 2, NULL)) AS t(id, n, text)")
        yield opened


def duplicates(**kwargs: object) -> OfTexts:
    inspection = INSPECTIONS["duplicates"].model_validate(kwargs)
    assert isinstance(inspection, OfTexts)
    return inspection


def seen(connection: duckdb.DuckDBPyConnection, inspection: OfTexts, **values: object) -> list[tuple[str, ...]]:
    staged = StagedTable(connection, "this", ("id", "n"), {})
    assert gather(staged, inspection, values) == count(connection, SEEN)
    return connection.execute(f"SELECT * FROM {SEEN}").fetchall()


def test_a_row_is_known_by_its_key_and_missing_texts_are_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    assert seen(connection, duplicates(text="upper(text)")) == [("id=a, n=1", "X", "")]


def test_a_select_gives_ids_texts_and_sides(connection: duckdb.DuckDBPyConnection) -> None:
    select = "SELECT n AS id, id AS text, 'train' AS side FROM this WHERE n > $least"
    assert seen(connection, duplicates(texts=select, across_sides=True), least=1) == [("2", "b", "train")]


def test_without_a_key_a_row_has_no_name() -> None:
    assert key_sql(()) == "'a row'"


def test_values_that_a_select_does_not_name_are_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, "picked", "SELECT id FROM this WHERE n = $n", {"n": 2, "other": 9})
    assert ids(connection, "SELECT id FROM picked") == ["b"]
