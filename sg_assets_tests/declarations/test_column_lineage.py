"""The columns behind a column of a SELECT."""

from sg_assets.declarations.column_lineage import column_sources
from sg_assets.declarations.columns import column
from sg_assets.declarations.sql import parse_query

TABLES = {
    "raw/a": (column("id", "VARCHAR", ""), column("text", "VARCHAR", "")),
    "raw/b": (column("id", "VARCHAR", ""), column("n", "BIGINT", "")),
}


def sources(select: str, *names: str) -> dict[str, tuple[tuple[str, str], ...]]:
    return column_sources(parse_query(select, where="here"), names, TABLES)


def test_a_computed_column_has_every_column_it_is_computed_from() -> None:
    given = sources("SELECT a.text || b.n::VARCHAR AS both FROM raw.a AS a JOIN raw.b AS b USING (id)", "both")
    assert given == {"both": (("raw/a", "text"), ("raw/b", "n"))}


def test_columns_that_only_choose_rows_do_not_count() -> None:
    given = sources("SELECT a.text FROM raw.a AS a JOIN raw.b AS b ON a.id = b.id WHERE b.n > 1", "text")
    assert given == {"text": (("raw/a", "text"),)}


def test_a_column_is_followed_through_a_common_table() -> None:
    given = sources("WITH c AS (SELECT text AS inner_text FROM raw.a) SELECT upper(inner_text) AS loud FROM c", "loud")
    assert given == {"loud": (("raw/a", "text"),)}


def test_a_constant_comes_from_no_column() -> None:
    assert sources("SELECT 1 AS x FROM raw.a", "x") == {"x": ()}


def test_names_are_compared_without_case() -> None:
    assert sources('SELECT ID AS "Key" FROM raw.a', "Key") == {"Key": (("raw/a", "id"),)}
