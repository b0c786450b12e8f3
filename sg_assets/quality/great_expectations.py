"""Great Expectations over a staged table, on one DuckDB connection that stays open.

As released (1.24.1 with duckdb-engine 0.17.0) no expectation runs on DuckDB: the library reads results after it closed
their connection, except for the dialects in a fixed list. A single connection that stays open mends this. No project,
store or Data Docs are used: they take minutes where validating takes milliseconds.
"""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")  # read when the library is imported

import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper, Dialect
from great_expectations.core.batch import Batch
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.validator.validator import Validator
from sqlalchemy.dialects import registry
from sqlalchemy.engine.interfaces import ReflectedPrimaryKeyConstraint
from sqlalchemy.pool import StaticPool

from sg_assets.declarations.expectation_types import EXPECTATIONS
from sg_assets.declarations.records.expectations import Rule, Rules
from sg_assets.store.audit.conditions import EXAMPLES, key_examples
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import StagedTable

_TABLE: Final = "this"
_NUMBERS: Final = {
    "element_count": "evaluated",
    "unexpected_count": "failing",
    "missing_count": "missing",
    "observed_value": "observed",
}
"""Numbers of a result that are recorded, and the name of each in the record."""


class ViewsDialect(Dialect):  # type: ignore[misc]
    """DuckDB's dialect for views: they have no primary key, and asking for it costs more than most rules."""

    supports_statement_cache = False  # as in the parent class; the attribute is not inherited

    def get_pk_constraint(self, *_: object, **__: object) -> ReflectedPrimaryKeyConstraint:
        """None."""
        return {"constrained_columns": [], "name": None}


registry.register("duckdb.views", __name__, ViewsDialect.__name__)


class _SingleConnectionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """Runs every query on one connection, so that results can still be read."""

    _open: sa.Connection | None = None

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        if self._open is None:
            self._open = self.engine.connect()
        yield self._open


def evaluate(rules: Rules, staged: StagedTable) -> list[AuditResult]:
    """The results of expectations, in their order. An expectation that cannot be evaluated fails.

    Expectations about single rows are first evaluated as true or false; only those that fail are counted and located.
    Expectations about the table always record the observed number, so that it can be followed over versions.
    """
    by_row = [rule for rule in rules if "mostly" in EXPECTATIONS[str(rule.expectation)]]
    of_table = [rule for rule in rules if rule not in by_row]
    with _validator(staged) as validator:
        results = _validate(validator, of_table, "SUMMARY", staged.key) | _validate(
            validator, by_row, "BOOLEAN_ONLY", ()
        )
        failed = [rule for rule in by_row if not results[rule.id].success]
        results |= _validate(validator, failed, "SUMMARY", staged.key)
    return [_result(rule, results[rule.id], staged.key) for rule in rules]


@contextmanager
def _validator(staged: StagedTable) -> Iterator[Validator]:
    connection = staged.connection.cursor()
    connection.execute(f"CREATE TEMP VIEW {_TABLE} AS SELECT * FROM {staged.relation}")
    pool = sa.create_engine("duckdb+views://", creator=lambda: ConnectionWrapper(connection), poolclass=StaticPool)
    try:
        engine = _SingleConnectionEngine(engine=pool)
        data = SqlAlchemyBatchData(execution_engine=engine, table_name=_TABLE, create_temp_table=False)
        yield Validator(execution_engine=engine, batches=[Batch(data=data)], data_context=_context())
    finally:
        pool.dispose()
        connection.close()


@cache
def _context() -> EphemeralDataContext:
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _validate(
    validator: Validator, rules: Sequence[Rule], detail: str, key: Sequence[str]
) -> dict[str, ExpectationValidationResult]:
    """Results by rule; the library returns them in another order."""
    if not rules:
        return {}
    configurations = [
        get_expectation_impl(str(rule.expectation))(**rule.kwargs, meta={"rule": rule.id}).configuration
        for rule in rules
    ]
    form = {"result_format": detail, "partial_unexpected_count": EXAMPLES}
    if key:
        form["unexpected_index_column_names"] = list(key)
    results = validator.graph_validate(configurations=configurations, runtime_configuration={"result_format": form})
    return {result.expectation_config.meta["rule"]: result for result in results}


def _result(rule: Rule, result: ExpectationValidationResult, key: Sequence[str]) -> AuditResult:
    return AuditResult(
        name=rule.id,
        passed=bool(result.success),
        blocking=rule.blocking,
        description=rule.description,
        observed=_observed(result, key),
    )


def _observed(result: ExpectationValidationResult, key: Sequence[str]) -> dict[str, Any]:
    error = _error(result.exception_info)
    if error is not None:
        return {"error": error}
    # Other fields of a result may hold values of the table, and so texts.
    values = {name: result.result.get(kept) for kept, name in _NUMBERS.items()}
    observed = {name: value for name, value in values.items() if isinstance(value, int | float)}
    rows = result.result.get("partial_unexpected_index_list") or []
    examples = key_examples(key, sorted([row[name] for name in key] for row in rows[:EXAMPLES])) if key else []
    return {**observed, "examples": examples} if examples else observed


def _error(info: Mapping[str, Any] | None) -> str | None:
    """The kind of error that prevented an evaluation; its message is left out, for it may quote a value."""
    whole = info or {}
    entries = [whole, *(value for value in whole.values() if isinstance(value, dict))]
    for entry in entries:
        if entry.get("raised_exception"):
            last = str(entry.get("exception_traceback")).strip().splitlines()[-1]
            return last.split(":", maxsplit=1)[0].rsplit(".", maxsplit=1)[-1]
    return None
