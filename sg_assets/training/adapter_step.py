"""The step that trains an adapter: the spec of its job, and the result the job left."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.chat.chat_settings import read_chat_settings
from sg_assets.declarations.asset_names import EXAMPLES
from sg_assets.training.hyperparameters import steps_between_checkpoints, training_settings
from sg_assets.training.spec import TrainingSpec

if TYPE_CHECKING:
    from sg_assets.declarations.records.profile import Profile
    from sg_assets.declarations.records.variant import Variant
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.workspace import Workspace


def training_spec(workspace: "Workspace", variant: "Variant", profile: "Profile", kept: Path) -> TrainingSpec:
    """The spec of a variant's training job; the files of a hub model are fetched first if they are missing.

    Args:
        workspace: Of the adapter.
        variant: Declares the training.
        profile: Declares what the variant does not.
        kept: Folder that outlives the job.

    Raises:
        SgAssetsError: the files of a hub model cannot be fetched.
    """
    from sg_assets.hub.fetch import model_folder

    chat = workspace.inputs["models/chat"][0]
    base = model_folder(workspace.store.path(chat))
    parents = workspace.inputs.get("adapters/sft", ())
    parent = parents[0] if parents else None
    return TrainingSpec(
        method=variant.method,
        variant=variant.name,
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        chat=read_chat_settings(workspace.store.path(chat)),
        base_id=_content_label(chat),
        parent_adapter=None if parent is None else workspace.store.path(parent),
        parent_id=None if parent is None else _content_label(parent),
        examples=workspace.input_path(EXAMPLES[variant.method]),
        output_dir=workspace.folder / "training",
        kept=kept,
        save_steps=steps_between_checkpoints(variant, profile),
        settings=training_settings(variant, profile),
    )


def collect_adapter(workspace: "Workspace", output_dir: Path) -> None:
    """Move a job's adapter into the step's result, and record the figures of its training.

    Args:
        workspace: Of the adapter.
        output_dir: Where the job left its results.
    """
    import polars as pl

    shutil.move(output_dir / "adapter", workspace.result_folder)
    workspace.details.update(json.loads((output_dir / "summary.json").read_text(encoding="utf-8")))
    workspace.details["curve"] = pl.read_parquet(output_dir / "curve.parquet").to_dicts()


def _content_label(manifest: "Manifest") -> str:
    # By content, not by version: the same base published twice must give the same adapter bytes.
    return f"{manifest.ref}@{manifest.fingerprint}"
