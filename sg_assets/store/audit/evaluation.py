"""Evaluating a contract on a staged table: everything, so that one look tells all that is wrong.

Results hold names, counts and keys, never item texts: they go to manifests, logs and Dagster's event log.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import duckdb

from sg_assets.store.audit.conditions import EXAMPLES, evaluate, told_keys
from sg_assets.store.audit.repeated_keys import repeated_keys
from sg_assets.store.audit.staged_table import Past, StagedTable
from sg_assets.store.contracts import Column, Contract
from sg_assets.store.fingerprints import TableScan
from sg_assets.store.manifests import AuditResult


def audit(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    scan: TableScan,
    contract: Contract,
    parameters: Mapping[str, Any],
    *,
    past: Past | None = None,
) -> tuple[AuditResult, ...]:
    """Every result of a contract: columns, key, each check, then each suite's.

    Args:
        connection: Where the relation and the step's inputs can be read.
        relation: The table, as trusted SQL text.
        scan: Of the table, counting rows without a key.
        contract: What to hold the table to.
        parameters: The recipe's, for checks that name them.
        past: What the table is made of and would replace, for suites that look there.
    """
    connection.execute(f"CREATE OR REPLACE TEMP VIEW this AS SELECT * FROM {relation}")
    results = [] if contract.columns is None else [_columns(contract.columns, dict(scan.columns))]
    if contract.key:
        results.append(_key(connection, scan, contract.key))
    results += [evaluate(connection, check, contract.key, parameters) for check in contract.checks]
    staged = StagedTable(connection, relation, contract.key, dict(scan.columns), past)
    return (*results, *chain.from_iterable(suite.evaluate(staged) for suite in contract.suites))


def _columns(declared: Sequence[Column], there: Mapping[str, str]) -> AuditResult:
    asked = {one.name: _canonical(one.type) for one in declared}
    wrong = {
        "missing": [name for name in asked if name not in there],
        "extra": [name for name in there if name not in asked],
        "other_type": [f"{name} is {there[name]}, not {asked[name]}" for name in asked if _differs(name, asked, there)],
    }
    observed = {how: names for how, names in wrong.items() if names}
    description = "The columns are exactly the declared ones."
    return AuditResult(name="columns", passed=not observed, blocking=True, description=description, observed=observed)


def _differs(name: str, asked: Mapping[str, str], there: Mapping[str, str]) -> bool:
    return name in there and there[name] != asked[name]


def _canonical(type_: str) -> str:
    """A type as DuckDB writes it; what it does not know stays, and equals no column's."""
    try:
        return str(duckdb.sqltype(type_))
    except duckdb.Error:
        return type_


def _key(connection: duckdb.DuckDBPyConnection, scan: TableScan, key: tuple[str, ...]) -> AuditResult:
    missing = [name for name in key if name not in dict(scan.columns)]
    observed: dict[str, Any] = {"missing": missing} if missing else {}
    if scan.incomplete:
        observed["rows_without_key"] = scan.incomplete
    if not missing:
        repeated, examples = repeated_keys(connection, "this", key, rows=scan.rows, examples=EXAMPLES)
        if repeated:
            observed |= {"repeated_keys": repeated, "examples": told_keys(key, examples)}
    description = f"Every row has its own {', '.join(key)}."
    return AuditResult(name="key", passed=not observed, blocking=True, description=description, observed=observed)
