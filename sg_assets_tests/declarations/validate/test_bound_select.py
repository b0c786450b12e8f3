"""The columns of a SELECT, bound to empty tables."""

from collections.abc import Iterator

import duckdb
import pytest

from sg_assets.declarations.sql import parse_query
from sg_assets.declarations.validate.bound_select import as_stored, bound_columns, require_names
from sg_assets.errors import SgAssetsError
from sg_assets.store.engine import confine, connect

FILE = "sql/templated/extra.sql"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as opened:
        confine(opened)
        opened.execute("CREATE SCHEMA raw")
        for table in ("t", "u"):
            opened.execute(f"CREATE VIEW raw.{table} AS SELECT NULL::INTEGER AS id, NULL::VARCHAR AS a WHERE false")
        yield opened


def stored(connection: duckdb.DuckDBPyConnection, text: str) -> dict[str, str]:
    query = parse_query(text, where=FILE)
    columns = bound_columns(connection, query, {}, FILE, ["id", "a"])
    require_names(query, columns, FILE)
    return as_stored(query, columns, FILE)[1]


UNNAMED = [
    "SELECT count(*) FROM raw.t", "SELECT id + 1 FROM raw.t", "SELECT id::BIGINT FROM raw.t", "SELECT 1",
    "SELECT 'x', id FROM raw.t", "SELECT CASE WHEN id > 1 THEN 1 END FROM raw.t", "SELECT unnest([1, 2])",
    "SELECT {'a': 1}", "SELECT id, (SELECT max(id) FROM raw.u) FROM raw.t", "SELECT $$x$$", "SELECT -id FROM raw.t",
    "SELECT count(*) FROM raw.t UNION ALL SELECT 1",
]  # fmt: skip


@pytest.mark.parametrize("text", UNNAMED)
def test_a_column_without_a_name_is_refused(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    with pytest.raises(SgAssetsError, match=r"extra\.sql.*has no name.*AS name"):
        stored(connection, text)


REPEATED = [
    "SELECT t.*, u.* FROM raw.t AS t JOIN raw.u AS u USING (id)", "SELECT id, id FROM raw.t",
    "SELECT id AS x, a AS X FROM raw.t", "SELECT *, id FROM raw.t", "SELECT t.id, u.id FROM raw.t, raw.u",
    "SELECT * FROM raw.t, raw.u", "SELECT 1 AS x, * FROM (SELECT 2 AS x)", "FROM raw.t JOIN raw.u ON t.id = u.id",
]  # fmt: skip


@pytest.mark.parametrize("text", REPEATED)
def test_a_name_that_two_columns_have_is_refused(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    with pytest.raises(SgAssetsError, match=r"extra\.sql.*gives 2 columns"):
        stored(connection, text)


def test_a_repeated_name_is_looked_for_below_the_header(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(SgAssetsError, match=r"extra\.sql, line 2, column \d+: gives 2 columns 'id'"):
        stored(connection, "-- key: id\nSELECT t.*, u.* FROM raw.t AS t JOIN raw.u AS u ON t.id = u.id")


PATTERNS = [
    "SELECT COLUMNS('i.*') FROM raw.t", "SELECT COLUMNS(*) FROM raw.t", "SELECT min(COLUMNS(*)) FROM raw.t",
    "SELECT COLUMNS(lambda c: c LIKE 'i%') FROM raw.t", "SELECT * LIKE 'i%' FROM raw.t",
    "SELECT COLUMNS(*)::VARCHAR FROM raw.t",
]  # fmt: skip


@pytest.mark.parametrize("text", PATTERNS)
def test_a_pattern_of_columns_is_refused_by_its_line(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    with pytest.raises(SgAssetsError, match=r"extra\.sql, line 1, column \d+: .*columns that are not written"):
        stored(connection, text)


def test_a_column_that_no_file_keeps_is_cast_and_noted(connection: duckdb.DuckDBPyConnection) -> None:
    query = parse_query("SELECT a, sum(id) AS n FROM raw.t GROUP BY a -- all", where=FILE)
    cast, types = as_stored(query, bound_columns(connection, query, {}, FILE, []), FILE)
    assert types == {"a": "VARCHAR", "n": "BIGINT"}
    assert cast.notes == {"stored_as_other_types": ["n: HUGEINT stored as BIGINT"]}
    assert [str(type_) for type_ in connection.sql(cast.text).types] == ["VARCHAR", "BIGINT"]
    assert cast.tables == query.tables


def test_a_select_whose_columns_are_kept_stays_as_it_is(connection: duckdb.DuckDBPyConnection) -> None:
    query = parse_query("SELECT a, id FROM raw.t", where=FILE)
    assert as_stored(query, bound_columns(connection, query, {}, FILE, []), FILE)[0] is query


def test_a_sum_beyond_the_numbers_that_are_kept_fails_and_is_not_rounded(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    query = parse_query("SELECT sum(x) AS n FROM (VALUES (9223372036854775807), (1)) AS v(x)", where=FILE)
    cast, _ = as_stored(query, bound_columns(connection, query, {}, FILE, []), FILE)
    with pytest.raises(duckdb.ConversionException):
        connection.sql(cast.text).fetchall()


@pytest.mark.parametrize(
    ("column", "remedy"), [("INTERVAL 1 DAY", "epoch"), ("NULL", "b::VARCHAR"), ("(1, 2)", "struct with names")]
)
def test_a_column_that_loses_values_is_refused_with_what_to_write(
    connection: duckdb.DuckDBPyConnection, column: str, remedy: str
) -> None:
    with pytest.raises(SgAssetsError, match=rf"extra\.sql, line 2, column \d+: the column 'b' is .*{remedy}"):
        stored(connection, f"SELECT id,\n{column} AS b FROM raw.t")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT id,\nnope AS b FROM raw.t", r"line 2: unknown column 'nope'"),
        ("SELECT id,\nnofunc(id) AS b FROM raw.t", "line 2: DuckDB rejects the SQL.*nofunc"),
        ("SELECT rowid AS b FROM raw.t", "unknown column 'rowid'"),
        ("SELECT id,\nsum(a) AS b FROM raw.t", "line 2: DuckDB rejects the SQL"),
        ("SELECT 1 AS a,\nmax(id AS b FROM raw.t", "line 2: DuckDB rejects the SQL.*syntax error"),
        (f"SELECT {'+'.join(['1'] * 5_000)} AS b", "DuckDB rejects the SQL.*depth"),
    ],
)
def test_what_does_not_bind_is_refused_by_its_line(
    connection: duckdb.DuckDBPyConnection, text: str, message: str
) -> None:
    with pytest.raises(SgAssetsError, match=message):
        stored(connection, text)
