"""A column is read back as the type that it was declared with, for every type of DuckDB."""

from pathlib import Path

import duckdb
import pytest

from sg_assets.declarations.storable_types import cast_to_write, storable

VALUES = {
    "BIGINT": "1", "BIGNUM": "12345678901234567890123", "BIT": "'0101'", "BLOB": r"'\xAA'", "BOOLEAN": "true",
    "DATE": "'2024-02-29'", "DECIMAL(4,1)": "1.5", "DECIMAL(38,0)": "1", "DECIMAL(38,10)": "1.5", "DOUBLE": "0.1",
    "ENUM('a', 'b')": "'a'", "FLOAT": "0.1", "HUGEINT": "7", "INTEGER": "1", "JSON": "'{\"a\": [1]}'", "SMALLINT": "1",
    "TIME": "'12:00:00.123456'", "TIMESTAMP": "'2024-02-29 12:00:00.123456'", "TIMESTAMPTZ": "'2024-02-29 12:00+08'",
    "TIMESTAMPTZ_NS": "'2024-02-29 12:00:00.123456789+08'",
    "TIMESTAMP_MS": "'2024-02-29 12:00:00.123'", "TIMESTAMP_NS": "'2024-02-29 12:00:00.123456789'",
    "TIMESTAMP_S": "'2024-02-29 12:00:00'", "TIME_NS": "'12:00:00.123456789'", "TINYINT": "1", "UBIGINT": "1",
    "UHUGEINT": "7", "UINTEGER": "1", "USMALLINT": "1", "UTINYINT": "1", "VARCHAR": "'a'",
    "UUID": "'00000000-0000-0000-0000-000000000001'", "INTEGER[]": "[1, 2]", "INTEGER[2]": "[1, 2]",
    "HUGEINT[]": "[1, 2]", "HUGEINT[2][]": "[[1, 2]]", "ENUM('a', 'b')[]": "['a']",
    'STRUCT(a HUGEINT, "b c" ENUM(\'x\'))': "{'a': 1, 'b c': 'x'}",
    "STRUCT(a VARCHAR, b INTEGER[])": "{'a': 'x', 'b': [1]}",
    "MAP(VARCHAR, HUGEINT)": "MAP {'a': 1}",
}  # fmt: skip
"""A value of each type that can be stored, as itself or cast."""
REFUSED = {
    "INTERVAL": "INTERVAL 1 DAY", "TIMETZ": "'12:00:00+08'::TIMETZ", "VARIANT": "1::VARIANT", '"NULL"': "NULL",
    "UNION(n INTEGER, s VARCHAR)": "union_value(n := 1)", "GEOMETRY": "NULL::GEOMETRY", "TUPLE": "(1, 2)",
    "INTERVAL[]": "[INTERVAL 1 DAY]", "STRUCT(a TIMETZ)": "{'a': '12:00:00+08'::TIMETZ}", '"NULL"[]': "[]",
}  # fmt: skip
"""An expression of each type that cannot."""


@pytest.mark.slow
@pytest.mark.parametrize("through_frame", [False, True], ids=["parquet", "frame"])
@pytest.mark.parametrize("type_", VALUES)
def test_every_type_is_read_back_as_it_is_stored(tmp_path: Path, type_: str, through_frame: bool) -> None:
    connection = duckdb.connect()
    given = connection.sql(f"SELECT {VALUES[type_]}::{type_} AS x").types[0]
    stored = storable(given, through_frame=through_frame)
    assert stored is not None
    select = f"SELECT x::{stored} AS x FROM (SELECT {VALUES[type_]}::{type_} AS x)"
    file = tmp_path / "x.parquet"
    if through_frame:
        connection.sql(select).pl().write_parquet(file)
    else:
        connection.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
    declared = connection.sql(select)
    read = connection.sql(f"FROM '{file}'")
    assert [str(column) for column in read.types] == [str(column) for column in declared.types]
    assert str(read.fetchall()) == str(declared.fetchall())


@pytest.mark.parametrize("type_", REFUSED)
def test_a_type_that_loses_values_is_refused_with_what_to_write(type_: str) -> None:
    given = duckdb.connect().sql(f"SELECT {REFUSED[type_]} AS x").types[0]
    assert storable(given, through_frame=False) is None
    assert cast_to_write("x", given)


def test_every_type_of_duckdb_is_one_or_the_other() -> None:
    rows = duckdb.connect().execute("SELECT DISTINCT logical_type FROM duckdb_types()").fetchall()
    names = {"TIME WITH TIME ZONE": "TIMETZ", "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ", "NULL": '"NULL"'}
    tried = [name.replace("[2]", "ARRAY").replace("[]", "LIST") for name in (*VALUES, *REFUSED)]
    missing = {names.get(name, name) for (name,) in rows}
    assert [name for name in missing if not any(name in other for other in tried)] == ["TYPE"]


def test_sums_of_whole_numbers_are_stored_as_numbers() -> None:
    [type_] = duckdb.connect().sql("SELECT sum(x) AS n FROM (SELECT 1 AS x)").types
    assert storable(type_, through_frame=False) == "BIGINT"
