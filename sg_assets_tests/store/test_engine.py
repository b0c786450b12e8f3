"""What a connection reads."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from sg_assets.store.engine import add_views, confine, connect, literal


def test_a_name_in_sql_never_stands_for_a_python_variable() -> None:
    frame = pl.DataFrame({"number": [1]})
    connection = connect()
    for reading in (connection, connection.cursor()):
        with pytest.raises(duckdb.CatalogException, match="frame does not exist"):
            reading.execute("SELECT * FROM frame")
    connection.register("frame", frame)
    assert connection.execute("SELECT * FROM frame").fetchall() == [(1,)]


@pytest.fixture
def confined(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of one input and one folder, with another file beside each."""
    for name in ("input", "secret"):
        pl.DataFrame({"id": [1]}).write_parquet(tmp_path / f"{name}.parquet")
    (tmp_path / "work").mkdir()
    (tmp_path / "work/link.txt").symlink_to("/etc/hostname")
    with connect() as connection:
        connection.execute(f"SET temp_directory = {literal(tmp_path / 'work/spilled')}")
        add_views(connection, {"raw/t": [tmp_path / "input.parquet"]})
        confine(connection, [tmp_path / "input.parquet"], [tmp_path / "work"])
        yield connection


def test_a_confined_database_reads_its_inputs_and_writes_to_its_folder(
    confined: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    confined.execute(f"COPY (FROM raw.t) TO {literal(tmp_path / 'work/t.parquet')} (FORMAT parquet)")
    assert pl.read_parquet(tmp_path / "work/t.parquet")["id"].to_list() == [1]
    with confined.cursor() as cursor:
        assert cursor.execute("FROM raw.t").fetchall() == [(1,)]


def test_a_point_in_time_is_the_same_text_in_every_time_zone() -> None:
    program = (
        "from sg_assets.store.engine import confine, connect\n"
        "connection = connect()\n"
        "confine(connection)\n"
        "sql = 'SELECT to_timestamp(0)::VARCHAR, to_timestamp(0)::DATE::VARCHAR, hour(to_timestamp(0))'\n"
        "print(connection.execute(sql).fetchall())"
    )
    for zone in ("Asia/Singapore", "America/New_York"):
        ended = subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
        )
        assert ended.stdout.strip() == "[('1970-01-01 00:00:00+00', '1970-01-01', 0)]", zone


# As if the check of names had let them through.
ESCAPES = [
    "FROM '{0}/secret.parquet'", "FROM read_parquet('{0}/secret.parquet')", "FROM read_parquet('{0}/*.parquet')",
    "FROM read_parquet('{0}/work/../secret.parquet')", "FROM '/etc/passwd'", "FROM read_text('/etc/passwd')",
    "FROM read_blob('/etc/passwd')", "FROM read_csv('/etc/passwd')", "FROM read_text('{0}/work/link.txt')",
    "FROM sniff_csv('/etc/passwd')", "FROM read_json('/etc/passwd')", "FROM parquet_metadata('{0}/secret.parquet')",
    "FROM glob('/etc/*')", "FROM 'https://example.com/a.parquet'", "FROM 's3://bucket/a.parquet'",
    "FROM query($$FROM '/etc/passwd'$$)", "ATTACH '{0}/x.db'", "ATTACH '{0}/secret.parquet'", "INSTALL httpfs",
    "LOAD httpfs", "COPY raw.t TO '{0}/out.csv'", "EXPORT DATABASE '{0}/out'", "SET enable_external_access = true",
    "SET allowed_directories = ['/']", "SET lock_configuration = false", "RESET enable_external_access",
    "SET temp_directory = '/tmp'", "SELECT getenv('HOME')", "FROM duckdb_secrets()",
    "SET python_enable_replacements = true", "FROM confined",
]  # fmt: skip


@pytest.mark.parametrize("sql", ESCAPES)
def test_a_confined_database_opens_nothing_else(confined: duckdb.DuckDBPyConnection, tmp_path: Path, sql: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(duckdb.Error):
        confined.execute(sql.format(tmp_path)).fetchall()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_database_without_a_folder_reads_and_writes_no_file(tmp_path: Path) -> None:
    with connect() as connection:
        confine(connection)
        assert connection.execute("SELECT current_setting('temp_directory')").fetchall() == [("",)]
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"COPY (SELECT 1) TO {literal(tmp_path / 'x.csv')}")
