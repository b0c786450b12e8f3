"""Evaluating a contract on a staged table: all of it, so that every failure is reported at once.

Results hold names, counts and keys, never item texts: they go to manifests, logs and Dagster's event log.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import duckdb

from sg_assets.store.audit.conditions import EXAMPLES, evaluate, key_examples
from sg_assets.store.audit.repeated_keys import repeated_keys
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import Ancestry, StagedTable
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Contract
from sg_assets.store.fingerprints import TableScan


def audit(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    scan: TableScan,
    contract: Contract,
    parameters: Mapping[str, Any],
    *,
    ancestry: Ancestry | None = None,
) -> tuple[AuditResult, ...]:
    """Every result of a contract: columns, key, each check, then each suite's.

    Args:
        connection: Where the relation and the step's inputs can be read.
        relation: The table, as trusted SQL text.
        scan: The scan of the table, counting rows without a key.
        contract: The contract that is held against the table.
        parameters: The recipe's, for checks that name them.
        ancestry: The ancestors of the table and its published version, for suites that compare with them.
    """
    connection.execute(f"CREATE OR REPLACE TEMP VIEW this AS SELECT * FROM {relation}")
    results = [] if contract.columns is None else [_columns(contract.columns, dict(scan.columns))]
    if contract.key:
        results.append(_key(connection, scan, contract.key))
    results += [evaluate(connection, check, contract.key, parameters) for check in contract.checks]
    staged = StagedTable(connection, relation, contract.key, dict(scan.columns), ancestry)
    return (*results, *chain.from_iterable(suite.evaluate(staged) for suite in contract.suites))


def _columns(columns: Sequence[Column], present: Mapping[str, str]) -> AuditResult:
    declared = {column.name: _canonical(column.type) for column in columns}
    differing = [name for name, type_ in declared.items() if present.get(name, type_) != type_]
    wrong = {
        "missing": [name for name in declared if name not in present],
        "extra": [name for name in present if name not in declared],
        "other_type": [f"{name} is {present[name]}, not {declared[name]}" for name in differing],
    }
    observed = {how: names for how, names in wrong.items() if names}
    description = "The columns are exactly the declared ones."
    return AuditResult(name="columns", passed=not observed, blocking=True, description=description, observed=observed)


def _canonical(type_: str) -> str:
    """A type as DuckDB writes it; an unknown type stays as it is, and equals no column's."""
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
            observed |= {"repeated_keys": repeated, "examples": key_examples(key, examples)}
    description = f"Every row has its own {', '.join(key)}."
    return AuditResult(name="key", passed=not observed, blocking=True, description=description, observed=observed)
