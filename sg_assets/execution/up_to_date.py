"""Telling, without a run, what is current and known to Dagster as such: running it would only say so once more."""

from collections.abc import Mapping

import dagster as dg

from sg_assets.declarations.batches import Batch
from sg_assets.orchestration.asset_def import AssetDef, step_of
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import is_current


class Confirming:
    """Looks at batches whose inputs are there."""

    def __init__(self, project: Project, asset_defs: Mapping[str, AssetDef], instance: dg.DagsterInstance) -> None:
        """Look with a project's steps, at an instance's records."""
        self._project = project
        self._makings = asset_defs
        self._instance = instance

    def __call__(self, batch: Batch) -> bool:
        """Whether a run of the batch would find nothing to do, and Dagster's last record of each asset says what is."""
        return all(self._is_made(asset, batch.partition) for asset in batch.assets if asset in self._makings) and all(
            self._is_recorded(self._project.store.required_head(ref)) for ref in batch.refs
        )

    def _is_made(self, asset: str, partition: str | None) -> bool:
        step = step_of(self._project, asset, self._makings[asset], partition)
        return is_current(self._project.store, step.ref, step.inputs, step.recipe, extra_outputs=step.extra_outputs)

    def _is_recorded(self, head: Manifest) -> bool:
        partitions = None if head.partition is None else [head.partition]
        wanted = dg.AssetRecordsFilter(dg.AssetKey(head.asset.split("/")), asset_partitions=partitions)
        records = self._instance.fetch_materializations(wanted, limit=1).records
        last = records[0].asset_materialization if records else None
        return last is not None and _said(last, "version") == head.version


def _said(materialization: dg.AssetMaterialization, name: str) -> object:
    value = materialization.metadata.get(name)
    return None if value is None else value.value
