"""Observing external sources: new content and changed freshness become events in Dagster."""

from datetime import datetime
from typing import Final

import dagster as dg

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.delivery import Clock, utc_now
from sg_assets.alerts.source_freshness import SourceObservation, observe_source
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.checks.freshness import FRESH, evaluate_freshness
from sg_assets.orchestration.external_sources import ExternalSource, external_sources
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_incidents import open_incidents

_DATA_VERSION: Final = "dagster/data_version"


def observe_sources(instance: dg.DagsterInstance, project: Project, now: Clock = utc_now) -> list[str]:
    """Look at every external source; report new content to Dagster, and a freshness that changed.

    Returns:
        The sources whose content or freshness differs from Dagster's last record.
    """
    sources = external_sources(project)
    if not sources:
        return []
    with open_incidents(project, now) as incidents:
        return [source.asset for source in sources if _observe(instance, source, incidents.database, now())]


def _observe(instance: dg.DagsterInstance, source: ExternalSource, database: AlertDatabase, now: datetime) -> bool:
    try:
        seen = observe_source(database, source.asset, source.files(), now)
    except (SgAssetsError, OSError):
        return _report_freshness(instance, source, None, now)
    is_new = _last_data_version(instance, source.key) != seen.digest
    if is_new:
        instance.report_runless_asset_event(_observation(source, seen))
    return _report_freshness(instance, source, seen, now) or is_new


def _observation(source: ExternalSource, seen: SourceObservation) -> dg.AssetObservation:
    return dg.AssetObservation(
        source.key,
        metadata={"files": seen.files, "bytes": seen.bytes, "content_since": seen.since.isoformat()},
        tags={_DATA_VERSION: seen.digest},
    )


def _report_freshness(
    instance: dg.DagsterInstance, source: ExternalSource, seen: SourceObservation | None, now: datetime
) -> bool:
    if source.freshness is None:
        return False
    result = evaluate_freshness(source, source.freshness, seen, now)
    check = dg.AssetCheckKey(source.key, FRESH)
    last = instance.event_log_storage.get_latest_asset_check_execution_by_key([check]).get(check)
    evaluation = None if last is None or last.event is None else last.event.dagster_event
    if evaluation is not None and evaluation.asset_check_evaluation_data.passed == result.passed:
        return False
    instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(
            asset_key=source.key,
            check_name=FRESH,
            passed=result.passed,
            severity=result.severity,
            metadata=result.metadata or {},
        )
    )
    return True


def _last_data_version(instance: dg.DagsterInstance, key: dg.AssetKey) -> str | None:
    records = instance.fetch_observations(dg.AssetRecordsFilter(key), limit=1).records
    observation = records[0].asset_observation if records else None
    return None if observation is None else observation.tags.get(_DATA_VERSION)
