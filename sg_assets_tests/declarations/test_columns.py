"""Columns as values."""

from sg_assets.declarations.columns import SCORE, TableColumn, column


def test_sources_are_written_as_asset_and_column() -> None:
    made = column("n", "BIGINT", "Number.", "raw/a.id", "raw/b.n")
    assert made == TableColumn("n", "BIGINT", "Number.", (("raw/a", "id"), ("raw/b", "n")))


def test_a_table_of_scores_names_no_column_twice() -> None:
    names = [known.name for known in SCORE]
    assert len(set(names)) == len(names)
