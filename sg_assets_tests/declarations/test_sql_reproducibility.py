"""Equal inputs give equal rows, or the header says that they do not."""

from pathlib import Path

import duckdb
import pytest

from sg_assets.declarations.sql import SqlAsset, parse_query, read_sql_asset
from sg_assets.declarations.sql_reproducibility import CHANCE, CLOCK, SESSION
from sg_assets.errors import SgAssetsError

FILE = "sql/templated/extra.sql"
VARYING = [
    "random() AS a", "RANDOM() AS a", "uuid() AS a", "gen_random_uuid() AS a", "uuidv7() AS a", "main.random() AS a",
    "x.random() AS a", '"random"() AS a', "random ( ) AS a", "now() AS a", "today() AS a", "current_date AS a",
    "current_date() AS a", "current_timestamp AS a", "CURRENT_TIME AS a", "localtimestamp AS a", "localtime AS a",
    "get_current_timestamp() AS a", "transaction_timestamp() AS a", "age(x) AS a", "ago(INTERVAL 1 DAY) AS a",
    "reservoir_quantile(x, 0.5) AS a", "first(x) AS a", "last(x) AS a", "any_value(x) AS a", "arbitrary(x) AS a",
    "list(x) AS a", "array_agg(x) AS a", "array_agg(DISTINCT x) AS a", "string_agg(x, ',') AS a",
    "group_concat(x) AS a", "listagg(x, ',') AS a", "json_group_array(x) AS a", "json_group_object(x, y) AS a",
    "list(x) FILTER (y > 1) AS a", "x.list() AS a", "approx_quantile(x, 0.5) AS a", "approx_top_k(x, 2) AS a",
    "row_number() OVER () AS a", "row_number() OVER (PARTITION BY y) AS a", "ntile(4) OVER () AS a",
    "lag(x) OVER (PARTITION BY y) AS a", "lead(x) OVER () AS a", "first_value(x) OVER () AS a",
    "last_value(x IGNORE NULLS) OVER () AS a", "nth_value(x, 2) OVER () AS a", "list(x) OVER (PARTITION BY y) AS a",
    "sum(x) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS a", "ARRAY(SELECT x FROM raw.u) AS a",
    "(SELECT x FROM raw.u LIMIT 1) AS a", "list_transform(list(x), y -> y) AS a", "list(x)[1] AS a",
]  # fmt: skip
VARYING_ROWS = [
    "LIMIT 3", "LIMIT 3 OFFSET 2", "OFFSET 2", "FETCH FIRST 3 ROWS ONLY", "USING SAMPLE 3", "USING SAMPLE 10%",
    "USING SAMPLE reservoir(3 ROWS) REPEATABLE (1)", "TABLESAMPLE 10%", "POSITIONAL JOIN raw.u",
    "WHERE x < random()", "ORDER BY random()", "GROUP BY x HAVING first(y) > 1", "QUALIFY row_number() OVER () < 3",
    "QUALIFY row_number() OVER w < 3 WINDOW w AS (PARTITION BY y)",
]  # fmt: skip
STEADY = [
    "random AS a", "'random()' AS a", "x AS now", "t.current_date AS a", "age(x, y) AS a", "first(x ORDER BY y) AS a",
    "list(x ORDER BY x) AS a", "list(DISTINCT x ORDER BY x) AS a", "string_agg(x, ',' ORDER BY y) AS a",
    "listagg(x, ',') WITHIN GROUP (ORDER BY y) AS a", "list(x ORDER BY y) FILTER (y > 1) AS a",
    "list_sort(list(x)) AS a", "len(list(DISTINCT x)) AS a", "list_sort(list_distinct(list(x))) AS a",
    "row_number() OVER (ORDER BY y) AS a", "lag(x) OVER (PARTITION BY z ORDER BY y) AS a", "rank() OVER () AS a",
    "count(*) OVER () AS a", "sum(x) OVER (PARTITION BY y) AS a", "first_value(x) OVER (ORDER BY y) AS a",
    "list(x) OVER (ORDER BY y) AS a", "ARRAY(SELECT x FROM raw.u ORDER BY x) AS a", "max(x) AS a",
    "(SELECT x FROM raw.u ORDER BY x LIMIT 1) AS a", "EXISTS (SELECT 1 FROM raw.u LIMIT 1) AS a",
    "sample_rank('a', $seed, x) AS a", "/* random() */ 1 AS a", "[1, 2] AS a", "list_value(1, 2) AS a",
]  # fmt: skip
STEADY_ROWS = [
    "ORDER BY x LIMIT 3", "ORDER BY ALL LIMIT 3 OFFSET 2", "LIMIT 0", "ORDER BY x FETCH FIRST 3 ROWS ONLY",
    "QUALIFY row_number() OVER w < 3 WINDOW w AS (PARTITION BY y ORDER BY x)",
    "QUALIFY row_number() OVER (w) < 3 WINDOW v AS (), w AS (ORDER BY x)",
]  # fmt: skip


@pytest.mark.parametrize(
    "text", [*(f"SELECT {column} FROM raw.t" for column in VARYING), *(f"FROM raw.t {rows}" for rows in VARYING_ROWS)]
)
def test_what_varies_is_refused_by_its_line_or_declared(text: str) -> None:
    text = f"-- description: x\n{text}"
    with pytest.raises(SgAssetsError, match=r"extra\.sql, line 2, column \d+: .*Equal inputs must give equal rows"):
        parse_query(text, where=FILE)
    assert parse_query(text, where=FILE, may_vary=True).varying


@pytest.mark.parametrize(
    "text", [*(f"SELECT {column} FROM raw.t" for column in STEADY), *(f"FROM raw.t {rows}" for rows in STEADY_ROWS)]
)
def test_what_has_an_order_is_no_chance(text: str) -> None:
    assert parse_query(text, where=FILE).notes == {}


def test_distinct_on_wants_an_order() -> None:
    with pytest.raises(SgAssetsError, match="DISTINCT ON without ORDER BY"):
        parse_query("SELECT DISTINCT ON (x) x, y FROM raw.t", where=FILE)
    assert parse_query("SELECT DISTINCT ON (x) x, y FROM raw.t ORDER BY x, y", where=FILE).notes == {}


@pytest.mark.parametrize(
    "call",
    ["getenv('HOME')", "current_setting('threads')", "getvariable('x')", "version()", "nextval('x')", "setseed(0.5)",
     "txid_current()", "current_user", "write_log('x')"],
)  # fmt: skip
def test_the_process_is_never_read(call: str) -> None:
    with pytest.raises(SgAssetsError, match="reads the process, not data"):
        parse_query(f"SELECT {call} AS a FROM raw.t", where=FILE, may_vary=True)


def test_every_function_that_duckdb_calls_volatile_is_known() -> None:
    rows = duckdb.connect().execute(
        "SELECT DISTINCT function_name FROM duckdb_functions() "
        "WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY') AND function_type = 'scalar'"
    )
    # error() raises the same error at each run.
    assert {name for (name,) in rows.fetchall()} - {"error"} <= SESSION | CLOCK | CHANCE


def test_a_condition_may_take_the_value_that_a_key_has() -> None:
    condition = "SELECT (a = (SELECT any_value(t.a) FROM raw.t WHERE t.id = this.id)) FROM this"
    assert parse_query(condition, where="here", local=["this"]).notes == {}
    with pytest.raises(SgAssetsError, match="first without ORDER BY"):
        parse_query(condition.replace("any_value", "first"), where="here", local=["this"])


def asset(root: Path, header: str, select: str = "SELECT a, random() AS b FROM raw.t") -> SqlAsset:
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"-- description: x\n-- key: a\n{header}{select}\n")
    return read_sql_asset(path, root)


def test_a_table_declared_as_not_reproducible_says_so(tmp_path: Path) -> None:
    query = asset(tmp_path, "-- reproducible: false\n").query
    assert query.notes == {"not_reproducible": ["random draws by chance"]}
    assert asset(tmp_path, "-- reproducible: true\n", "SELECT a FROM raw.t").query.notes == {}


def test_what_is_declared_without_a_cause_that_is_seen_counts_all_the_same(tmp_path: Path) -> None:
    query = asset(tmp_path, "-- reproducible: false\n", "SELECT avg(a) AS a FROM raw.t").query
    assert query.notes == {"not_reproducible": ["declared in the header"]}


@pytest.mark.parametrize("value", ["no", "False", "0"])
def test_it_is_declared_in_no_other_words(tmp_path: Path, value: str) -> None:
    with pytest.raises(SgAssetsError, match=r"line 3: unknown reproducible '"):
        asset(tmp_path, f"-- reproducible: {value}\n")


@pytest.mark.parametrize("condition", ["a > random()", "a < now()", "a = (SELECT b FROM raw.t LIMIT 1)"])
def test_a_check_never_varies(tmp_path: Path, condition: str) -> None:
    with pytest.raises(SgAssetsError, match=r"extra\.sql, line 4, check steady: "):
        asset(tmp_path, f"-- reproducible: false\n-- check steady: {condition}\n")
