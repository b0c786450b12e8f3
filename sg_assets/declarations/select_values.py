"""The texts that a column of a SELECT can hold, as far as the SELECT itself says: literals, and columns of known texts.

For example ``label || ':template=' || template_id`` is one of the labels, then ``:template=``, then the id of a
template. What nothing says (a column of unknown texts, a function) may be any text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from sg_assets.declarations.columns import Columns
from sg_assets.declarations.sql import Query

Patterns = frozenset[str]
"""Regular expressions; a text is possible that one of them matches as a whole."""
ANY_TEXT: Final = ".+"
ANYTHING: Final[Patterns] = frozenset({ANY_TEXT})
_MOST: Final = 5_000
"""With more texts than this, any text counts as possible."""
_Given = Mapping[str, str]
"""Columns of a scope that are fixed, with their text."""
_Fixed = dict[tuple[str, str], str]
"""Columns that a SELECT reads, by table and name, that are fixed, with their text."""
ColumnTexts = Callable[[str, str], Patterns]
"""The possible texts of an asset's column."""


@dataclass(frozen=True)
class SelectPart:
    """One SELECT of a UNION, or a SELECT by itself."""

    texts: tuple[Patterns, ...]
    """The possible texts of each column asked for; the columns go together."""
    holds_flags: bool
    """Whether the column of values is 1 where a condition is true and 0 where it is false."""


def select_parts(
    query: Query,
    tables: Mapping[str, Columns],
    columns: tuple[str, ...],
    of_column: ColumnTexts,
    values: str = "",
) -> list[SelectPart]:
    """What the parts of a SELECT can hold.

    Args:
        query: A SELECT that DuckDB can bind.
        tables: The columns of the assets it reads.
        columns: Names of columns of the SELECT that hold texts.
        of_column: The possible texts of a column of an asset.
        values: The name of its column of values, if that is asked about.
    """
    scope = _scope(query, tables)
    if scope is None:
        return [SelectPart(tuple(ANYTHING for _ in columns), holds_flags=False)]
    reader, names = _Reader(of_column), _names(scope)
    return [
        SelectPart(
            tuple(reader.of_part(part, name, {}, names) for name in columns),
            _is_flag(_projections(part, names).get(values.lower()), part, tables),
        )
        for part in _parts(scope)
    ]


def _scope(query: Query, tables: Mapping[str, Columns]) -> Scope | None:
    schema: dict[str, Any] = {}
    for asset in query.tables:
        folder, table = asset.split("/")
        schema.setdefault(folder, {})[table] = {column.name: column.type for column in tables[asset]}
    try:
        return build_scope(qualify(query.tree.copy(), dialect="duckdb", schema=schema))
    except SqlglotError:
        return None


def _parts(scope: Scope) -> list[Scope]:
    """The SELECTs of a UNION; a SELECT itself."""
    if not scope.set_operation_scopes:
        return [scope]
    return [part for branch in scope.set_operation_scopes for part in _parts(branch)]


def _names(scope: Scope) -> list[str]:
    """The names of a scope's columns: those of its first part, for a UNION's columns go by position."""
    return [select.alias_or_name for select in getattr(_parts(scope)[0].expression, "selects", ())]


def _projections(part: Scope, names: list[str]) -> dict[str, exp.Expr]:
    """The expressions of a part's columns, by name in small letters."""
    selects = getattr(part.expression, "selects", ())
    return {name.lower(): select.unalias() for name, select in zip(names, selects, strict=False)}


class _Reader:
    def __init__(self, of_column: ColumnTexts) -> None:
        self.of_column = of_column

    def output(self, scope: Scope, name: str, given: _Given) -> Patterns:
        """The possible texts of a column of a scope, where some columns of it are fixed."""
        names = _names(scope)
        return frozenset().union(*(self.of_part(part, name, given, names) for part in _parts(scope)))

    def of_part(self, scope: Scope, name: str, given: _Given, names: list[str]) -> Patterns:
        """The same of a single SELECT, whose columns are known by other names."""
        by_name = _projections(scope, names)
        wanted = by_name.get(name.lower())
        if wanted is None:
            return ANYTHING
        fixed = _fixed_by_condition(scope)
        for column, text in given.items():
            projection = by_name.get(column.lower())
            if isinstance(projection, exp.Literal) and projection.is_string and projection.this != text:
                return frozenset()
            if isinstance(projection, exp.Column) and _conflict(fixed, projection, text):
                return frozenset()
        return self._texts(wanted, scope, fixed)

    def _texts(self, value: exp.Expr, scope: Scope, fixed: _Fixed) -> Patterns:
        if isinstance(value, exp.Literal):
            return frozenset({re.escape(value.this)})
        if isinstance(value, exp.Column):
            return self._of_column(value, scope, fixed)
        if isinstance(value, exp.Paren | exp.Cast):
            return self._texts(value.this, scope, fixed)
        if isinstance(value, exp.DPipe | exp.Concat):
            parts = [value.left, value.right] if isinstance(value, exp.DPipe) else value.expressions
            return _joined([self._texts(part, scope, fixed) for part in parts])
        if isinstance(value, exp.Case | exp.If | exp.Coalesce):
            return frozenset().union(*(self._texts(branch, scope, fixed) for branch in _branches(value)))
        return frozenset() if isinstance(value, exp.Null) else ANYTHING

    def _of_column(self, column: exp.Column, scope: Scope, fixed: _Fixed) -> Patterns:
        if (column.table, column.name) in fixed:
            return frozenset({re.escape(fixed[column.table, column.name])})
        source = scope.sources.get(column.table)
        if isinstance(source, Scope):
            given = {name: text for (table, name), text in fixed.items() if table == column.table}
            return self.output(source, column.name, given)
        if isinstance(source, exp.Table) and source.db:
            return self.of_column(f"{source.db}/{source.name}", column.name)
        return ANYTHING


def _conflict(fixed: _Fixed, column: exp.Column, text: str) -> bool:
    """Fix a column, and say whether it was fixed to another text."""
    return fixed.setdefault((column.table, column.name), text) != text


def _is_flag(value: exp.Expr | None, scope: Scope, tables: Mapping[str, Columns]) -> bool:
    """Whether a number is made of a condition: ``is_toxic::DOUBLE``, ``if(a > b, 1, 0)``."""
    if isinstance(value, exp.Paren):
        return _is_flag(value.this, scope, tables)
    if isinstance(value, exp.Cast):
        return _is_condition(value.this, scope, tables) or _is_flag(value.this, scope, tables)
    if isinstance(value, exp.Case | exp.If):
        return all(isinstance(branch, exp.Literal) and branch.this in {"0", "1"} for branch in _branches(value))
    return False


def _is_condition(value: exp.Expr, scope: Scope, tables: Mapping[str, Columns]) -> bool:
    if isinstance(value, exp.Paren):
        return _is_condition(value.this, scope, tables)
    if not isinstance(value, exp.Column):
        return isinstance(value, exp.Predicate | exp.Connector | exp.Not | exp.Boolean)
    source = scope.sources.get(value.table)
    if isinstance(source, Scope):
        part = _parts(source)[0]
        projection = _projections(part, _names(source)).get(value.name.lower())
        return projection is not None and _is_condition(projection, part, tables)
    if not isinstance(source, exp.Table):
        return False
    columns = tables.get(f"{source.db}/{source.name}", ())
    return any(column.name == value.name and column.type == "BOOLEAN" for column in columns)


def _fixed_by_condition(scope: Scope) -> _Fixed:
    """The columns that a SELECT's WHERE holds equal to a text."""
    where = scope.expression.args.get("where")
    if where is None:
        return {}
    condition = where.this
    parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
    fixed: _Fixed = {}
    for part in parts:
        plain = part.unnest()
        if isinstance(plain, exp.EQ) and isinstance(plain.left, exp.Column) and plain.right.is_string:
            fixed[plain.left.table, plain.left.name] = plain.right.name
    return fixed


def _branches(value: exp.Expr) -> list[exp.Expr]:
    if isinstance(value, exp.Coalesce):
        return [value.this, *value.expressions]
    if isinstance(value, exp.If):
        return [branch for branch in (value.args.get("true"), value.args.get("false")) if branch is not None]
    branches = [branch.args["true"] for branch in value.args.get("ifs", ())]
    default = value.args.get("default")
    return branches if default is None else [*branches, default]


def _joined(parts: list[Patterns]) -> Patterns:
    size = 1
    for part in parts:
        size *= len(part)
    if size > _MOST:
        return ANYTHING
    return frozenset("".join(texts) for texts in product(*parts))
