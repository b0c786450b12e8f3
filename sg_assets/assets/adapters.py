"""LoRA adapters: one TRL training per variant, in its own process."""

import json
import shutil
from functools import partial
from pathlib import Path

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.jobs import GPU_POOL, discard_kept, kept_folder, run_job
from sg_assets.assets.metadata import png
from sg_assets.assets.project import Project
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.declarations.graph import EXAMPLES, METHODS
from sg_assets.declarations.records import Profile, TrainingOptions, Variant
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.training.spec import LIBRARIES, TrainingSettings, TrainingSpec

_SAVE_STEPS = 50
"""Where neither variant nor profile says otherwise."""


def adapter_assets(project: Project) -> dict[str, Making]:
    """``adapters/sft``, ``adapters/kto`` and ``adapters/dpo``, where a variant uses them."""
    return {
        f"adapters/{method}": _adapters(project, method)
        for method in METHODS
        if f"adapters/{method}" in project.graph.nodes
    }


def training_settings(variant: Variant, profile: Profile) -> TrainingSettings:
    """A variant's hyper-parameters: its own, else its method's, else the profile's."""
    options = _options(variant, profile).model_dump(exclude_none=True, exclude={"save_steps"})
    rank = max(1, round((variant.rank or 1) * profile.rank_scale))
    return TrainingSettings(rank=rank, seed=profile.seed if variant.seed is None else variant.seed, **options)


def _options(variant: Variant, profile: Profile) -> TrainingOptions:
    of_method = getattr(profile.training, variant.method)
    return variant.training.over(of_method.over(profile.training.defaults))


def _adapters(project: Project, method: str) -> Making:
    declared = project.declared

    def recipe(partition: str | None) -> Recipe:
        variant = declared.variants[str(partition)]
        parameters = {
            "declared_rank": variant.rank,
            "rank_scale": declared.profile.rank_scale,
            **recipe_parameters(training_settings(variant, declared.profile), TrainingOptions),
        }
        return project.recipe(["training.job"], parameters, libraries=LIBRARIES)

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        kept = kept_folder(project, workspace, recipe(context.partition_key))
        spec = training_spec(project, workspace, declared.variants[context.partition_key], kept)
        run_job(context, workspace, "sg_assets.training.job", spec)
        shutil.move(spec.output_dir / "adapter", workspace.result_folder)
        workspace.details.update(json.loads((spec.output_dir / "summary.json").read_text(encoding="utf-8")))
        workspace.details["curve"] = pl.read_parquet(spec.output_dir / "curve.parquet").to_dicts()

    return Making(
        f"LoRA adapters trained by {method.upper()}.",
        recipe, run, frozenset({"pytorch", "huggingface"}), GPU_POOL, pictures=_pictures,
        published=partial(discard_kept, project),
    )  # fmt: skip


def training_spec(project: Project, workspace: Workspace, variant: Variant, kept: Path) -> TrainingSpec:
    """What a variant's training job is told; a base of the hub is fetched first where its files are not there yet.

    Raises:
        SgAssetsError: the files of a hub model cannot be had.
    """
    from sg_assets.hub.fetch import model_folder

    chat = workspace.inputs["models/chat"][0]
    base = model_folder(project.store.path(chat))
    parents = workspace.inputs.get("adapters/sft", ())
    parent = parents[0] if parents else None
    examples = EXAMPLES[variant.method]
    return TrainingSpec(
        method=variant.method,
        variant=variant.name,
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        base_id=_content_label(chat),
        parent_adapter=None if parent is None else project.store.path(parent),
        parent_id=None if parent is None else _content_label(parent),
        examples=workspace.input_path(examples),
        output_dir=workspace.folder / "training",
        kept=kept,
        save_steps=_options(variant, project.declared.profile).save_steps or _SAVE_STEPS,
        settings=training_settings(variant, project.declared.profile),
    )


def _content_label(manifest: Manifest) -> str:
    # By content, not by version: the same base published twice must give the same adapter bytes.
    return f"{manifest.ref}@{manifest.fingerprint}"


def _pictures(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    import polars as pl

    from sg_assets.training.curve import CURVE_SCHEMA
    from sg_assets.training.picture import curve_png

    details = manifest.details
    curve = pl.DataFrame(details["curve"], schema=CURVE_SCHEMA)
    losses = ("train_loss", "final_train_loss", "dev_loss", "train_dev_gap")
    return {
        "curve": png(curve_png(curve, str(manifest.ref)), "training curve"),
        **{name: dg.MetadataValue.float(float(details[name])) for name in losses if details[name] is not None},
        "effective_rank": dg.MetadataValue.int(int(details["rank"])),
        "training_seconds": dg.MetadataValue.float(float(details["run"]["seconds"])),
    }
