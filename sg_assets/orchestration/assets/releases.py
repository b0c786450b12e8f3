"""``reports/release``: what goes out of each variant that the profile releases."""

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.asset_names import RELEASE
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.assets.model_cards import LICENCES, licences
from sg_assets.orchestration.effect_metadata import effect_seen
from sg_assets.orchestration.pipes import run_job
from sg_assets.orchestration.project import Project
from sg_assets.release.merge_job import main as merge
from sg_assets.release.merge_spec import LIBRARIES
from sg_assets.release.release_step import collect_merge, finish_release, merge_spec, prepare_release
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace


def release_assets(project: Project) -> dict[str, AssetDef]:
    """``reports/release``, where the profile releases some variant."""
    return {RELEASE: _releases(project)} if RELEASE in project.graph.nodes else {}


def _releases(project: Project) -> AssetDef:
    profile = project.declared.profile
    declared = profile.release

    def recipe(_: str | None) -> Recipe:
        merging: list[Entry] = [merge_spec, merge, collect_merge] if declared.merged else []
        parameters = {"despite": declared.despite, "merged": declared.merged}
        libraries = LIBRARIES if declared.merged else ()
        return project.recipe([prepare_release, finish_release, *LICENCES, *merging], parameters, libraries=libraries)

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        variant = context.partition_key
        method = project.declared.variants[variant].method
        prepare_release(workspace, profile, licences(project, variant))
        if declared.merged:
            spec = merge_spec(workspace, method, profile.generation)
            run_job(project, context, workspace, merge, spec)
            collect_merge(workspace, spec.facts)
        finish_release(workspace, method)

    return AssetDef(
        "The files released of a variant: its adapter, its card, manifest and marks of every version behind them, and a"
        " digest of every file. Refused where an objective that blocks a release is not met, or a licence is not"
        " declared.",
        recipe, work, frozenset({"huggingface"}), metadata=lambda manifest: _metadata(project, manifest),
    )  # fmt: skip


def _metadata(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    folder = project.store.path(manifest)
    listed = [name for name in sorted(manifest.files) if not name.startswith(("manifests/", "marks/"))]
    rows = [f"| {name} | {(folder / name).stat().st_size:,} |" for name in listed]
    others, command = len(manifest.files) - len(listed), f"sg-assets release {manifest.partition} FOLDER"
    rest = f"and {others} manifests and marks; `{command}` copies it"
    return {
        **effect_seen(manifest),
        "files": dg.MetadataValue.md("\n".join(["| file | bytes |", "|---|---:|", *rows, "", rest])),
    }
