"""Evaluating one declared condition on a staged table, visible as ``this``."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb

from sg_assets.store.audit.results import AuditResult
from sg_assets.store.contracts import Check
from sg_assets.store.fingerprints import quote

EXAMPLES: Final = 20
"""Offending keys kept per result."""
_OF_COLUMN = re.compile(r"when casting from source column (?P<name>\w+)$", re.MULTILINE)
_ABOUT_SQL = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)


def evaluate(
    connection: duckdb.DuckDBPyConnection, check: Check, key: Sequence[str], parameters: Mapping[str, Any]
) -> AuditResult:
    """Whether a condition is true: once for an aggregate, else for every row. Unknown (NULL) is not true.

    A condition that cannot be evaluated has not passed: the work behind the table may have cost hours, and losing it
    to a misspelt check would be worse than holding it back.
    """
    try:
        observed = _observe(connection, check.sql, key, {**parameters, **check.values})
    except duckdb.Error as error:
        observed = {"error": error_message(error)}
    return AuditResult(
        name=check.name,
        passed="error" not in observed and observed["failing"] == 0,
        blocking=check.blocking,
        description=check.description,
        observed=observed,
    )


def error_message(error: duckdb.Error) -> str:
    """The part of an error that may be shown: errors of the SQL in full; others may quote a value."""
    if isinstance(error, _ABOUT_SQL):
        return str(error).splitlines()[0]
    column = _OF_COLUMN.search(str(error))
    return type(error).__name__ + (f" in the column '{column['name']}'" if column else "")


def key_examples(key: Sequence[str], values: Sequence[Sequence[object]]) -> list[str]:
    """Keys as ``name=value`` texts."""
    return [", ".join(f"{name}={value}" for name, value in zip(key, row, strict=True)) for row in values]


def _observe(
    connection: duckdb.DuckDBPyConnection, condition: str, key: Sequence[str], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    holds = f"(\n{condition}\n) AS _holds"
    counted = "count(*), count(*) FILTER (_holds IS NOT TRUE), any_value(typeof(_holds))"
    statements = connection.extract_statements(f"SELECT {counted} FROM (SELECT {holds} FROM this)")
    if len(statements) != 1:
        return {"error": "it is not one expression"}
    unknown = sorted(statements[0].named_parameters - parameters.keys())
    if unknown:
        return {"error": f"it names ${unknown[0]}, which is not a parameter of the step"}
    bound = {name: parameters[name] for name in statements[0].named_parameters}
    evaluated, failing, type_ = connection.execute(statements[0], bound).fetchall()[0]
    if evaluated == 0:
        return _without_rows(connection, holds, bound)
    if type_ != "BOOLEAN":
        return {"error": f"it gives {type_}, not BOOLEAN"}
    observed = {"evaluated": evaluated, "failing": failing}
    examples = _examples(connection, holds, key, bound) if failing else []
    return {**observed, "examples": examples} if examples else observed


def _without_rows(connection: duckdb.DuckDBPyConnection, holds: str, bound: Mapping[str, Any]) -> dict[str, Any]:
    """No row fails; but a condition that names no column can be false of an empty table."""
    try:
        rows = connection.execute(f"SELECT {holds}", dict(bound)).fetchall()
    except duckdb.BinderException:
        return {"evaluated": 0, "failing": 0}
    return {"evaluated": 1, "failing": 0 if rows[0][0] is True else 1}


def _examples(
    connection: duckdb.DuckDBPyConnection, holds: str, key: Sequence[str], bound: Mapping[str, Any]
) -> list[str]:
    """Keys of failing rows; aggregates have none."""
    if not key:
        return []
    listed = ", ".join(quote(name) for name in key)
    shown = ", ".join(f"{quote(name)}::VARCHAR" for name in key)
    query = f"SELECT {shown} FROM (SELECT {listed}, {holds} FROM this) WHERE _holds IS NOT TRUE"
    try:
        rows = connection.execute(f"{query} ORDER BY {listed} LIMIT {EXAMPLES}", dict(bound)).fetchall()
    except duckdb.BinderException:
        return []
    return key_examples(key, rows)
