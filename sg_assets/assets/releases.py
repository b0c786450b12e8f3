"""``reports/release``: what goes out of each variant that the profile releases."""

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.jobs import run_job
from sg_assets.assets.model_cards import CARD_FILE, held_to, licences
from sg_assets.assets.project import Project
from sg_assets.declarations.graph import MODEL_CARD, RELEASE
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace


def release_assets(project: Project) -> dict[str, Making]:
    """``reports/release``, where the profile releases some variant."""
    return {RELEASE: _releases(project)} if RELEASE in project.graph.nodes else {}


def _releases(project: Project) -> Making:
    declared = project.declared.profile.release

    def recipe(_: str | None) -> Recipe:
        from sg_assets.release.merge_spec import LIBRARIES

        modules = ["release.assembling", "release.refusing", *(["release.merging"] if declared.merged else [])]
        parameters = {"despite": declared.despite, "merged": declared.merged}
        return project.recipe(modules, parameters, libraries=LIBRARIES if declared.merged else ())

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        from sg_assets.release.assembling import assemble

        _require_releasable(project, workspace, context.partition_key)
        workspace.result_folder.mkdir()
        method = project.declared.variants[context.partition_key].method
        if declared.merged:
            _merge(workspace, context, method)
        assemble(
            workspace.result_folder,
            adapter=workspace.input_path(f"adapters/{method}"),
            base=workspace.input_path("models/chat"),
            card=workspace.input_path(MODEL_CARD) / CARD_FILE,
            store=project.store,
            made_from=[one for pinned in workspace.inputs.values() for one in pinned],
        )

    return Making(
        "What goes out of a variant: its adapter, its card, manifest and marks of every version behind them, and a"
        " digest of every file. Refused where an objective that blocks a release is not met, or a licence is not"
        " declared.",
        recipe, run, frozenset({"huggingface"}), pictures=lambda manifest: _pictures(project, manifest),
    )  # fmt: skip


def _require_releasable(project: Project, workspace: Workspace, variant: str) -> None:
    from sg_assets.release.refusing import require_releasable

    profile = project.declared.profile
    file = f"models/profiles/{profile.name}.yaml"
    found = held_to(project, workspace)
    require_releasable(variant, found, profile.release.despite, licences(project, variant), profile=file)


def _merge(workspace: Workspace, context: dg.AssetExecutionContext, method: str) -> None:
    from sg_assets.hub.fetch import model_folder
    from sg_assets.release.assembling import MERGED
    from sg_assets.release.merge_spec import MergeSpec

    base = model_folder(workspace.input_path("models/chat"))
    spec = MergeSpec(
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        adapter=workspace.input_path(f"adapters/{method}"),
        output_dir=workspace.result_folder / MERGED,
    )
    run_job(context, workspace, "sg_assets.release.merging", spec)


def _pictures(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    folder = project.store.path(manifest)
    listed = [name for name in sorted(manifest.files) if not name.startswith(("manifests/", "marks/"))]
    rows = [f"| {name} | {(folder / name).stat().st_size:,} |" for name in listed]
    others, command = len(manifest.files) - len(listed), f"sg-assets release {manifest.partition} FOLDER"
    told = f"and {others} manifests and marks; `{command}` copies it"
    return {"files": dg.MetadataValue.md("\n".join(["| file | bytes |", "|---|---:|", *rows, "", told]))}
