"""The contract of every table: what the store audits before publishing, and the Dagster checks that show it."""

import warnings
from collections.abc import Mapping, Sequence

import dagster as dg

from sg_assets.declarations.asset_names import OBJECTIVES
from sg_assets.declarations.parameters import sql_parameters
from sg_assets.declarations.records.expectations import rules_of
from sg_assets.declarations.records.objective import Objective
from sg_assets.declarations.sql import SqlCheck
from sg_assets.declarations.validate.expectations import space_of, sql_checks
from sg_assets.orchestration.project import Project
from sg_assets.quality.suites import checks_of, suites_of
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.quarantine import QuarantinedError

# A partitioned table needs a status for each partition; the parameter is in preview since 1.13.
warnings.filterwarnings("ignore", message=r".*partitions_def on an AssetCheckSpec", category=dg.PreviewWarning)


def contract_of(project: Project, asset: str, key: tuple[str, ...], partition: str | None = None) -> Contract:
    """The contract of a partition of a table: its key, its columns, and all that is declared of its rows.

    An asset that is no table has only a key.
    """
    if asset not in project.tables:
        return Contract(key)
    columns = tuple(Column(column.name, column.type, column.description) for column in project.tables[asset])
    rules = rules_of(project.declared.expectations, asset)
    values = sql_parameters(project.declared, space_of(project.declared, project.graph, asset), partition)
    return Contract(
        key, columns, (*_checks(project, asset), *checks_of(rules, values)), suites_of(rules, values)
    )  # fmt: skip


def check_specs(
    project: Project, asset: str, partitions: dg.PartitionsDefinition[str] | None
) -> list[dg.AssetCheckSpec]:
    """One Dagster check per rule of a table's contract."""
    if asset not in project.tables:
        return []
    described = [
        ("columns", "The columns are exactly the declared ones.", True),
        ("key", "Every row's key is unique.", True),
        *((check.name, check.description, check.blocking) for check in _checks(project, asset)),
        *((rule.id, rule.description, rule.blocking) for rule in rules_of(project.declared.expectations, asset)),
    ]
    return [
        dg.AssetCheckSpec(
            name,
            asset=dg.AssetKey(asset.split("/")),
            description=description,
            blocking=blocking,
            partitions_def=partitions,
        )
        for name, description, blocking in described
    ]


def check_results(
    asset: str,
    audit: Sequence[AuditResult],
    *,
    failed: Mapping[str, dg.MetadataValue] | None = None,
    **metadata: str,
) -> list[dg.AssetCheckResult]:
    """A version's audit as Dagster evaluations.

    Args:
        asset: The table.
        audit: Its results.
        failed: Further metadata of the evaluations that failed.
        metadata: Further metadata of every evaluation.
    """
    return [
        dg.AssetCheckResult(
            check_name=result.name,
            asset_key=dg.AssetKey(asset.split("/")),
            passed=result.passed,
            severity=dg.AssetCheckSeverity.ERROR if result.blocking else dg.AssetCheckSeverity.WARN,
            metadata={
                **{name: _value(value) for name, value in result.observed.items()},
                **metadata,
                **({} if result.passed else failed or {}),
            },
        )
        for result in audit
    ]


def quarantine_metadata(error: QuarantinedError) -> dict[str, str]:
    """Metadata of the evaluations of a version that is quarantined."""
    published = "none yet" if error.published is None else f"{error.published.version}, current and unaffected"
    return {
        "candidate": error.candidate.version,
        "published": published,
        "compare": f"sg-assets why {error.candidate.version}",
        "release": f"sg-assets publish {error.candidate.version}",
    }


def _checks(project: Project, asset: str) -> list[Check]:
    """The declared checks of a table: in its SQL file's header, or as objectives."""
    if asset == OBJECTIVES:
        return [_objective(objective) for objective in project.declared.profile.objectives]
    return [_check(check) for check in sql_checks(project.declared, project.graph, asset)]


def _objective(declared: Objective) -> Check:
    # A score is true whatever it is, so an objective that is not met warns and is published.
    return Check(
        declared.id, declared.description, f"objective <> '{declared.id}' OR outcome = 'met'", blocking=False
    )  # fmt: skip


def _check(declared: SqlCheck) -> Check:
    return Check(declared.name, _sentence(declared), declared.expression, declared.blocking)


def _sentence(declared: SqlCheck) -> str:
    return f"{declared.name.replace('_', ' ').capitalize()}."


def _value(value: object) -> dg.MetadataValue:
    if isinstance(value, bool | int):
        return dg.MetadataValue.int(int(value))
    if isinstance(value, float):
        return dg.MetadataValue.float(value)
    if isinstance(value, list):
        return dg.MetadataValue.md("\n".join(f"- `{item}`" for item in value))
    return dg.MetadataValue.text(str(value))
