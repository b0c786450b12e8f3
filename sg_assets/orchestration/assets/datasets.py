"""``mirrors/*`` and ``datasets/*``: the datasets that a profile reads, of the hub or of a folder."""

import dagster as dg

from sg_assets.declarations.kinds.datasets import DATASET_TABLE, MIRROR, column_parameters, file_parameters
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.records.dataset import ROW_ID, Dataset
from sg_assets.hub.mirror_step import folder_files, mirror_dataset
from sg_assets.ingest.dataset_step import read_mirror
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace


def dataset_assets(project: Project) -> dict[str, AssetDef]:
    """The files and rows of every dataset that the profile reads."""
    made = {MIRROR: _mirror, DATASET_TABLE: _table}
    return {
        asset: make(project, project.declared.datasets[kind.table_of(asset)])
        for asset in project.graph.nodes
        for kind, make in made.items()
        if kind_of(asset) is kind
    }


def _mirror(project: Project, dataset: Dataset) -> AssetDef:
    root = project.settings.models

    def recipe(_: str | None) -> Recipe:
        parameters = {"dataset": file_parameters(dataset), "files": folder_files(dataset, root)}
        return project.recipe([mirror_dataset], parameters)

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        mirror_dataset(workspace, dataset, root, context.log.info)

    return AssetDef(
        f"The data files as they are published, copied once, of: {dataset.description}",
        recipe, work, frozenset({"huggingface"}), metadata=_metadata,
    )  # fmt: skip


def _table(project: Project, dataset: Dataset) -> AssetDef:
    mirror = MIRROR.of(dataset.name)

    def recipe(_: str | None) -> Recipe:
        return project.recipe([read_mirror], {"columns": column_parameters(dataset)}, key=(ROW_ID,))

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        read_mirror(workspace, mirror, dataset.columns)

    return AssetDef(f"The rows with the declared columns of: {dataset.description}", recipe, work)


def _metadata(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    details, source = manifest.details, manifest.parameters["dataset"]
    origin = f"{source['repo']}@{details['commit']}" if "repo" in source else "a folder of this machine"
    return {
        "source": dg.MetadataValue.text(origin),
        "data_files": dg.MetadataValue.int(int(details["files"])),
        "bytes": dg.MetadataValue.int(int(details["bytes"])),
    }
