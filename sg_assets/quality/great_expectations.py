"""Great Expectations over a staged table, on one DuckDB connection that stays open.

As released (1.24.1 with duckdb-engine 0.17.0) no expectation runs on DuckDB: results are read after the connection they
came by was closed, because only the dialects of a fixed list keep theirs. Holding one connection mends it. There is no
project, no store and no Data Docs: they take minutes where validating takes milliseconds.
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
"""What of a result is kept, where it is a number, and under which name."""


class ViewsDialect(Dialect):  # type: ignore[misc]
    """DuckDB's, for a database of views: none has a primary key, and asking for one costs more than most rules."""

    supports_statement_cache = False  # as its parent's; it is not inherited

    def get_pk_constraint(self, *_: object, **__: object) -> ReflectedPrimaryKeyConstraint:
        """None."""
        return {"constrained_columns": [], "name": None}


registry.register("duckdb.views", __name__, ViewsDialect.__name__)


class _HeldEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
    """Runs every query on one connection, so that results can still be read."""

    _held: sa.Connection | None = None

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        if self._held is None:
            self._held = self.engine.connect()
        yield self._held


def evaluate(rules: Rules, staged: StagedTable) -> list[AuditResult]:
    """The results of expectations, in their order. What cannot be evaluated has not passed.

    Those about single rows are first asked whether they hold, and only those that do not how often and where. Others
    tell the number they saw in any case, so that it can be followed over versions.
    """
    by_row = [rule for rule in rules if "mostly" in EXPECTATIONS[str(rule.expectation)]]
    of_table = [rule for rule in rules if rule not in by_row]
    with _validator(staged) as validator:
        found = _validate(validator, of_table, "SUMMARY", staged.key) | _validate(validator, by_row, "BOOLEAN_ONLY", ())
        failed = [rule for rule in by_row if not found[rule.id].success]
        found |= _validate(validator, failed, "SUMMARY", staged.key)
    return [_result(rule, found[rule.id], staged.key) for rule in rules]


@contextmanager
def _validator(staged: StagedTable) -> Iterator[Validator]:
    connection = staged.connection.cursor()
    connection.execute(f"CREATE TEMP VIEW {_TABLE} AS SELECT * FROM {staged.relation}")
    pool = sa.create_engine("duckdb+views://", creator=lambda: ConnectionWrapper(connection), poolclass=StaticPool)
    try:
        engine = _HeldEngine(engine=pool)
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
    """Results by rule; the library returns them in an order of its own."""
    if not rules:
        return {}
    asked = [
        get_expectation_impl(str(rule.expectation))(**rule.kwargs, meta={"rule": rule.id}).configuration
        for rule in rules
    ]
    form = {"result_format": detail, "partial_unexpected_count": EXAMPLES}
    if key:
        form["unexpected_index_column_names"] = list(key)
    results = validator.graph_validate(configurations=asked, runtime_configuration={"result_format": form})
    return {one.expectation_config.meta["rule"]: one for one in results}


def _result(rule: Rule, found: ExpectationValidationResult, key: Sequence[str]) -> AuditResult:
    return AuditResult(
        name=rule.id,
        passed=bool(found.success),
        blocking=rule.blocking,
        description=rule.description,
        observed=_observed(found, key),
    )


def _observed(found: ExpectationValidationResult, key: Sequence[str]) -> dict[str, Any]:
    error = _error(found.exception_info)
    if error is not None:
        return {"error": error}
    # Whatever else a result holds may be a value of the table, so a text.
    told = {name: found.result.get(kept) for kept, name in _NUMBERS.items()}
    observed = {name: value for name, value in told.items() if isinstance(value, int | float)}
    places = found.result.get("partial_unexpected_index_list") or []
    examples = key_examples(key, sorted([place[name] for name in key] for place in places[:EXAMPLES])) if key else []
    return {**observed, "examples": examples} if examples else observed


def _error(info: Mapping[str, Any] | None) -> str | None:
    """What kind of error kept an expectation from being evaluated; its message may quote a value."""
    one = info or {}
    raised = [one, *(value for value in one.values() if isinstance(value, dict))]
    for told in raised:
        if told.get("raised_exception"):
            last = str(told.get("exception_traceback")).strip().splitlines()[-1]
            return last.split(":", maxsplit=1)[0].rsplit(".", maxsplit=1)[-1]
    return None
