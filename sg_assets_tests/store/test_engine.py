"""What a connection reads."""

import duckdb
import polars as pl
import pytest

from sg_assets.store.engine import connect


def test_a_name_in_sql_never_stands_for_a_python_variable() -> None:
    frame = pl.DataFrame({"number": [1]})
    connection = connect()
    for reading in (connection, connection.cursor()):
        with pytest.raises(duckdb.CatalogException, match="frame does not exist"):
            reading.execute("SELECT * FROM frame")
    connection.register("frame", frame)
    assert connection.execute("SELECT * FROM frame").fetchall() == [(1,)]
