"""Binding SQL to the columns it reads, before anything runs.

DuckDB binds each SELECT to empty tables of the right columns, so a column that is missing is an error when definitions
load; what comes out is the columns of every table of the graph, for the UI and for the tables' contracts.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import duckdb

from sg_assets.declarations.column_lineage import Sources, made_of
from sg_assets.declarations.columns import (
    ITEM_COLUMNS,
    SCORE_ITEM_COLUMNS,
    Columns,
    TableColumn,
    fixed_columns,
    judgement_columns,
    response_columns,
    score_columns,
    score_item_columns,
)
from sg_assets.declarations.graph import Graph, items_of
from sg_assets.declarations.implied_expectations import with_implied
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.parameters import Value, bound_parameters
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.declarations.sql import Query, SqlAsset, SqlCheck
from sg_assets.declarations.validate.expectations import check_rules
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.engine import connect
from sg_assets.store.fingerprints import quote

_MISSING = re.compile(r'(?:Referenced column|does not have a column named) "(?P<column>[^"]+)"')


def bind_tables(declared: Declarations, graph: Graph, problems: Problems) -> tuple[Declarations, Mapping[str, Columns]]:
    """What follows from columns; what does not bind is added to ``problems``.

    Returns:
        The declarations, with what is expected of benchmarks' tables; the columns of every table, by asset.
    """
    with connect() as connection:
        tables = _Binder(declared, graph, problems, connection).bind()
        declared = with_implied(declared, tables)
        check_rules(declared, graph, tables, connection, problems)
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
        self.told = set(declared.broken_sql)
        """Assets whose error is told, and what reads them."""

    def bind(self) -> dict[str, Columns]:
        fixed = fixed_columns(self.declared.profile.raw)
        for asset, node in self.graph.nodes.items():
            schema, table = asset.split("/")
            benchmark = self.declared.benchmarks.get(table)
            if asset in fixed:
                read = {edge.upstream for edge in node.edges}
                self.add(asset, tuple(_made_of_only(column, read) for column in fixed[asset]))
            elif schema == "responses" and benchmark is not None:
                self._try(asset, partial(self._answers, benchmark))
            elif asset in self.declared.sql:
                self._try(asset, partial(self._sql, self.declared.sql[asset]))
        return self.tables

    def add(self, asset: str, columns: Columns) -> None:
        """Know a table, as an empty one of its columns."""
        self.tables[asset] = columns
        schema, table = (quote(part) for part in asset.split("/"))
        self.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        self.connection.execute(f"CREATE TABLE {schema}.{table} ({_listed(columns)})")

    def _try(self, asset: str, bind: Callable[[], None]) -> None:
        try:
            bind()
        except SgAssetsError as error:
            self.problems.add(error)
            self.told.add(asset)

    def _sql(self, asset: SqlAsset) -> None:
        if not self._reads_tables(asset.query, asset.file):
            self.told.add(asset.asset)
            return
        # The partitions of an asset differ in values only, so binding one of them is enough.
        key = next(iter(self.graph.nodes[asset.asset].keys), None)
        parameters = bound_parameters(self.declared, asset, key)
        columns = self._columns(asset.query, parameters, asset.file, asset.columns)
        _require(asset.key, columns, f"{asset.file}, key")
        _require(asset.columns, columns, f"{asset.file}, column")
        if asset.checks:
            self.connection.execute(f"CREATE OR REPLACE TABLE this ({_listed(columns)})")
        for check in asset.checks:
            self._check(check, columns, parameters, f"{asset.file}, check {check.name}")
        if asset.asset.startswith("scores/"):
            _require(SCORE_ITEM_COLUMNS, columns, asset.file)
            self.add(items_of(asset.asset), score_item_columns(columns))
            columns = score_columns(columns)
        self.add(asset.asset, columns)

    def _answers(self, benchmark: Benchmark) -> None:
        where = f"models/benchmarks/{benchmark.name}.yaml, items"
        query = self.declared.items.get(benchmark.name)
        answers, judgements = f"responses/{benchmark.name}", f"judgements/{benchmark.name}"
        if query is None or not self._reads_tables(query, where):
            self.told |= {answers, judgements}
            return
        items = self._columns(query, {}, where, ITEM_COLUMNS)
        _require(ITEM_COLUMNS, items, where)
        for table in (response_columns(items), judgement_columns(benchmark, items)):
            names = [column.name for column in table]
            for name in {name for name in names if names.count(name) > 1}:
                raise SgAssetsError(f"the column '{name}' is added to the items' own", where=where, remedy="Rename it")
        self.add(answers, response_columns(items))
        self.add(judgements, judgement_columns(benchmark, items))

    def _reads_tables(self, query: Query, where: str) -> bool:
        """Whether all that is read is known; what is not was told before, unless it is no table.

        Raises:
            SgAssetsError: an asset is read that is no table.
        """
        for asset in query.tables:
            if asset in self.graph.nodes and asset not in self.tables and asset not in self.told:
                raise SgAssetsError(f"'{asset}' is no table", where=where, remedy=f"Tables: {', '.join(self.tables)}")
        return all(asset in self.tables for asset in query.tables)

    def _columns(
        self, query: Query, parameters: Mapping[str, Value], where: str, described: Mapping[str, str]
    ) -> Columns:
        """The columns of a SELECT, each with what it is made of and its description, told or taken over."""
        names, types = self._bound(query, parameters, where, [])
        sources = made_of(query, names, self.tables)
        return tuple(
            TableColumn(name, type_, self._taken_over(name, sources[name]) or described.get(name, ""), sources[name])
            for name, type_ in zip(names, types, strict=True)
        )

    def _check(self, check: SqlCheck, columns: Columns, parameters: Mapping[str, Value], where: str) -> None:
        used = {name: parameters[name] for name in check.condition.parameters}
        _, types = self._bound(check.condition, used, where, [column.name for column in columns])
        if types != ["BOOLEAN"]:
            raise SgAssetsError(f"gives {types[0]}", where=where, why="a check is a condition: true or false")

    def _bound(
        self, query: Query, parameters: Mapping[str, Value], where: str, further: Sequence[str]
    ) -> tuple[list[str], list[str]]:
        """Names and types of a SELECT's columns.

        Raises:
            SgAssetsError: DuckDB cannot bind it; ``further`` are names it may mean beside its inputs' columns.
        """
        try:
            relation = self.connection.sql(query.text, params=dict(parameters))
            return list(relation.columns), [str(one) for one in relation.types]
        except duckdb.Error as error:
            told = str(error).splitlines()[0]
            missing = _MISSING.search(told)
            if missing is None:
                raise SgAssetsError("the SQL does not bind", where=where, why=told) from error
            known = {column.name for asset in query.tables for column in self.tables[asset]}
            name = missing["column"]
            raise SgAssetsError(
                f"there is no column '{name}'", where=where, remedy=nearest(name, known.union(further))
            ) from error

    def _taken_over(self, name: str, sources: Sources) -> str:
        """The description of the one column a column repeats, if it does that."""
        if len(sources) != 1 or sources[0][1] != name:
            return ""
        asset, column = sources[0]
        return next(one.description for one in self.tables[asset] if one.name == column)


def _made_of_only(column: TableColumn, read: Collection[str]) -> TableColumn:
    """A column with only those sources that are read here: comments may be generated or one's own."""
    return replace(column, made_of=tuple(one for one in column.made_of if one[0] in read))


def _listed(columns: Columns) -> str:
    return ", ".join(f"{quote(column.name)} {column.type}" for column in columns)


def _require(names: Iterable[str], columns: Columns, where: str) -> None:
    known = [column.name for column in columns]
    for name in names:
        if name not in known:
            raise SgAssetsError(f"the table has no column '{name}'", where=where, remedy=nearest(name, known))
