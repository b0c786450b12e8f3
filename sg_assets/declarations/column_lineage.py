"""The columns that each column of a SELECT takes its values from, by parsing the SELECT."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from sg_assets.declarations.columns import TableColumn
from sg_assets.declarations.parsing import too_deep
from sg_assets.declarations.sql import Query
from sg_assets.declarations.sql_text import shown
from sg_assets.errors import SgAssetsError

Sources = tuple[tuple[str, str], ...]
"""Columns as pairs of asset (``schema/table``) and name, sorted."""
_Types = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Columns with their types, by asset."""


def column_sources(
    query: Query, names: Sequence[str], tables: Mapping[str, Sequence[TableColumn]], where: str = "a SELECT"
) -> dict[str, Sources]:
    """The columns that each column of a SELECT takes values from; rows chosen or joined by a column do not count.

    Args:
        query: A SELECT that DuckDB can bind.
        names: Its columns.
        tables: The columns of the assets it reads.
        where: What errors name.

    Raises:
        SgAssetsError: a column cannot be followed to those it takes values from.
    """
    try:
        types = tuple((asset, tuple((column.name, column.type) for column in tables[asset])) for asset in query.tables)
        leaves = _all_leaves(query, types)
    except RecursionError:
        raise too_deep(where) from None
    except SqlglotError as error:
        raise _untraced("a column", where, str(error).splitlines()[0]) from error
    for name in names:
        if name.lower() not in leaves:
            raise _untraced(f"the column '{shown(name)}'", where, "it is named by none of the SELECT's expressions")
    return {name: leaves[name.lower()] for name in names}


def _untraced(column: str, where: str, why: str) -> SgAssetsError:
    return SgAssetsError(
        f"{column} cannot be followed to its sources",
        where=where,
        why=shown(why),
        remedy="List the columns by name instead of COLUMNS(), PIVOT or a pattern",
    )


@lru_cache(maxsize=256)  # the slowest part of reading declarations, which a process that replays versions does often
def _all_leaves(query: Query, tables: _Types) -> Mapping[str, Sources]:
    """The sources of every column, by its name in lower case."""
    schema: dict[str, Any] = {}
    for asset, columns in tables:
        folder, table = asset.split("/")
        schema[folder] = {**schema.get(folder, {}), table: dict(columns)}
    tree = qualify(query.tree.copy(), dialect="duckdb", schema=schema)
    # All columns at once, of one tree: each by itself would copy the tree and walk again what they share.
    nodes = lineage(None, tree, schema, dialect="duckdb", scope=build_scope(tree), trim_selects=False, copy=False)
    return {name.lower(): _leaves(node) for name, node in nodes.items()}


def _leaves(column: Node) -> Sources:
    tables = ((node.expression, node.name) for node in column.walk() if not node.downstream)
    sources = {
        (f"{table.db}/{table.name}", exp.to_column(name, dialect="duckdb").name)
        for table, name in tables
        if isinstance(table, exp.Table) and table.db
    }
    return tuple(sorted(sources))
