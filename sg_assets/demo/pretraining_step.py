"""The step that trains a demo chat model: the spec of its job, and the figures of the training."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.neutral_values import neutrals
from sg_assets.declarations.records.model import Pretraining
from sg_assets.demo.chat_model_spec import ChatModelSpec

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def chat_model_spec(workspace: "Workspace", kept: Path) -> ChatModelSpec:
    """The job's spec: the step's parameters, its rows, and where the model goes.

    Args:
        workspace: Of the chat model.
        kept: Folder that outlives the job.
    """
    return ChatModelSpec(
        rows=workspace.input_path("demo/pretraining"),
        output_dir=workspace.result_folder,
        kept=kept,
        **{**neutrals(Pretraining), **workspace.parameters},
    )


def collect_chat_model(workspace: "Workspace") -> None:
    """Record the figures of the training; the job wrote the model itself."""
    workspace.details.update(json.loads((workspace.result_folder / "training.json").read_text(encoding="utf-8")))
