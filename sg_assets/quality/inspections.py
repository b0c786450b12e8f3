"""Evaluation of declared inspections, rule by rule."""

from collections.abc import Callable, Mapping
from typing import Any

import duckdb

from sg_assets.declarations.records.expectations import Rule
from sg_assets.quality.agreement import agreement
from sg_assets.quality.drift import label_drift, length_drift, rows_lost, vocabulary_drift
from sg_assets.quality.duplicates import duplicates
from sg_assets.quality.findings import Finding
from sg_assets.quality.listed_values import listed_values
from sg_assets.quality.near_duplicates import near_duplicates
from sg_assets.quality.overlap import overlap
from sg_assets.quality.personal_data import personal_data
from sg_assets.quality.readability import unreadable_texts
from sg_assets.store.audit.conditions import error_message
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import StagedTable

_Evaluator = Callable[[StagedTable, Any, Mapping[str, Any]], Finding]
EVALUATORS: Mapping[str, _Evaluator] = {
    "duplicates": duplicates,
    "near_duplicates": near_duplicates,
    "overlap": overlap,
    "personal_data": personal_data,
    "unreadable": unreadable_texts,
    "listed_values": listed_values,
    "rows_lost": rows_lost,
    "label_drift": label_drift,
    "length_drift": length_drift,
    "vocabulary_drift": vocabulary_drift,
    "agreement": agreement,
}


def inspect(rule: Rule, values: Mapping[str, Any], staged: StagedTable) -> AuditResult:
    """Evaluate a rule on a staged table. A rule that raises an error fails."""
    try:
        finding = EVALUATORS[str(rule.look_for)](staged, rule.inspection, values)
        passed, observed = finding.passed, finding.observed
    except duckdb.Error as error:
        passed, observed = False, {"error": error_message(error)}
    return AuditResult(
        name=rule.id, passed=passed, blocking=rule.blocking, description=rule.description, observed=observed
    )
