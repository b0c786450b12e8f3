"""What every table is held to before it is published, as the store audits it and as Dagster shows it."""

import warnings
from collections.abc import Sequence

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

# One status per partition is what a partitioned table needs; the parameter is in preview since 1.13.
warnings.filterwarnings("ignore", message=r".*partitions_def on an AssetCheckSpec", category=dg.PreviewWarning)


def contract_of(project: Project, asset: str, key: tuple[str, ...], partition: str | None = None) -> Contract:
    """The contract of a partition of a table: its key, its columns, and all that is declared of its rows.

    An asset that is no table is held to nothing.
    """
    if asset not in project.tables:
        return Contract(key)
    columns = tuple(Column(one.name, one.type, one.description) for one in project.tables[asset])
    rules = rules_of(project.declared.expectations, asset)
    values = sql_parameters(project.declared, space_of(project.declared, project.graph, asset), partition)
    return Contract(
        key, columns, (*_checks(project, asset), *checks_of(rules, values)), suites_of(rules, values)
    )  # fmt: skip


def check_specs(
    project: Project, asset: str, partitions: dg.PartitionsDefinition[str] | None
) -> list[dg.AssetCheckSpec]:
    """One Dagster check per demand of a table's contract."""
    if asset not in project.tables:
        return []
    known = [
        ("columns", "The columns are exactly the declared ones.", True),
        ("key", "Every row has a key of its own.", True),
        *((one.name, one.description, one.blocking) for one in _checks(project, asset)),
        *((one.id, one.description, one.blocking) for one in rules_of(project.declared.expectations, asset)),
    ]
    return [
        dg.AssetCheckSpec(
            name,
            asset=dg.AssetKey(asset.split("/")),
            description=description,
            blocking=blocking,
            partitions_def=partitions,
        )
        for name, description, blocking in known
    ]


def check_results(asset: str, audit: Sequence[AuditResult], **told: str) -> list[dg.AssetCheckResult]:
    """A version's audit as Dagster evaluations.

    Args:
        asset: The table.
        audit: Its results.
        told: Further metadata of every evaluation.
    """
    return [
        dg.AssetCheckResult(
            check_name=one.name,
            asset_key=dg.AssetKey(asset.split("/")),
            passed=one.passed,
            severity=dg.AssetCheckSeverity.ERROR if one.blocking else dg.AssetCheckSeverity.WARN,
            metadata={**{name: _value(value) for name, value in one.observed.items()}, **told},
        )
        for one in audit
    ]


def held_back(error: QuarantinedError) -> dict[str, str]:
    """What an evaluation says of a version that was not published."""
    published = "none yet" if error.published is None else f"{error.published.version}, current and unaffected"
    return {
        "candidate": error.candidate.version,
        "published": published,
        "release": f"sg-assets publish {error.candidate.version}",
    }


def _checks(project: Project, asset: str) -> list[Check]:
    """What is declared of a table: in its SQL file's header, or as objectives."""
    if asset == OBJECTIVES:
        return [_objective(one) for one in project.declared.profile.objectives]
    return [_check(one) for one in sql_checks(project.declared, project.graph, asset)]


def _objective(declared: Objective) -> Check:
    # A score is true whatever it is, so an objective that is not met is told and published.
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
        return dg.MetadataValue.md("\n".join(f"- `{one}`" for one in value))
    return dg.MetadataValue.text(str(value))
