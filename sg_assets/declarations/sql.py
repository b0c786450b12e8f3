"""SQL assets: one SELECT a file, ``sql/<schema>/<table>.sql``; what it reads is found by parsing it."""

import re
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

from sg_assets.declarations.names import is_safe_name
from sg_assets.errors import SgAssetsError, nearest

_HEADER_LINE = re.compile(r"--\s*(?P<key>[a-z_]+):\s*(?P<value>.+?)\s*")
_PURE_FUNCTIONS = ("generate_series", "range", "unnest")
"""Table functions whose rows come from their arguments alone; all others may read what no lineage would show."""
_HEADER_KEYS = ("description", "key", "partitions")
PARTITIONS = ("mix", "mix of sft", "mix of kto", "mix of dpo", "variant")
"""The partition spaces an SQL asset may name in its header."""


@dataclass(frozen=True)
class Query:
    """A parsed SELECT."""

    text: str
    """As written, less a closing semicolon; this is what runs, also inside of other statements."""
    canonical: str
    """Without comments, layout normalised: what a version's code fingerprint is taken from."""
    tables: tuple[str, ...]
    """Assets read, as ``schema/table``, sorted."""
    parameters: tuple[str, ...]
    """Names of ``$parameters``, sorted."""


@dataclass(frozen=True)
class SqlAsset:
    """A table made by one SELECT."""

    asset: str
    """``schema/table``, from the file's folder and name."""
    description: str
    key: tuple[str, ...]
    """Columns that together identify a row; checked at every publish."""
    partitions: str | None
    """One of `PARTITIONS`, or None."""
    query: Query
    path: Path


def parse_query(text: str, *, where: str) -> Query:
    """Parse one DuckDB SELECT and find the assets and parameters it names.

    Raises:
        SgAssetsError: it does not parse, is no single SELECT, or reads something that is no ``schema.table``.
    """
    try:
        statements = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise SgAssetsError("the SQL does not parse", where=where, why=str(error).splitlines()[0]) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise SgAssetsError("holds something else than one SELECT", where=where, remedy="Keep one SELECT a file")
    tree = statements[0]
    return Query(
        text=text.rstrip().removesuffix(";"),
        canonical=tree.sql(dialect="duckdb", comments=False, normalize=True),
        tables=tuple(sorted(_tables(tree, where))),
        parameters=tuple(sorted(_parameter_names(tree))),
    )


def _parameter_names(tree: exp.Query) -> set[str]:
    return {node.name for node in tree.find_all(exp.Placeholder, exp.Parameter)}


def _tables(tree: exp.Query, where: str) -> set[str]:
    named = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    found = set()
    for table in tree.find_all(exp.Table):
        if not table.db and table.name.lower() in named:
            continue
        if not isinstance(table.this, exp.Identifier):
            if isinstance(table.this, exp.Func) and _is_pure(table.this):
                continue
            raise SgAssetsError(f"reads '{table.sql('duckdb')}'", where=where, why="only assets may be read")
        if not table.db or table.catalog:
            raise SgAssetsError(
                f"'{table.sql('duckdb')}' is no asset", where=where, remedy="Name assets as schema.table"
            )
        found.add(f"{table.db}/{table.name}")
    return found


def _is_pure(function: exp.Func) -> bool:
    name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
    return name.lower() in _PURE_FUNCTIONS


def read_sql_asset(path: Path, root: Path) -> SqlAsset:
    """Read ``sql/<schema>/<table>.sql``.

    Raises:
        SgAssetsError: header or SELECT is wrong.
    """
    where = path.relative_to(root).as_posix()
    schema, table = path.parent.name, path.stem
    for name in (schema, table):
        if not is_safe_name(name):
            raise SgAssetsError(f"'{name}' is no safe name", where=where, why="folder and file name the table")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SgAssetsError("is no UTF-8 text", where=where, why=str(error)) from error
    header = _header(text, where)
    for required in ("description", "key"):
        if required not in header:
            raise SgAssetsError(
                f"the header lacks '{required}'", where=where, remedy=f"Add `-- {required}: ...` on top"
            )
    partitions = header.get("partitions")
    if partitions is not None and partitions not in PARTITIONS:
        raise SgAssetsError(f"unknown partitions '{partitions}'", where=where, remedy=nearest(partitions, PARTITIONS))
    key = tuple(column.strip() for column in header["key"].split(","))
    return SqlAsset(f"{schema}/{table}", header["description"], key, partitions, parse_query(text, where=where), path)


def _header(text: str, where: str) -> dict[str, str]:
    header: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        match = _HEADER_LINE.fullmatch(line)
        if match is None:
            raise SgAssetsError(f"header line '{line}' is not `-- key: value`", where=where)
        if match["key"] not in _HEADER_KEYS:
            raise SgAssetsError(
                f"unknown header key '{match['key']}'", where=where, remedy=nearest(match["key"], _HEADER_KEYS)
            )
        header[match["key"]] = match["value"]
    return header
