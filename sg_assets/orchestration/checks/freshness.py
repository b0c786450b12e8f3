"""The check ``fresh``: the content of an external source changed within its declared greatest age."""

from datetime import datetime
from typing import Final

import dagster as dg

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.delivery import utc_now
from sg_assets.alerts.source_freshness import SourceObservation, observe_source
from sg_assets.declarations.records.alerts import Freshness
from sg_assets.orchestration.external_sources import ExternalSource, external_sources
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_incidents import incidents_path

FRESH: Final = "fresh"


def freshness_checks(project: Project) -> list[dg.AssetChecksDefinition]:
    """A check for each source with a declared age, which the UI can execute and the sensor evaluates by itself."""
    return [
        _freshness_check(project, source, source.freshness)
        for source in external_sources(project)
        if source.freshness is not None
    ]


def evaluate_freshness(
    source: ExternalSource, declared: Freshness, seen: SourceObservation | None, now: datetime
) -> dg.AssetCheckResult:
    """Whether a source's content is younger than declared.

    Args:
        source: The source.
        declared: Its greatest age.
        seen: Its content; None where it could not be read.
        now: The time.
    """
    hours = None if seen is None else round(seen.age(now).total_seconds() / 3600, 1)
    severity = dg.AssetCheckSeverity.WARN if declared.severity == "warning" else dg.AssetCheckSeverity.ERROR
    metadata: dict[str, float | int] = {"at_most_hours": declared.max_age_hours, "readable": int(seen is not None)}
    return dg.AssetCheckResult(
        asset_key=source.key,
        check_name=FRESH,
        passed=hours is not None and hours <= declared.max_age_hours,
        severity=severity,
        metadata=metadata if hours is None else {"hours_unchanged": hours, **metadata},
    )


def _freshness_check(project: Project, source: ExternalSource, declared: Freshness) -> dg.AssetChecksDefinition:
    description = f"Its content changed in the last {declared.max_age_hours:g} hours."

    @dg.asset_check(asset=source.key, name=FRESH, description=description)
    def fresh() -> dg.AssetCheckResult:
        database = AlertDatabase(incidents_path(project))
        try:
            now = utc_now()
            return evaluate_freshness(
                source, declared, observe_source(database, source.asset, source.files(), now), now
            )
        finally:
            database.close()

    return fresh
