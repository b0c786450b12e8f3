"""Which batches need no run: their partitions are current, and Dagster's last materializations say so."""

from collections.abc import Mapping

import dagster as dg

from sg_assets.declarations.batches import Batch
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.step_spec import step_spec
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import is_current


class UpToDateCheck:
    """Looks at batches whose inputs exist."""

    def __init__(self, project: Project, asset_defs: Mapping[str, AssetDef], instance: dg.DagsterInstance) -> None:
        """Compare a project's steps with its store and with an instance's records."""
        self._project = project
        self._asset_defs = asset_defs
        self._instance = instance

    def __call__(self, batch: Batch) -> bool:
        """Whether a run of the batch would find nothing to do, and Dagster's last record of each asset is current."""
        named = [asset for asset in batch.assets if asset in self._asset_defs]
        return all(self._is_current(asset, batch.partition) for asset in named) and all(
            self._is_recorded(self._project.store.required_head(ref)) for ref in batch.refs
        )

    def _is_current(self, asset: str, partition: str | None) -> bool:
        spec = step_spec(self._project, asset, self._asset_defs[asset], partition)
        return is_current(self._project.store, spec.ref, spec.inputs, spec.recipe, extra_outputs=spec.extra_outputs)

    def _is_recorded(self, head: Manifest) -> bool:
        partitions = None if head.partition is None else [head.partition]
        wanted = dg.AssetRecordsFilter(dg.AssetKey(head.asset.split("/")), asset_partitions=partitions)
        records = self._instance.fetch_materializations(wanted, limit=1).records
        last = records[0].asset_materialization if records else None
        return last is not None and _metadata_value(last, "version") == head.version


def _metadata_value(materialization: dg.AssetMaterialization, name: str) -> object:
    value = materialization.metadata.get(name)
    return None if value is None else value.value
