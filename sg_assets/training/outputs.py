"""What a run leaves behind: the adapter, the training curve, the summary. Part of the job's own process."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from peft import PeftModel

CURVE_SCHEMA: dict[str, pl.DataType] = {
    "step": pl.Int64(),
    "epoch": pl.Float64(),
    "loss": pl.Float64(),
    "learning_rate": pl.Float64(),
    "grad_norm": pl.Float64(),
    "reward_margin": pl.Float64(),
    "reward_chosen": pl.Float64(),
    "reward_rejected": pl.Float64(),
    "kl": pl.Float64(),
}
"""Columns of ``curve.parquet``, each a mean over the steps since the row before. Null where the method has no such."""

_LOGGED_AS = {
    "reward_margin": "rewards/margins",
    "reward_chosen": "rewards/chosen",
    "reward_rejected": "rewards/rejected",
}


def write_adapter(model: "PeftModel", folder: Path, base_id: str) -> None:
    """Write the adapter ``default`` as safetensors and its config, and nothing else.

    The config names the base by its label, keeps sets in alphabetical order and its keys sorted, so equal training
    gives equal bytes wherever it ran. (``save_pretrained`` would write the path of the base, sets in hash order, a
    model card, and the reference's copy.)

    Args:
        model: The trained model.
        folder: Made here.
        base_id: Label of the base model.
    """
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    # "auto" would look the base up, by its label, on a hub
    weights = get_peft_model_state_dict(model, adapter_name="default", save_embedding_layers=False)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = model.peft_config["default"].to_dict()
    config |= {"base_model_name_or_path": base_id, "inference_mode": True, "revision": None}
    _write_json(folder / "adapter_config.json", {k: sorted(v) if isinstance(v, set) else v for k, v in config.items()})


def curve(log_history: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """The trainer's log as a table of :data:`CURVE_SCHEMA`, one row per logged step."""
    steps = [entry for entry in log_history if "loss" in entry]
    columns = {name: [entry.get(_LOGGED_AS.get(name, name)) for entry in steps] for name in CURVE_SCHEMA}
    return pl.DataFrame(columns, schema=CURVE_SCHEMA, strict=False)


def write_summary(file: Path, summary: dict[str, Any]) -> None:
    """Write the summary in one atomic move: where it is, the run has succeeded."""
    draft = file.with_suffix(".tmp")
    _write_json(draft, summary)
    draft.replace(file)


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2, sort_keys=True, allow_nan=False) + "\n")
