"""Checking rules against the tables they are about, without the library that evaluates them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import duckdb

from sg_assets.declarations.asset_names import OBJECTIVES
from sg_assets.declarations.columns import Columns
from sg_assets.declarations.expectation_types import check_expectation, columns_named
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS
from sg_assets.declarations.kinds.registry import KINDS, kind_of
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.parameters import Value, bind, sql_parameters
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.record_reading import validated
from sg_assets.declarations.records.expectations import FOLDER, KEY, Rule, Rules, parsed, rules_of
from sg_assets.declarations.records.inspections import (
    INSPECTIONS,
    Agreement,
    Inspection,
    LabelDrift,
    OfTexts,
    Overlap,
)
from sg_assets.declarations.sql import SqlCheck, condition_select
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.fingerprints import quote

_TAKEN = ("columns", "key")


def check_rules(
    declared: Declarations,
    graph: Graph,
    tables: Mapping[str, Columns],
    connection: duckdb.DuckDBPyConnection,
    problems: Problems,
) -> None:
    """Add all that is wrong with rules to ``problems``.

    Args:
        declared: Everything declared.
        graph: What each table is made of.
        tables: The columns of those whose own declaration is right.
        connection: Where each of those is an empty table.
        problems: Takes what is wrong.
    """
    known = set(tables) | _tables_of_any_profile(declared)
    sound = {asset: columns for asset, columns in tables.items() if not _is_reported(declared, asset)}
    world = _Scope(declared, graph, sound, connection, known)
    schemas = {asset.split("/")[0] for asset in known}
    for about, rules in declared.expectations.items():
        if about in known | schemas:
            _check_file(world, about, rules, problems)
        else:
            remedy = nearest(about, known | schemas)
            problems.add(SgAssetsError(f"unknown table '{about}'", where=_file(about), remedy=remedy))
    for asset in tables:
        problems.call(_check_names, declared, graph, asset)


def space_of(declared: Declarations, graph: Graph, asset: str) -> str | None:
    """The partition space of a table, as SQL files name it."""
    made_with = graph.nodes[asset].output_of or asset
    if made_with in declared.sql:
        return declared.sql[made_with].partitions
    return None if graph.nodes[asset].partitions is None else "variant"


def sql_checks(declared: Declarations, graph: Graph, asset: str) -> Sequence[SqlCheck]:
    """The checks that a table's SQL file declares.

    A benchmark's SQL gives values item by item, so its checks are about those, not about the estimates.
    """
    sql = declared.sql.get(graph.nodes[asset].output_of or asset)
    if sql is None or (sql.partitions == "variant" and sql.asset == asset):
        return ()
    return sql.checks


def _tables_of_any_profile(declared: Declarations) -> set[str]:
    fixed = {kind.pattern for kind in KINDS if kind.columns is not None and not kind.from_select}
    of_benchmarks = {kind.of(name) for kind in KINDS if kind.from_select for name in declared.benchmarks}
    return fixed | of_benchmarks | declared.sql.keys() | declared.broken_assets


def _check_kind(rule: Rule, where: str) -> Rule:
    """The rule, where its expectation or inspection exists and has its arguments."""
    if rule.id in _TAKEN:
        raise SgAssetsError(
            f"'{rule.id}' is already a check of every table", where=where, remedy="Give this check another name"
        )
    if rule.expectation is not None:
        check_expectation(rule.expectation, rule.kwargs, where)
    elif rule.look_for is not None:
        if rule.look_for not in INSPECTIONS:
            raise SgAssetsError(
                f"cannot look for '{rule.look_for}'", where=where, remedy=nearest(rule.look_for, INSPECTIONS)
            )
        validated(rule.kwargs, INSPECTIONS[rule.look_for], f"{where}, kwargs")
    return rule


@dataclass(frozen=True)
class _Scope:
    """The declarations and tables that rules are bound to."""

    declared: Declarations
    graph: Graph
    tables: Mapping[str, Columns]
    connection: duckdb.DuckDBPyConnection
    known: Set[str]
    """Tables of this profile or another."""


def _is_reported(declared: Declarations, asset: str) -> bool:
    """Whether a table's columns follow from a judge that does not exist, which is reported where it is named."""
    benchmark = declared.benchmarks.get(JUDGEMENTS.table_of(asset)) if kind_of(asset) is JUDGEMENTS else None
    return benchmark is not None and not declared.judges.keys() >= {*benchmark.all_judges}


def _check_file(world: _Scope, about: str, rules: Rules, problems: Problems) -> None:
    sound = [rule for rule in rules if problems.call(_check_kind, rule, _where(about, rule)) is not None]
    for asset in world.tables:
        if about in (asset, asset.split("/")[0]):
            binding = _Binding(world, asset)
            for rule in sound:
                problems.call(binding.check, rule, _where(about, rule))


class _Binding:
    """A table, known as ``this``, for its rules to be bound to."""

    def __init__(self, world: _Scope, asset: str) -> None:
        self.tables = world.tables
        self.connection = world.connection
        self.known = world.known
        self.columns = {column.name: column.type for column in world.tables[asset]}
        self.asset = asset
        self.where = _file(asset)
        self.inputs = {edge.upstream for edge in world.graph.nodes[asset].edges}
        self.ancestors = _ancestors(world.graph, asset)
        key = next(iter(world.graph.nodes[asset].keys), None)
        self.scope = sql_parameters(world.declared, space_of(world.declared, world.graph, asset), key)

        listed = ", ".join(f"NULL::{type_} AS {quote(name)}" for name, type_ in self.columns.items())
        self.connection.execute(f"CREATE OR REPLACE VIEW this AS SELECT {listed} WHERE false")

    def check(self, rule: Rule, where: str) -> None:
        """See that a rule's columns and SQL bind to its table.

        Args:
            rule: The rule.
            where: What errors name.

        Raises:
            SgAssetsError: they do not.
        """
        self.where = where
        if rule.expectation is not None:
            self._require(columns_named(rule.expectation, rule.kwargs))
        elif rule.condition is not None:
            select = condition_select(rule.condition)
            self._bound(select, self.inputs, ["BOOLEAN"], "a condition must be true or false")
        else:
            self._inspection(rule.inspection)

    def _inspection(self, inspection: Inspection) -> None:
        if isinstance(inspection, LabelDrift):
            self._require([inspection.column])
        if isinstance(inspection, Agreement):
            self._require([inspection.id, inspection.label])
        text = getattr(inspection, "text", None)
        if text is not None:
            self._bound(condition_select(text), self.inputs, ["VARCHAR"], "it must give a text")
        if isinstance(inspection, OfTexts):
            self._texts(inspection)
        if isinstance(inspection, Overlap):
            for select in inspection.against:
                self._columns_of(select, self.ancestors, ["text"])

    def _texts(self, inspection: OfTexts) -> None:
        sides = ["side"] if getattr(inspection, "across_sides", False) else []
        if sides and inspection.texts is None:
            raise SgAssetsError(
                "compares sides, but its texts have none",
                where=self.where,
                remedy="Give 'texts', a SELECT with a column 'side'",
            )
        if inspection.texts is not None:
            self._columns_of(inspection.texts, self.inputs, ["id", "text", *sides])

    def _columns_of(self, select: str, readable: Iterable[str], names: list[str]) -> None:
        columns = self._bound(select, readable, None, "")
        for name in names:
            if name not in columns:
                raise SgAssetsError(
                    f"the SELECT has no column '{name}'", where=self.where, remedy=nearest(name, columns)
                )

    def _bound(self, select: str, readable: Iterable[str], types: list[str] | None, why: str) -> list[str]:
        """The columns of a SELECT; none where it reads a table that this profile does not have."""
        query = parsed(select, self.where)
        for asset in query.tables:
            if asset not in self.known:
                remedy = nearest(asset, self.known)
                raise SgAssetsError(f"unknown table '{asset}'", where=self.where, remedy=remedy)
            if asset in self.tables and asset not in readable:
                why = "only the table (this) and its inputs can be read"
                raise SgAssetsError(
                    f"reads '{asset}', which is not an input of {self.asset}", where=self.where, why=why
                )
        values = bind(query.parameters, self.scope, where=self.where)
        if not all(asset in self.tables for asset in query.tables):
            return ["id", "text", "side"]
        return self._run(query.text, values, types, why)

    def _run(self, select: str, values: Mapping[str, Value], types: list[str] | None, why: str) -> list[str]:
        try:
            relation = self.connection.sql(select, params=dict(values))
        except duckdb.Error as error:
            message = str(error).splitlines()[0]
            raise SgAssetsError(f"DuckDB rejects the SQL on {self.asset}", where=self.where, why=message) from error
        given = [str(type_) for type_ in relation.types]
        if types is not None and given != types:
            raise SgAssetsError(f"gives {', '.join(given)}", where=self.where, why=why)
        return list(relation.columns)

    def _require(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.columns:
                raise SgAssetsError(
                    f"{self.asset} has no column '{name}'", where=self.where, remedy=nearest(name, self.columns)
                )


def _ancestors(graph: Graph, asset: str) -> set[str]:
    ancestors, waiting = set[str](), [asset]
    while waiting:
        read = {edge.upstream for edge in graph.nodes[waiting.pop()].edges} - ancestors
        ancestors |= read
        waiting += read
    return ancestors


def _check_names(declared: Declarations, graph: Graph, asset: str) -> None:
    """A check's name identifies it among all of a table's."""
    names = [rule.id for rule in rules_of(declared.expectations, asset)]
    names += [check.name for check in sql_checks(declared, graph, asset)]
    names += [objective.id for objective in declared.profile.objectives] if asset == OBJECTIVES else []
    for name, times in Counter(names).items():
        if times > 1:
            raise SgAssetsError(
                f"{asset} has {times} checks named '{name}'", where=_file(asset), remedy="Rename one of them"
            )


def _file(about: str) -> str:
    return f"{FOLDER}/{about}.yaml"


def _where(about: str, rule: Rule) -> str:
    return f"{_file(about)}, {KEY}.{rule.id}"
