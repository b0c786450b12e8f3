"""LoRA adapters: one TRL training per variant, in its own process."""

from functools import partial

import dagster as dg

from sg_assets.adapters.probe_step import collect_probe
from sg_assets.declarations.asset_names import METHODS
from sg_assets.declarations.kinds.training import ADAPTER
from sg_assets.declarations.losses import loss_text
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.effect_metadata import effect_of_adapter
from sg_assets.orchestration.metadata import png
from sg_assets.orchestration.pipes import GPU_POOL, checkpoint_folder, discard_checkpoints, run_job
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.training.adapter_step import collect_adapter, training_spec
from sg_assets.training.hyperparameters import training_settings
from sg_assets.training.job import BEHAVIOUR
from sg_assets.training.job import main as train
from sg_assets.training.probed_job import main as train_and_probe
from sg_assets.training.spec import LIBRARIES


def adapter_assets(project: Project) -> dict[str, AssetDef]:
    """``adapters/sft``, ``adapters/kto`` and ``adapters/dpo``, where a variant uses them."""
    return {
        ADAPTER.of(method): _adapters(project, method)
        for method in METHODS
        if ADAPTER.of(method) in project.graph.nodes
    }


def _adapters(project: Project, method: str) -> AssetDef:
    declared = project.declared

    def recipe(partition: str | None) -> Recipe:
        variant = declared.variants[str(partition)]
        parameters = {
            "declared_rank": variant.rank,
            "rank_scale": declared.profile.rank_scale,
            **recipe_parameters(training_settings(variant, declared.profile), TrainingOptions),
        }
        return project.recipe([training_spec, train, collect_adapter], parameters, libraries=LIBRARIES)

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        checkpoints = checkpoint_folder(project, workspace, recipe(context.partition_key), BEHAVIOUR)
        spec = training_spec(workspace, declared.variants[context.partition_key], declared.profile, checkpoints)
        run_job(project, context, workspace, train_and_probe, spec, device=spec.settings.device)
        collect_adapter(workspace, spec.output_dir)
        collect_probe(workspace, spec.output_dir)

    return AssetDef(
        f"LoRA adapters trained by {method.upper()}.",
        recipe, work, frozenset({"pytorch", "huggingface"}), GPU_POOL, metadata=_metadata,
        after_publish=partial(discard_checkpoints, project, BEHAVIOUR),
    )  # fmt: skip


def _metadata(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    import polars as pl

    from sg_assets.training.curve import CURVE_SCHEMA
    from sg_assets.training.curve_picture import curve_png

    details = manifest.details
    curve = pl.DataFrame(details["curve"], schema=CURVE_SCHEMA)
    losses = ("train_loss", "final_train_loss", "dev_loss", "train_dev_gap")
    return {
        "curve": png(curve_png(curve, str(manifest.ref)), "training curve"),
        **{name: dg.MetadataValue.float(float(details[name])) for name in losses if details[name] is not None},
        **({"loss": dg.MetadataValue.text(loss_text(loss))} if (loss := manifest.parameters.get("loss")) else {}),
        **effect_of_adapter(manifest),
        "effective_rank": dg.MetadataValue.int(int(details["rank"])),
        "training_seconds": dg.MetadataValue.float(float(details["run"]["seconds"])),
    }
