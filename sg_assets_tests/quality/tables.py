"""Small tables, and rules to inspect them with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from sg_assets.declarations.records.expectations import Rule
from sg_assets.quality.suites import suites_of
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import StagedTable
from sg_assets.store.engine import connect, parquet

LONG = "The hawker centre near the station opens at seven and the laksa there is gone by noon on most days"


def rule(name: str = "it", **declared: Any) -> Rule:
    return Rule.model_validate({"id": name, "description": "It holds.", **declared})


def expected(expectation: str, name: str = "it", severity: str = "error", **kwargs: Any) -> Rule:
    return rule(name, expectation=expectation, kwargs=kwargs, severity=severity)


def sought(look_for: str, **kwargs: Any) -> Rule:
    return rule(look_for=look_for, kwargs=kwargs)


def results(
    folder: Path,
    frame: pl.DataFrame,
    *rules: Rule,
    key: tuple[str, ...] = ("id",),
    values: Mapping[str, Any] | None = None,
) -> list[AuditResult]:
    """How a table fares under rules, looked at alone."""
    file = folder / "staged.parquet"
    frame.write_parquet(file)
    relation = parquet([file])
    with connect() as connection:
        connection.execute(f"CREATE TEMP VIEW this AS SELECT * FROM {relation}")
        types = {name: str(type_) for name, type_ in frame.schema.items()}
        staged = StagedTable(connection, relation, key, types)
        return [evaluated for suite in suites_of(rules, values or {}) for evaluated in suite.evaluate(staged)]


def result(folder: Path, frame: pl.DataFrame, rule: Rule, **options: Any) -> AuditResult:
    (only,) = results(folder, frame, rule, **options)
    return only


def texts(*given: str | None, side: list[str] | None = None) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"id": [f"t{index:02d}" for index in range(len(given))], "text": given}, {"id": pl.String, "text": pl.String}
    )
    return frame if side is None else frame.with_columns(side=pl.Series(side))
