"""A SELECT reads assets and its own common tables, and nothing else."""

import pytest

from sg_assets.declarations.sql import parse_query
from sg_assets.errors import SgAssetsError

FILE = "sql/templated/extra.sql"
READS_MORE = [
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "FROM 'https://example.com/a.parquet'",
    "FROM read_text('/etc/passwd')",
    "FROM read_blob('/etc/passwd')",
    "FROM read_csv('/etc/passwd')",
    "FROM read_csv_auto(['/etc/passwd'])",
    "FROM read_parquet('x.parquet')",
    "FROM parquet_metadata('x.parquet')",
    "FROM read_json_auto('x.json')",
    "FROM read_duckdb('x.db')",
    "FROM sniff_csv('/etc/passwd')",
    "FROM glob('/etc/*')",
    "FROM query('FROM raw.t')",
    "FROM query_table('raw.t')",
    "FROM json_execute_serialized_sql('{}')",
    "FROM duckdb_settings()",
    "FROM pragma_version()",
    "FROM main.read_text('/etc/passwd')",
    "SELECT * FROM raw.t, LATERAL read_text(t.a)",
    "SELECT * FROM raw.t, LATERAL (FROM read_text('/etc/passwd'))",
    "SELECT a, (SELECT content FROM read_text('/etc/passwd')) AS b FROM raw.t",
    "SELECT a FROM raw.t WHERE EXISTS (FROM glob('/etc/*'))",
    "SELECT a FROM raw.t ORDER BY (SELECT count(*) FROM '/etc/passwd')",
    "WITH x AS (FROM read_text('/etc/passwd')) FROM x",
    # A common table elsewhere lends its name to no other scope.
    "SELECT * FROM (WITH \"/etc/passwd\" AS (SELECT 1 AS a) FROM \"/etc/passwd\"), \"/etc/passwd\"",
    "SELECT * FROM passwd, (WITH passwd AS (SELECT 1 AS a) FROM passwd)",
    "SELECT (WITH x AS (SELECT 1 AS a) SELECT a FROM x) AS b FROM x",
    "WITH x AS (WITH y AS (SELECT 1 AS a) FROM y) SELECT * FROM x, y",
    "WITH x AS (FROM y), y AS (SELECT 1 AS a) FROM x",
    "WITH passwd AS (FROM passwd) FROM passwd",
    "WITH x AS (FROM raw.t) SELECT * FROM x AS passwd, passwd",
    "SELECT * FROM raw.t AS x, x",
    "(WITH x AS (SELECT 1 AS a) FROM x) UNION ALL FROM x",
    "FROM frame",
    "FROM information_schema.tables",
    "FROM INFORMATION_SCHEMA.columns",
    "FROM pg_catalog.pg_class",
    "FROM main.sqlite_master",
    "FROM temp.x",
    "FROM memory.raw.t",
    "FROM system.main.duckdb_tables",
    'FROM raw."/etc/passwd"',
    'FROM "/etc".passwd',
    'FROM "raw/t".u',
    "FROM a.b.c.d",
    "FROM (SHOW TABLES)",
    "FROM this",
]  # fmt: skip


@pytest.mark.parametrize("text", READS_MORE)
def test_what_is_neither_an_asset_nor_in_scope_is_refused_by_its_line(text: str) -> None:
    with pytest.raises(SgAssetsError, match=r"extra\.sql, line 2, column \d+: .*(is not an asset|reads)"):
        parse_query(f"-- description: x\n{text}", where=FILE)


READS = {
    "WITH x AS (FROM raw.t) FROM X": ["raw/t"],
    "WITH x AS (FROM raw.t), y AS (FROM x) SELECT * FROM x, y, raw.u": ["raw/t", "raw/u"],
    "WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL FROM x) FROM x": [],
    "WITH raw AS (SELECT 1 AS a) SELECT * FROM raw, raw.t": ["raw/t"],
    "SELECT * FROM (WITH x AS (FROM raw.t) FROM x), (WITH x AS (FROM raw.u) FROM x)": ["raw/t", "raw/u"],
    "WITH x AS (FROM raw.t) SELECT (SELECT max(a) FROM x) AS a": ["raw/t"],
    "WITH x AS (FROM raw.t) FROM x UNION ALL FROM x": ["raw/t"],
    "FROM raw.t, LATERAL (SELECT t.a + 1 AS b)": ["raw/t"],
    "FROM raw.t, unnest(t.a), range(3), generate_series(1, 2)": ["raw/t"],
    "FROM (VALUES (1, 2)) AS x(a, b)": [],
    "FROM raw.t SEMI JOIN raw.u USING (a) ANTI JOIN raw.v USING (a)": ["raw/t", "raw/u", "raw/v"],
    "FROM raw.t ASOF JOIN raw.u USING (a)": ["raw/t", "raw/u"],
    "FROM (raw.t JOIN raw.u USING (a))": ["raw/t", "raw/u"],
    "SELECT a FROM raw.t WHERE a IN (FROM raw.u)": ["raw/t", "raw/u"],
    "SELECT a FROM raw.t QUALIFY a = (SELECT max(a) FROM raw.u)": ["raw/t", "raw/u"],
    "TABLE raw.t": ["raw/t"],
}


@pytest.mark.parametrize("text", READS)
def test_names_are_followed_through_their_scopes(text: str) -> None:
    assert list(parse_query(text, where=FILE).tables) == READS[text]


def test_a_condition_may_read_the_table_that_it_is_about() -> None:
    assert parse_query("SELECT (a > 1) FROM this", where="here", local=["this"]).tables == ()
