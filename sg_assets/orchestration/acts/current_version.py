"""The events of a version that an act made current: as its materialization would show it, and its checks.

Dagster knows of what is current by the last materialization of a partition. An act records one, so that the asset's
page, its data version and what Dagster calls unsynced follow it.
"""

from collections.abc import Iterable, Iterator, Mapping

import dagster as dg

from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.checks.contracts import check_results, check_specs
from sg_assets.orchestration.metadata import describe
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Outcome

_DATA_VERSION = "dagster/data_version"
_USER_PROVIDED = "dagster/data_version_is_user_provided"
_PAGE = 100
"""Materializations read at a time."""


def current_events(
    instance: dg.DagsterInstance,
    project: Project,
    asset_defs: Mapping[str, AssetDef],
    outcome: Outcome,
    shown: Mapping[str, str],
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    """The materialization of a version that is current now, and the evaluations of its checks.

    Args:
        instance: Dagster's records, which may know the version's first materialization.
        project: The project.
        asset_defs: How assets are made, with their pictures and monitors.
        outcome: The version, and what was current before.
        shown: What the act says of it, by name.
    """
    manifest = outcome.manifest
    asset_def = asset_defs.get(manifest.asset)
    pictures = {} if asset_def is None else asset_def.metadata(manifest)
    described = describe(outcome, project.store, project.tables.get(manifest.asset, ()))
    said = {name: dg.MetadataValue.text(text) for name, text in {"version": manifest.version, **shown}.items()}
    yield dg.AssetMaterialization(
        asset_key=dg.AssetKey(manifest.asset.split("/")),
        partition=manifest.partition,
        description=f"{shown['outcome']}: {shown['why']}",
        metadata={**said, **pictures, **{name: value for name, value in described.items() if name not in said}},
        tags=_data_version_tags(instance, manifest),
    )
    defined = {spec.name for spec in check_specs(project, manifest.asset, None)}
    audited = check_results(manifest.asset, manifest.audit, version=manifest.version)
    yield from _evaluations([result for result in audited if result.check_name in defined], manifest)
    if asset_def is not None:
        yield from _evaluations([monitor.evaluate(manifest) for monitor in asset_def.monitors], manifest)


def _data_version_tags(instance: dg.DagsterInstance, manifest: Manifest) -> dict[str, str]:
    """The tags by which Dagster compares data versions: those of the version's first materialization, if any.

    They say which inputs it was built from. A version from quarantine has no materialization yet.
    """
    first = _materialization(instance, manifest)
    recorded = None if first is None else first.tags
    return {**(recorded or {}), _DATA_VERSION: manifest.fingerprint, _USER_PROVIDED: "true"}


def _materialization(instance: dg.DagsterInstance, manifest: Manifest) -> dg.AssetMaterialization | None:
    partitions = None if manifest.partition is None else [manifest.partition]
    wanted = dg.AssetRecordsFilter(dg.AssetKey(manifest.asset.split("/")), asset_partitions=partitions)
    cursor, has_more = None, True
    while has_more:
        page = instance.fetch_materializations(wanted, limit=_PAGE, cursor=cursor)
        for record in page.records:
            materialization = record.asset_materialization
            version = None if materialization is None else materialization.metadata.get("version")
            if version is not None and version.value == manifest.version:
                return materialization
        cursor, has_more = page.cursor, page.has_more
    return None


def _evaluations(results: Iterable[dg.AssetCheckResult], manifest: Manifest) -> Iterator[dg.AssetCheckEvaluation]:
    for result in results:
        yield dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey(manifest.asset.split("/")),
            check_name=str(result.check_name),
            passed=result.passed,
            severity=result.severity,
            description=result.description,
            metadata=result.metadata,
            partition=manifest.partition,
        )
