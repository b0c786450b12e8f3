"""Trainers as the job makes them, for tests of losses and guards."""

from typing import Any

from sg_assets.chat.chat_loading import load_chat
from sg_assets.training import rows, trainers
from sg_assets.training.kto_layout import lay_out
from sg_assets.training.spec import TrainingSpec

WEIGHTS = (1.0, 1.5)
"""KTO's weights of desirable and undesirable rows."""


def new_trainer(spec: TrainingSpec) -> Any:
    read = rows.read_rows(spec.examples, spec.method, "train", 7)
    train = lay_out(read, spec.settings.batch_size, keep_tail=False)[0] if spec.method == "kto" else read
    return trainers.make_trainer(
        spec,
        load_chat(spec.base_model, spec.chat).tokenizer,
        train,
        read.clear(),
        kto_weights=WEIGHTS if spec.method == "kto" else None,
        checkpoints=spec.kept,
    )


def perturbed(trainer: Any) -> Any:
    """The trainer with its policy moved away from the reference, as after some steps."""
    import torch

    torch.manual_seed(3)
    with torch.no_grad():
        for name, weight in trainer.model.named_parameters():
            if ".default." in name:
                weight.add_(0.05 * torch.randn_like(weight))
    return trainer
