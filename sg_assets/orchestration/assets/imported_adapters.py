"""``adapters/imported``: adapters that were trained elsewhere."""

import dagster as dg

from sg_assets.adapters.probe_job import main as probe
from sg_assets.adapters.probe_step import collect_probe, probe_spec
from sg_assets.declarations.asset_names import IMPORTED_ADAPTERS
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.hub.adapter_files import folder_files
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.effect_metadata import effect_of_adapter
from sg_assets.orchestration.external_sources import adapter_folders
from sg_assets.orchestration.pipes import GPU_POOL, run_job
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.training.import_step import import_adapter


def imported_adapter_assets(project: Project) -> dict[str, AssetDef]:
    """``adapters/imported``, where a variant has such an adapter."""
    return {IMPORTED_ADAPTERS: _imported(project)} if IMPORTED_ADAPTERS in project.graph.nodes else {}


def _imported(project: Project) -> AssetDef:
    def recipe(partition: str | None) -> Recipe:
        source = _source(project, partition)
        files = folder_files(source, project.settings.models)
        parameters = {"adapter": recipe_parameters(source), "files": files}
        return project.recipe([import_adapter], parameters, libraries=["peft", "safetensors", "transformers"])

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import_adapter(workspace, _source(project, context.partition_key), project.settings.models)
        spec = probe_spec(workspace, project.declared.profile.generation)
        run_job(project, context, workspace, probe, spec, device=spec.device)
        collect_probe(workspace, spec.output_dir)

    return AssetDef(
        "LoRA adapters that were trained elsewhere: safetensors only, held against their config and their base model,"
        " and stored in the form of our own.",
        recipe, work, frozenset({"huggingface"}), GPU_POOL, metadata=_metadata,
        external_sources=tuple(source.asset for source in adapter_folders(project)),
    )  # fmt: skip


def _source(project: Project, partition: str | None) -> AdapterSource:
    source = project.declared.variants[str(partition)].adapter
    if source is None:
        raise AssertionError("the variant was validated: an imported one has an adapter")
    return source


def _metadata(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    details, source = manifest.details, manifest.parameters["adapter"]
    origin = f"{source['repo']}@{details['commit']}" if "repo" in source else "a folder of this machine"
    return {
        "source": dg.MetadataValue.text(origin),
        "rank": dg.MetadataValue.int(int(details["rank"])),
        "alpha": dg.MetadataValue.float(float(details["alpha"])),
        "target_modules": dg.MetadataValue.text(", ".join(details["target_modules"])),
        "parameters": dg.MetadataValue.int(int(details["parameters"])),
        **effect_of_adapter(manifest),
        "notes": dg.MetadataValue.md("\n".join(f"- {note}" for note in details["notes"]) or "none"),
    }
