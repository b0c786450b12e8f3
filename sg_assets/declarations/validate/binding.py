"""Binding SQL to the columns it reads, before anything runs.

DuckDB binds each SELECT to empty tables of the right columns, so a column that is missing is an error when definitions
load; what comes out is the columns of every table of the graph, for the UI and for the tables' contracts.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import duckdb

from sg_assets.declarations.asset_names import items_of
from sg_assets.declarations.column_lineage import Sources, column_sources
from sg_assets.declarations.columns import ITEM_COLUMNS, SCORE_ITEM_COLUMNS, Columns, TableColumn
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.implied_expectations import with_implied
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES, benchmark_file
from sg_assets.declarations.kinds.kind import ColumnInputs
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.parameters import Value, bound_parameters
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.sql import Query, SqlAsset, SqlCheck
from sg_assets.declarations.validate.bound_select import BoundColumn, as_stored, bound_columns, require_names
from sg_assets.declarations.validate.expectations import check_rules
from sg_assets.declarations.validate.scores import check_scores
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.engine import confine, connect
from sg_assets.store.fingerprints import quote


def bind_tables(declared: Declarations, graph: Graph, problems: Problems) -> tuple[Declarations, Mapping[str, Columns]]:
    """What follows from columns; what does not bind is added to ``problems``.

    Returns:
        The declarations, with what is expected of benchmarks' tables, and each SELECT with columns that can be stored;
        the columns of every table, by asset.
    """
    with connect() as connection:
        confine(connection)
        binder = _Binder(declared, graph, problems, connection)
        tables = binder.bind()
        declared = with_implied(binder.stored(), tables)
        check_rules(declared, graph, tables, connection, problems)
        check_scores(declared, tables, problems)
        return declared, tables


class _Binder:
    def __init__(
        self, declared: Declarations, graph: Graph, problems: Problems, connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.declared = declared
        self.graph = graph
        self.problems = problems
        self.connection = connection
        self.tables: dict[str, Columns] = {}
        self.reported = set(declared.broken_assets)
        """Assets whose error is reported, and what reads them."""
        self.sql: dict[str, SqlAsset] = {}
        """SQL assets some of whose columns are cast."""
        self.items: dict[str, Query] = {}
        """The items of benchmarks some of whose columns are cast."""

    def bind(self) -> dict[str, Columns]:
        for asset, node in self.graph.nodes.items():
            kind = kind_of(asset)
            if kind.columns is not None and not kind.from_select:
                upstream = {edge.upstream for edge in node.edges}
                columns = kind.columns(ColumnInputs(self.declared, kind.table_of(asset)))
                self.add(asset, tuple(_with_sources_in(upstream, column) for column in columns))
            elif kind is RESPONSES and (benchmark := self.declared.benchmarks.get(kind.table_of(asset))) is not None:
                self._try(asset, partial(self._benchmark, benchmark))
            elif asset in self.declared.sql:
                self._try(asset, partial(self._sql, self.declared.sql[asset]))
        return self.tables

    def stored(self) -> Declarations:
        """The declarations, with each SELECT as its rows are stored."""
        sql, items = {**self.declared.sql, **self.sql}, {**self.declared.items, **self.items}
        return replace(self.declared, sql=sql, items=items)

    def add(self, asset: str, columns: Columns) -> None:
        """Add a table's columns, and an empty view of them for SQL to be bound to: steps read views, too."""
        self.tables[asset] = columns
        schema, table = (quote(part) for part in asset.split("/"))
        self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        self.connection.execute(f"CREATE VIEW {schema}.{table} AS {_empty(columns)}")

    def _try(self, asset: str, bind: Callable[[], None]) -> None:
        try:
            bind()
        except SgAssetsError as error:
            self.problems.add(error)
            self.reported.add(asset)

    def _sql(self, asset: SqlAsset) -> None:
        if not self._reads_tables(asset.query, asset.file):
            self.reported.add(asset.asset)
            return
        # The partitions of an asset differ in values only, so binding one of them is enough.
        key = next(iter(self.graph.nodes[asset.asset].keys), None)
        parameters = bound_parameters(self.declared, asset, key)
        is_score = items_of(asset.asset) in self.graph.nodes
        query, columns = self._columns(asset.query, parameters, asset.file, asset.columns, through_frame=is_score)
        if query.casts:
            self.sql[asset.asset] = replace(asset, query=query)
        _require(asset.key, columns, f"{asset.file}, key")
        _require(asset.columns, columns, f"{asset.file}, column")
        if asset.checks:
            self.connection.execute(f"CREATE OR REPLACE VIEW this AS {_empty(columns)}")
        for check in asset.checks:
            self._check(check, columns, parameters, asset.where(check))
        if not is_score:
            self.add(asset.asset, columns)
            return
        _require(SCORE_ITEM_COLUMNS, columns, asset.file)
        for table in (items_of(asset.asset), asset.asset):
            self.add(table, self._following(table, columns))

    def _following(self, asset: str, selected: Columns) -> Columns:
        """The columns of a table that follow from those of the SELECT behind it."""
        kind = kind_of(asset)
        inputs = ColumnInputs(self.declared, kind.table_of(asset), selected)
        return selected if kind.columns is None else kind.columns(inputs)

    def _benchmark(self, benchmark: Benchmark) -> None:
        where = f"{benchmark_file(benchmark.name)}, items"
        query = self.declared.items.get(benchmark.name)
        assets = [kind.of(benchmark.name) for kind in (RESPONSES, JUDGEMENTS)]
        if query is None or not self._reads_tables(query, where):
            self.reported.update(assets)
            return
        stored, items = self._columns(query, {}, where, ITEM_COLUMNS, through_frame=True)
        if stored.casts:
            self.items[benchmark.name] = stored
        _require(ITEM_COLUMNS, items, where)
        tables = {asset: self._following(asset, items) for asset in assets}
        for columns in tables.values():
            names = [column.name for column in columns]
            for name in {name for name in names if names.count(name) > 1}:
                raise SgAssetsError(
                    f"the items have a column '{name}', and the benchmark adds a column of that name",
                    where=where,
                    remedy="Rename it",
                )
        for asset, columns in tables.items():
            self.add(asset, columns)

    def _reads_tables(self, query: Query, where: str) -> bool:
        """Whether every table that is read has columns. Why a table has none was reported before.

        Raises:
            SgAssetsError: an asset is read that is not a table.
        """
        for asset in query.tables:
            if asset in self.graph.nodes and asset not in self.tables and asset not in self.reported:
                remedy = f"Tables: {', '.join(self.tables)}"
                raise SgAssetsError(f"'{asset}' is not a table", where=where, remedy=remedy)
        return all(asset in self.tables for asset in query.tables)

    def _columns(
        self,
        query: Query,
        parameters: Mapping[str, Value],
        where: str,
        described: Mapping[str, str],
        *,
        through_frame: bool,
    ) -> tuple[Query, Columns]:
        """A SELECT as its rows are stored, and its columns, each with its sources and description."""
        bound = self._bound(query, parameters, where, [])
        require_names(query, bound, where)
        stored, types = as_stored(query, bound, where, through_frame=through_frame)
        sources = column_sources(query, list(types), self.tables, where)
        return stored, tuple(
            TableColumn(name, type_, self._taken_over(name, sources[name]) or described.get(name, ""), sources[name])
            for name, type_ in types.items()
        )

    def _check(self, check: SqlCheck, columns: Columns, parameters: Mapping[str, Value], where: str) -> None:
        used = {name: parameters[name] for name in check.condition.parameters}
        bound = self._bound(check.condition, used, where, [column.name for column in columns])
        types = [str(column.type) for column in bound]
        if types != ["BOOLEAN"]:
            raise SgAssetsError(
                f"gives {', '.join(types)}", where=where, why="a check must be a condition (true or false)"
            )

    def _bound(
        self, query: Query, parameters: Mapping[str, Value], where: str, further: Sequence[str]
    ) -> list[BoundColumn]:
        """The columns of a SELECT; ``further`` are names it may mean besides its inputs' columns."""
        known = {column.name for asset in query.tables for column in self.tables[asset]}
        return bound_columns(self.connection, query, parameters, where, known.union(further))

    def _taken_over(self, name: str, sources: Sources) -> str:
        """The description of the column that a column repeats; empty where it repeats none."""
        if len(sources) != 1 or sources[0][1] != name:
            return ""
        asset, column = sources[0]
        return next(known.description for known in self.tables[asset] if known.name == column)


def _with_sources_in(upstream: Collection[str], column: TableColumn) -> TableColumn:
    """A column with only those sources that are read here: comments may be generated or one's own."""
    return replace(column, sources=tuple(source for source in column.sources if source[0] in upstream))


def _empty(columns: Columns) -> str:
    """A SELECT of no rows with these columns."""
    listed = ", ".join(f"NULL::{column.type} AS {quote(column.name)}" for column in columns)
    return f"SELECT {listed} WHERE false"


def _require(names: Iterable[str], columns: Columns, where: str) -> None:
    known = [column.name for column in columns]
    for name in names:
        if name not in known:
            raise SgAssetsError(f"the table has no column '{name}'", where=where, remedy=nearest(name, known))
