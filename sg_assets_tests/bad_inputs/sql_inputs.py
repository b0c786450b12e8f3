"""Bad SQL files, read as they are when definitions load."""

from pathlib import Path

import duckdb
import pytest

from sg_assets.declarations.sql import read_sql_asset
from sg_assets.declarations.validate.bound_select import as_stored, bound_columns, require_names
from sg_assets.store.engine import confine, connect
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of

_FILE = "sql/templated/extra.sql"
_HEADER = b"-- description: x\n-- key: id\n"


def _written(name: str, content: bytes | str, *says: str, file: str = _FILE) -> BadInput:
    """The case of an SQL file; of a SELECT alone below a header."""
    data = content if isinstance(content, bytes) else _HEADER + content.encode()

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        path = root / file
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        return error_of(lambda: _read(path, root, file))

    return BadInput(name, act, (file, *says))


def _read(path: Path, root: Path, file: str) -> None:
    asset = read_sql_asset(path, root)
    with connect() as connection:
        confine(connection)
        _add_tables(connection)
        columns = bound_columns(connection, asset.query, {}, file, ["id", "text"])
        require_names(asset.query, columns, file)
        as_stored(asset.query, columns, file)


def _add_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE SCHEMA raw")
    for table in ("t", "u"):
        connection.execute(f"CREATE VIEW raw.{table} AS SELECT NULL::INTEGER AS id, NULL::VARCHAR AS text WHERE false")


CASES = [
    _written("no header", b"SELECT 1 AS id", "the header lacks 'description'", "Add `-- description: ...`"),
    _written("misspelt header", b"-- descripton: x\nSELECT 1 AS id", "line 1", "Did you mean 'description'?"),
    _written("empty", "", "does not hold exactly one SELECT", "empty"),
    _written("two statements", "SELECT 1 AS id;\nDROP TABLE x", "line 4", "exactly one SELECT"),
    _written("COPY", "COPY raw.t TO 'x.csv'", "line 3, column 1", "begins with COPY"),
    _written("forgotten parenthesis", "SELECT max(id AS id\nFROM raw.t", "syntax error", "line 3"),
    _written("forgotten quote", "SELECT 'x AS id", "does not parse", "Close its quote"),
    _written("misspelt column", "SELECT id,\ntxet FROM raw.t", "line 4: unknown column", "Did you mean 'text'?"),
    _written("unknown function", "SELECT nofunc(id) AS id FROM raw.t", "line 3", "nofunc does not exist"),
    _written("a file", "FROM '/etc/passwd'", "line 3, column 6", "is not an asset", "schema.table"),
    _written("a file behind a common table", 'WITH x AS (WITH "/etc/passwd" AS (SELECT 1 AS id) FROM raw.t)\n'
             'SELECT id FROM x, "/etc/passwd"', "line 4", "is not an asset"),
    _written("a file by a function", "SELECT id FROM raw.t, read_text('/etc/passwd')", "line 3", "Only assets may be"),
    _written("DuckDB's own tables", "SELECT id FROM raw.t, information_schema.tables", "line 3", "DuckDB's own"),
    _written("chance", "SELECT id, random() AS r FROM raw.t", "line 3, column 12", "reproducible: false"),
    _written("the clock", "SELECT id,\n  now() AS at FROM raw.t", "line 4, column 3", "reads the clock"),
    _written("the environment", "SELECT id, getenv('HOME') AS h FROM raw.t", "line 3", "reads the process"),
    _written("any rows", "SELECT id FROM raw.t LIMIT 5", "line 3, column 22", "Add ORDER BY"),
    _written("columns of one name", "SELECT t.*, u.* FROM raw.t AS t, raw.u AS u", "2 columns 'id'", "EXCLUDE (id)"),
    _written("a pattern of columns", "SELECT COLUMNS('i.*') FROM raw.t", "line 3", "List the columns by name"),
    _written("a column without a name", "SELECT id, count(*) FROM raw.t GROUP BY id", "line 3", "AS name"),
    _written("a column that no file keeps", "SELECT id, INTERVAL 1 DAY AS d FROM raw.t", "line 3", "Write d::VARCHAR"),
    _written("UTF-16", "SELECT 1 AS id".encode("utf-16"), "UTF-16", "Save it as UTF-8"),
    _written("Latin-1", _HEADER + b"SELECT 'caf\xe9' AS id", "line 3", "not UTF-8", "Save it as UTF-8"),
    _written("NUL", "SELECT 1 AS id -- \0", "line 3, column 19", "U+0000", "Remove it"),
    _written("20,000 ORs", f"SELECT 1 AS id WHERE {' OR '.join(['1=1'] * 20_000)}", "line 3", "20,000 are read"),
    _written("5,000 parentheses", f"SELECT {'(' * 5_000}1{')' * 5_000} AS id", "line 3", "nested too deep"),
    _written("6,000 digits", f"SELECT {'1' * 6_000} AS id", "line 3, column 8", "6,000 digits"),
    _written("a check that varies", _HEADER + b"-- check some: id > random()\nSELECT id FROM raw.t",
             "line 3, check some", "draws by chance"),
    _written("a check of a file", _HEADER + b"-- warn some: id IN (FROM 'x.csv')\nSELECT id FROM raw.t",
             "line 3, warn some", "is not an asset"),
    _written("a schema of DuckDB's", _HEADER + b"SELECT 1 AS id", "cannot be a schema", "Rename the folder",
             file="sql/main/extra.sql"),
]  # fmt: skip
