"""The files a run writes: adapter, training curve and summary. Part of the job's own process."""

import importlib.metadata
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sg_assets.training.checkpoints import journal
from sg_assets.training.curve import curve, mean_loss
from sg_assets.training.inputs import TrainingInputs
from sg_assets.training.spec import LIBRARIES, TrainingSpec

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import Trainer


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


def losses(trainer: "Trainer", *, dev_rows: int) -> dict[str, float | None]:
    """The losses of a run that has trained, all in the method's own loss.

    Returns:
        ``train_loss``: mean over the run's steps, from the log, so that a run in several pieces has the same.
        ``dev_loss``: of the trained model on the dev rows. ``final_train_loss``: of the same model on as many training
        rows, the first, evaluated in the same way. ``train_dev_gap``: how much higher the former is than the latter;
        it grows as the model memorises its rows. The last three are None without dev rows.
    """
    training_curve = curve(trainer.state.log_history)
    losses_of_run: dict[str, float | None] = {"train_loss": mean_loss(training_curve)}
    if not dev_rows:
        return losses_of_run | dict.fromkeys(("dev_loss", "final_train_loss", "train_dev_gap"))
    first = trainer.train_dataset.select(range(min(dev_rows, len(trainer.train_dataset))))
    final = trainer.evaluate(first, metric_key_prefix="final_train")["final_train_loss"]
    dev = training_curve["dev_loss"][-1]
    return losses_of_run | {"dev_loss": dev, "final_train_loss": final, "train_dev_gap": dev - final}


def describe_training(spec: TrainingSpec, given: TrainingInputs) -> dict[str, Any]:
    """The method, the inputs and the libraries of a run, for its summary."""
    weights = given.kto_weights
    return {
        "method": spec.method,
        "base_id": spec.base_id,
        "parent_id": spec.parent_id,
        "seed": spec.settings.seed,
        "rank": spec.settings.rank,
        "alpha": spec.settings.alpha,
        "train_rows": len(given.train.rows),
        "dev_rows": len(given.dev.rows),
        "dev_rows_usable": given.dev.usable,
        "dropped": dict(given.train.dropped),
        "dev_dropped": dict(given.dev.dropped),
        "kto_weights": weights and dict(zip(("desirable", "undesirable"), weights, strict=True)),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def run_history(folder: Path) -> dict[str, Any]:
    """The cost of a run, from the journal: the only part of the summary that differs between equal runs.

    Returns:
        ``seconds``: over all processes of the run, including the import of torch. ``resumed_from_steps``: the step from
        which each process after the first resumed. ``steps_repeated``: steps taken more than once.
    """
    entries = journal(folder)
    steps = [entry["step"] for entry in entries if entry["event"] == "step"]
    starts = [position for position, entry in enumerate(entries) if entry["event"] == "held"]
    spans = zip(starts, [*starts[1:], len(entries)], strict=True)
    return {
        "seconds": round(sum(entries[end - 1]["at"] - entries[start]["at"] for start, end in spans), 3),
        "resumed_from_steps": [entry["step"] for entry in entries if entry["event"] == "began"][1:],
        "steps_repeated": len(steps) - len(set(steps)),
    }


def write_summary(folder: Path, summary: dict[str, Any]) -> None:
    """Write ``summary.json``."""
    _write_json(folder / "summary.json", summary)


def read_summary(folder: Path) -> dict[str, Any]:
    """Read ``summary.json``."""
    return dict(json.loads((folder / "summary.json").read_text(encoding="utf-8")))


def clear(folder: Path) -> None:
    """Remove an earlier run's results, and no other files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("summary.json", "curve.parquet"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "adapter", ignore_errors=True)


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2, sort_keys=True, allow_nan=False) + "\n")
