"""Sources that lie outside: observed, never made. Their data version is the digest of their files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import dagster as dg

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.source_freshness import Seen, look
from sg_assets.declarations.asset_names import COMMENT_FILES, TOXIGEN_FILES
from sg_assets.declarations.records.alerts import Freshness, Source
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.project import Project

FRESH = "fresh"
_DATA_VERSION = "dagster/data_version"
Files = list[tuple[str, Path]]


@dataclass(frozen=True)
class Observed:
    """A source outside."""

    asset: str
    description: str
    files: Callable[[], Files]
    """Its files now, by name.

    Raises:
        SgAssetsError: the folder is gone, or holds what cannot be read.
    """
    freshness: Freshness | None

    @property
    def key(self) -> dg.AssetKey:
        """Its key in Dagster."""
        return dg.AssetKey(self.asset.split("/"))


def observed_sources(project: Project) -> list[Observed]:
    """The sources of a project that lie outside; none where everything is generated."""
    settings = project.settings
    found: list[tuple[Source, str, str, Path | None, Callable[[Path], Files]]] = [
        ("comments", COMMENT_FILES, "The comments in SG_RAW, as they lie there.", settings.raw, _comment_files),
        ("toxigen", TOXIGEN_FILES, "The prompts in SG_TOXIGEN_DIR, as they lie there.", settings.toxigen, _toxigen),
    ]
    return [
        Observed(asset, description, _bound(files, folder), project.declared.alerts.max_age(source))
        for source, asset, description, folder, files in found
        if folder is not None
    ]


def source_specs(project: Project) -> list[dg.AssetSpec]:
    """The sources as external assets."""
    return [
        dg.AssetSpec(one.key, description=one.description, group_name="raw", kinds={"file"})
        for one in observed_sources(project)
    ]


def freshness_checks(
    project: Project, opened: Callable[[], AlertDatabase], now: Callable[[], datetime]
) -> list[dg.AssetChecksDefinition]:
    """A check for each source with a declared age, which the UI can execute and the sensor evaluates by itself."""
    return [
        _freshness_check(one, one.freshness, opened, now)
        for one in observed_sources(project)
        if one.freshness is not None
    ]


def observe(
    instance: dg.DagsterInstance, sources: Sequence[Observed], tables: AlertDatabase, now: datetime
) -> list[str]:
    """Look at every source; tell Dagster of a new content, and of a freshness that changed.

    Returns:
        The sources whose content or freshness is another than what Dagster knew.
    """
    return [one.asset for one in sources if _observe(instance, one, tables, now)]


def _observe(instance: dg.DagsterInstance, source: Observed, tables: AlertDatabase, now: datetime) -> bool:
    try:
        seen = look(tables, source.asset, source.files(), now)
    except (SgAssetsError, OSError):
        return _report_freshness(instance, source, None, now)
    is_new = _known_version(instance, source.key) != seen.digest
    if is_new:
        instance.report_runless_asset_event(_observation(source, seen))
    return _report_freshness(instance, source, seen, now) or is_new


def _observation(source: Observed, seen: Seen) -> dg.AssetObservation:
    return dg.AssetObservation(
        source.key,
        metadata={"files": seen.files, "bytes": seen.bytes, "content_since": seen.since.isoformat()},
        tags={_DATA_VERSION: seen.digest},
    )


def _report_freshness(instance: dg.DagsterInstance, source: Observed, seen: Seen | None, now: datetime) -> bool:
    if source.freshness is None:
        return False
    result = _evaluated(source, source.freshness, seen, now)
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


def _freshness_check(
    source: Observed, declared: Freshness, opened: Callable[[], AlertDatabase], now: Callable[[], datetime]
) -> dg.AssetChecksDefinition:
    description = f"Its content changed in the last {declared.max_age_hours:g} hours."

    @dg.asset_check(asset=source.key, name=FRESH, description=description)
    def fresh() -> dg.AssetCheckResult:
        tables = opened()
        try:
            return _evaluated(source, declared, look(tables, source.asset, source.files(), now()), now())
        finally:
            tables.close()

    return fresh


def _evaluated(source: Observed, declared: Freshness, seen: Seen | None, now: datetime) -> dg.AssetCheckResult:
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


def _known_version(instance: dg.DagsterInstance, key: dg.AssetKey) -> str | None:
    records = instance.fetch_observations(dg.AssetRecordsFilter(key), limit=1).records
    observation = records[0].asset_observation if records else None
    return None if observation is None else observation.tags.get(_DATA_VERSION)


def _bound(files: Callable[[Path], Files], folder: Path) -> Callable[[], Files]:
    return lambda: files(folder)


def _comment_files(folder: Path) -> Files:
    from sg_assets.ingest.files import data_files

    return [(one.name, one.path) for one in data_files(folder)]


def _toxigen(folder: Path) -> Files:
    from sg_assets.ingest.toxigen import prompt_files

    return [(path.name, path) for path, _, _ in prompt_files(folder)]
