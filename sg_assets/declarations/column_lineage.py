"""What each column of a SELECT is made of, found by parsing it."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from sg_assets.declarations.sql import Query
from sg_assets.declarations.tables import TableColumn

Sources = tuple[tuple[str, str], ...]
"""Columns as pairs of asset (``schema/table``) and name, sorted."""


def made_of(query: Query, names: Sequence[str], tables: Mapping[str, Sequence[TableColumn]]) -> dict[str, Sources]:
    """The columns that each column of a SELECT takes values from; rows chosen or joined by a column do not count.

    Args:
        query: A SELECT that DuckDB can bind.
        names: Its columns.
        tables: The columns of the assets it reads.
    """
    schema: dict[str, Any] = {}
    for asset in query.tables:
        folder, table = asset.split("/")
        held = {table: {one.name: one.type for one in tables[asset]}}
        schema[folder] = {**schema.get(folder, {}), **held}
    tree = qualify(sqlglot.parse_one(query.text, dialect="duckdb"), dialect="duckdb", schema=schema)
    scope = build_scope(tree)
    return {name: _leaves(name, tree, schema, scope) for name in names}


def _leaves(name: str, tree: exp.Expr, schema: dict[str, Any], scope: Scope | None) -> Sources:
    nodes = lineage(name, tree, dialect="duckdb", schema=schema, scope=scope, trim_selects=False).walk()
    tables = ((node.expression, node.name) for node in nodes if not node.downstream)
    found = {
        (f"{table.db}/{table.name}", sqlglot.exp.to_column(column, dialect="duckdb").name)
        for table, column in tables
        if isinstance(table, exp.Table) and table.db
    }
    return tuple(sorted(found))
