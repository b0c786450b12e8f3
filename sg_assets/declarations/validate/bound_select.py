"""The columns of a SELECT, as DuckDB binds it to empty tables."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

import duckdb
from duckdb.sqltypes import DuckDBPyType

from sg_assets.declarations.parameters import Value
from sg_assets.declarations.parsing import require_named_columns
from sg_assets.declarations.sql import Query, parse_query
from sg_assets.declarations.sql_text import SqlText, shown
from sg_assets.declarations.storable_types import cast_to_write, storable
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.fingerprints import quote

_MISSING: Final = re.compile(r'(?:Referenced column|does not have a column named) "(?P<column>[^"]+)"')
_LINE: Final = re.compile(r"^LINE (?P<line>\d+):", re.MULTILINE)


@dataclass(frozen=True)
class BoundColumn:
    """A column that a SELECT gives."""

    name: str
    type: DuckDBPyType


def bound_columns(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    parameters: Mapping[str, Value],
    where: str,
    known: Collection[str],
) -> list[BoundColumn]:
    """The columns of a SELECT.

    Args:
        connection: Where the tables that it reads are empty.
        query: The SELECT.
        parameters: Values of all its parameters.
        where: What errors name.
        known: The names that it may mean.

    Raises:
        SgAssetsError: DuckDB cannot bind it, or reads it as something other than this SELECT.
    """
    try:
        _require_same_reading(connection, query, where)
        relation = connection.sql(query.text, params=dict(parameters))
        return [BoundColumn(name, type_) for name, type_ in zip(relation.columns, relation.types, strict=True)]
    except duckdb.Error as error:
        message = shown(str(error).splitlines()[0])
        where = _with_line(connection, query, parameters, where, error)
        missing = _MISSING.search(message)
        if missing is None:
            raise SgAssetsError("DuckDB rejects the SQL", where=where, why=message) from error
        name = missing["column"]
        raise SgAssetsError(f"unknown column '{name}'", where=where, remedy=nearest(name, known)) from error


def _with_line(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    parameters: Mapping[str, Value],
    where: str,
    error: duckdb.Error,
) -> str:
    """Where DuckDB rejects a SELECT: it names the line only of a statement, which explains the SELECT here."""
    line = _LINE.search(str(error))
    if line is None:
        try:
            connection.execute(f"EXPLAIN {query.text}", dict(parameters))
        except duckdb.Error as again:
            line = _LINE.search(str(again))
    return f"{where}, line {line['line']}" if line and where.endswith(".sql") else where


def _require_same_reading(connection: duckdb.DuckDBPyConnection, query: Query, where: str) -> None:
    """Two parsers must see one SELECT: what only DuckDB's saw would be in no lineage."""
    statements = connection.extract_statements(query.text)
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise SgAssetsError("does not hold exactly one SELECT", where=where, why="DuckDB reads it as something else")


def where_written(query: Query, name: str, where: str) -> str:
    """Where a SELECT gives a name to something, or else first names it; the whole of it where it nowhere does."""
    word = rf'"?\b{re.escape(name)}\b'
    # The header speaks of columns, too.
    start = sum(len(line) for line in takewhile(lambda line: line.startswith("--"), query.text.splitlines(True)))
    patterns = (re.compile(pattern, re.IGNORECASE) for pattern in (rf"\bAS\s+{word}", word))
    match = next((match for pattern in patterns if (match := pattern.search(query.text, start))), None)
    return SqlText(query.text, where).at(match.start()) if match else where


def require_names(query: Query, columns: Sequence[BoundColumn], where: str) -> None:
    """Check that each column of a table has a name of its own.

    Raises:
        SgAssetsError: a column has no name, or that of another.
    """
    require_named_columns(query.tree, SqlText(query.text, where))
    times = Counter(column.name.lower() for column in columns)
    for column in columns:
        if times[column.name.lower()] > 1:
            raise SgAssetsError(
                f"gives {times[column.name.lower()]} columns '{shown(column.name)}'",
                where=where_written(query, column.name, where),
                why="capitals make no difference, and a table has each column once",
                remedy=f"Name the columns of one side, or write * EXCLUDE ({shown(column.name)})",
            )


def as_stored(
    query: Query, columns: Sequence[BoundColumn], where: str, *, through_frame: bool = False
) -> tuple[Query, dict[str, str]]:
    """A SELECT whose columns are read back as the types they have, and these types.

    Raises:
        SgAssetsError: a column's type cannot be stored; names the cast to write.
    """
    types: dict[str, str] = {}
    for column in columns:
        stored = storable(column.type, through_frame=through_frame)
        if stored is None:
            raise SgAssetsError(
                f"the column '{shown(column.name)}' is {shown(str(column.type))}, which no file keeps as it is",
                where=where_written(query, column.name, where),
                remedy=f"Write {cast_to_write(shown(column.name), column.type)}",
            )
        types[column.name] = str(duckdb.sqltype(stored))
    casts = {column.name: types[column.name] for column in columns if types[column.name] != str(column.type)}
    if not casts:
        return query, types
    replaced = ", ".join(f"CAST({quote(name)} AS {type_}) AS {quote(name)}" for name, type_ in casts.items())
    text = f"SELECT * REPLACE ({replaced}) FROM (\n{query.text}\n)"
    notes = tuple(f"{c.name}: {c.type} stored as {casts[c.name]}" for c in columns if c.name in casts)
    cast = parse_query(text, where=f"{where}, with its columns cast", may_vary=True)
    return replace(cast, varying=query.varying, casts=notes), types
