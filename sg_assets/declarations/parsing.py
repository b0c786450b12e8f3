"""Parsing SELECTs, and the names in their trees."""

from collections.abc import Collection

import sqlglot
from sqlglot import exp

from sg_assets.errors import SgAssetsError

_PURE_FUNCTIONS = ("generate_series", "range", "unnest")
"""Table functions whose rows come from their arguments alone; all others may read what no lineage would show."""


def parse(text: str, where: str) -> exp.Query:
    """The tree of one DuckDB SELECT.

    Raises:
        SgAssetsError: it does not parse, or is not a SELECT; the error names ``where``.
    """
    try:
        statements = sqlglot.parse(text, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise SgAssetsError("the SQL does not parse", where=where, why=str(error).splitlines()[0]) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise SgAssetsError("does not hold exactly one SELECT", where=where, remedy="Keep one SELECT a file")
    return statements[0]


def tree_of(select: str) -> exp.Query:
    """The tree of a SELECT that was parsed before."""
    return parse(select, "a SELECT that was parsed before")


def canonical_text(tree: exp.Query) -> str:
    """A SELECT without comments, layout normalised."""
    return tree.sql(dialect="duckdb", comments=False, normalize=True)


def parameters_in(tree: exp.Query) -> tuple[str, ...]:
    """Names of ``$parameters``, sorted."""
    return tuple(sorted({node.name for node in tree.find_all(exp.Placeholder, exp.Parameter)}))


def tables_in(tree: exp.Query, where: str, local: Collection[str]) -> tuple[str, ...]:
    """Assets read, as ``schema/table``, sorted.

    Args:
        tree: Of a SELECT.
        where: What errors name.
        local: Names without a schema that it may read besides assets.

    Raises:
        SgAssetsError: it reads something else.
    """
    named = {cte.alias.lower() for cte in tree.find_all(exp.CTE)} | set(local)
    assets = set()
    for table in tree.find_all(exp.Table):
        if not table.db and table.name.lower() in named:
            continue
        if not isinstance(table.this, exp.Identifier):
            if isinstance(table.this, exp.Func) and _is_pure(table.this):
                continue
            raise SgAssetsError(f"reads '{table.sql('duckdb')}'", where=where, why="only assets may be read")
        if not table.db or table.catalog:
            raise SgAssetsError(
                f"'{table.sql('duckdb')}' is not an asset", where=where, remedy="Name assets as schema.table"
            )
        assets.add(f"{table.db}/{table.name}")
    return tuple(sorted(assets))


def _is_pure(function: exp.Func) -> bool:
    name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
    return name.lower() in _PURE_FUNCTIONS
