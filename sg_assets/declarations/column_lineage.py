"""The columns that each column of a SELECT takes its values from, by parsing the SELECT."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from sg_assets.declarations.columns import TableColumn
from sg_assets.declarations.sql import Query

Sources = tuple[tuple[str, str], ...]
"""Columns as pairs of asset (``schema/table``) and name, sorted."""


def column_sources(
    query: Query, names: Sequence[str], tables: Mapping[str, Sequence[TableColumn]]
) -> dict[str, Sources]:
    """The columns that each column of a SELECT takes values from; rows chosen or joined by a column do not count.

    Args:
        query: A SELECT that DuckDB can bind.
        names: Its columns.
        tables: The columns of the assets it reads.
    """
    schema: dict[str, Any] = {}
    for asset in query.tables:
        folder, table = asset.split("/")
        columns = {column.name: column.type for column in tables[asset]}
        schema[folder] = {**schema.get(folder, {}), table: columns}
    tree = qualify(query.tree.copy(), dialect="duckdb", schema=schema)
    # All columns at once, of one tree: each by itself would copy the tree and walk again what they share.
    nodes = lineage(None, tree, schema, dialect="duckdb", scope=build_scope(tree), trim_selects=False, copy=False)
    leaves = {name.lower(): _leaves(node) for name, node in nodes.items()}
    return {name: leaves[name.lower()] for name in names}


def _leaves(column: Node) -> Sources:
    tables = ((node.expression, node.name) for node in column.walk() if not node.downstream)
    sources = {
        (f"{table.db}/{table.name}", exp.to_column(name, dialect="duckdb").name)
        for table, name in tables
        if isinstance(table, exp.Table) and table.db
    }
    return tuple(sorted(sources))
