"""LoRA adapters: one TRL training per variant, in its own process."""

import json
import shutil

import dagster as dg
import polars as pl

from sg_assets.assets.building import Making
from sg_assets.assets.jobs import GPU_POOL, run_job
from sg_assets.assets.metadata import png
from sg_assets.assets.project import Project
from sg_assets.declarations.graph import EXAMPLES, METHODS
from sg_assets.declarations.records import Profile, Variant
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.training.spec import TrainingSettings, TrainingSpec

_LIBRARIES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")


def adapter_assets(project: Project) -> dict[str, Making]:
    """``adapters/sft``, ``adapters/kto`` and ``adapters/dpo``, where a variant uses them."""
    return {
        f"adapters/{method}": _adapters(project, method)
        for method in METHODS
        if f"adapters/{method}" in project.graph.nodes
    }


def training_settings(variant: Variant, profile: Profile) -> TrainingSettings:
    """A variant's hyper-parameters: its own, else its method's, else the profile's."""
    of_method = getattr(profile.training, variant.method)
    options = variant.training.over(of_method.over(profile.training.defaults))
    rank = max(1, round((variant.rank or 1) * profile.rank_scale))
    return TrainingSettings(rank=rank, seed=profile.seed, **options.model_dump(exclude_none=True))


def _adapters(project: Project, method: str) -> Making:
    declared = project.declared

    def recipe(partition: str | None) -> Recipe:
        variant = declared.variants[str(partition)]
        parameters = {
            "declared_rank": variant.rank,
            "rank_scale": declared.profile.rank_scale,
            **training_settings(variant, declared.profile).model_dump(mode="json"),
        }
        return project.recipe(["training.job"], parameters, libraries=_LIBRARIES)

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        spec = _spec(project, workspace, declared.variants[context.partition_key])
        run_job(context, workspace, "sg_assets.training.job", spec)
        shutil.move(spec.output_dir / "adapter", workspace.result_folder)
        workspace.details.update(json.loads((spec.output_dir / "summary.json").read_text(encoding="utf-8")))
        workspace.details["curve"] = pl.read_parquet(spec.output_dir / "curve.parquet").to_dicts()

    return Making(
        f"LoRA adapters trained by {method.upper()}.",
        recipe, run, frozenset({"pytorch", "huggingface"}), GPU_POOL, pictures=_pictures,
    )  # fmt: skip


def _spec(project: Project, workspace: Workspace, variant: Variant) -> TrainingSpec:
    chat = workspace.inputs["models/chat"][0]
    parents = workspace.inputs.get("adapters/sft", ())
    parent = parents[0] if parents else None
    examples = EXAMPLES[variant.method]
    return TrainingSpec(
        method=variant.method,
        variant=variant.name,
        base_model=project.store.path(chat),
        base_id=_content_label(chat),
        parent_adapter=None if parent is None else project.store.path(parent),
        parent_id=None if parent is None else _content_label(parent),
        examples=workspace.input_path(examples),
        output_dir=workspace.folder / "training",
        settings=training_settings(variant, project.declared.profile),
    )


def _content_label(manifest: Manifest) -> str:
    # By content, not by version: the same base published twice must give the same adapter bytes.
    return f"{manifest.ref}@{manifest.fingerprint}"


def _pictures(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    from sg_assets.training.picture import curve_png

    details = manifest.details
    curve = pl.DataFrame(details["curve"])
    shown: dict[str, dg.MetadataValue] = {
        "curve": png(curve_png(curve, f"{manifest.ref}"), "training curve"),
        "train_loss": dg.MetadataValue.float(float(details["train_loss"])),
        "effective_rank": dg.MetadataValue.int(int(manifest.parameters["rank"])),
        "training_seconds": dg.MetadataValue.float(float(details["seconds"])),
    }
    if details.get("dev_loss") is not None:
        shown["dev_loss"] = dg.MetadataValue.float(float(details["dev_loss"]))
    return shown
