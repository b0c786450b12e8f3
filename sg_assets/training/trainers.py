"""The TRL trainers, made from a spec: base model, LoRA adapter, reference, arguments. Part of the job's own process."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.training.rows import COLUMNS
from sg_assets.training.spec import TrainingSettings, TrainingSpec

if TYPE_CHECKING:
    from peft import LoraConfig, PeftModel
    from transformers import PreTrainedModel, PreTrainedTokenizerBase, Trainer, TrainerCallback


def load_policy(spec: TrainingSpec) -> "PreTrainedModel | PeftModel":
    """The base model; with a parent, under the parent's adapter, whose training continues.

    Given a ``PeftModel`` and no ``peft_config``, TRL copies the adapter into a frozen one named ``ref``: the reference
    of KTO and DPO is then the SFT model, and the result is a single adapter on the base. (A second adapter stacked
    on a frozen adapter silently trains nothing.)

    Raises:
        SgAssetsError: the base cannot be loaded, or the parent's rank or modules differ from the settings.
    """
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}[spec.settings.dtype]
    try:
        base = AutoModelForCausalLM.from_pretrained(
            spec.base_model, dtype=dtype, trust_remote_code=spec.trust_remote_code, use_safetensors=True
        )
    except (OSError, ValueError) as error:
        raise SgAssetsError("cannot load the base model", where=str(spec.base_model), why=str(error)) from error
    if spec.parent_adapter is None:
        return base
    _require_same_shape(spec.parent_adapter, spec.settings)
    policy = PeftModel.from_pretrained(base, spec.parent_adapter, is_trainable=True)
    # the config has the base's label, which saving a checkpoint would look up on a hub
    policy.peft_config["default"].base_model_name_or_path = str(spec.base_model)
    return policy


def _require_same_shape(parent: Path, settings: TrainingSettings) -> None:
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        if not (parent / name).is_file():
            raise SgAssetsError(f"the parent adapter has no {name}", where=str(parent))
    file = parent / "adapter_config.json"
    config = json.loads(file.read_text())
    parent_shape = (config["r"], config["lora_alpha"], sorted(config["target_modules"]))
    settings_shape = (settings.rank, settings.alpha, sorted(settings.target_modules))
    if parent_shape != settings_shape:
        raise SgAssetsError(
            f"the parent adapter has rank, alpha, modules {parent_shape}, the settings ask for {settings_shape}",
            where=str(file),
            why="training continues the parent's own matrices, so their shape cannot change",
            remedy="Give the variant its parent's rank and target modules",
        )


def lora_config(settings: TrainingSettings) -> "LoraConfig":
    """A fresh LoRA adapter without dropout, so that policy and reference agree exactly at step 0."""
    from peft import LoraConfig

    return LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=0.0,
        target_modules=list(settings.target_modules),
        task_type="CAUSAL_LM",
    )


def make_trainer(
    spec: TrainingSpec,
    tokenizer: "PreTrainedTokenizerBase",
    train: pl.DataFrame,
    dev: pl.DataFrame,
    *,
    kto_weights: tuple[float, float] | None,
    checkpoints: Path,
    callbacks: Sequence["TrainerCallback"] = (),
) -> "Trainer":
    """The method's TRL trainer, ready to train.

    Args:
        spec: The job.
        tokenizer: The base model's.
        train: Training rows in their final order.
        dev: Rows for the loss on the dev split, logged at each third of the steps; may be empty.
        kto_weights: Weights of desirable and undesirable rows; for KTO only.
        checkpoints: Folder for ``checkpoint-<step>/``; the last two are kept.
        callbacks: Added to the trainer's own.
    """
    import trl
    from datasets import Dataset
    from transformers import PrinterCallback

    weights = dict(zip(("desirable_weight", "undesirable_weight"), kto_weights, strict=True)) if kto_weights else {}
    trainer_class, config_class = {
        "sft": (trl.SFTTrainer, trl.SFTConfig),
        "kto": (trl.KTOTrainer, trl.KTOConfig),
        "dpo": (trl.DPOTrainer, trl.DPOConfig),
    }[spec.method]
    columns = list(COLUMNS[spec.method])
    trainer = trainer_class(
        model=load_policy(spec),
        args=config_class(
            **_arguments(spec.settings), **_losses(spec), **_intervals(spec, checkpoints, dev), **weights
        ),
        train_dataset=Dataset.from_list(train.select(columns).to_dicts()),
        eval_dataset=Dataset.from_list(dev.select(columns).to_dicts()) if len(dev) else None,
        processing_class=tokenizer,
        peft_config=None if spec.parent_adapter else lora_config(spec.settings),
        callbacks=list(callbacks),
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def _losses(spec: TrainingSpec) -> dict[str, Any]:
    """The declared losses; none, and TRL's default, where none is declared."""
    losses = spec.settings.loss
    if losses is None:
        return {}
    # sums of numbers with a point depend on their order, and a declaration's order means nothing
    names = sorted(losses)
    if spec.method == "kto":
        return {"loss_type": names[0]}
    smoothing = spec.settings.label_smoothing
    smoothed = {} if smoothing is None else {"label_smoothing": smoothing}
    return {"loss_type": names, "loss_weights": [losses[name] for name in names], **smoothed}


def _intervals(spec: TrainingSpec, checkpoints: Path, dev: pl.DataFrame) -> dict[str, Any]:
    """When the trainer logs, evaluates and saves."""
    return {
        "output_dir": str(checkpoints),
        "logging_steps": spec.settings.logging_steps,
        "logging_first_step": True,
        "eval_strategy": "no" if dev.is_empty() else "steps",
        "eval_steps": 1 / 3,  # below 1 it is a ratio; the last step is always evaluated
        "save_strategy": "steps",
        "save_steps": spec.checkpoint_steps,
        "save_total_limit": 2,
    }


def _arguments(settings: TrainingSettings) -> dict[str, Any]:
    """TRL's defaults (bf16 even on CPU, checkpointing, 1e-6) are all replaced: only the spec decides a run."""
    beta = {} if settings.beta is None else {"beta": settings.beta}
    on_cuda = uses_cuda(settings)
    return beta | {
        "num_train_epochs": settings.epochs,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": settings.lr_scheduler,
        "warmup_steps": settings.warmup_ratio,  # below 1 it is a ratio
        "weight_decay": settings.weight_decay,
        "per_device_train_batch_size": settings.batch_size,
        # KTO pairs evaluation rows in blocks of the *training* batch size, so the two must agree
        "per_device_eval_batch_size": settings.batch_size,
        "gradient_accumulation_steps": settings.gradient_accumulation,
        "max_length": settings.max_length,
        "bf16": settings.dtype == "bfloat16",
        "gradient_checkpointing": settings.gradient_checkpointing,
        "use_cpu": not on_cuda,
        "dataloader_pin_memory": on_cuda,
        "seed": settings.seed,
        "data_seed": settings.seed,
        "logging_nan_inf_filter": False,  # by default a diverging loss is logged as the last good one
        "include_num_input_tokens_seen": "non_padding",
        "report_to": "none",
        "disable_tqdm": True,
    }


def uses_cuda(settings: TrainingSettings) -> bool:
    """Whether the run goes to a GPU.

    Raises:
        SgAssetsError: a GPU is requested and none is available.
    """
    import torch

    available = torch.cuda.is_available()
    if settings.device == "cuda" and not available:
        raise SgAssetsError(
            "settings.device is 'cuda', but PyTorch sees no GPU here", remedy="Use 'auto' or 'cpu', or another machine"
        )
    return settings.device != "cpu" and available
