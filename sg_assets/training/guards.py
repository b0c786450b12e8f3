"""Checks of a run that fail loudly where the libraries fail silently. Part of the job's own process.

Known ways to train for hours and learn nothing, or against the wrong reference: a stacked second adapter whose
training flag a reference pass switches off; a reference that is the base although the policy starts from SFT; a
reference that drifts along; KTO partners that answer the same text, because the library dropped a row and shifted the
batches. Each is cheap to see from outside, whatever the library's internals do.
"""

import math
from typing import TYPE_CHECKING

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    import polars as pl
    import torch
    from transformers import Trainer

Weights = dict[str, "torch.Tensor"]

GAP_TOLERANCE = 1e-4
"""Largest accepted difference, in nats per answer, between policy and reference before the first step."""


def require_whole_batches(rows: "pl.DataFrame", batch_size: int) -> None:
    """KTO rows must fill their batches, and no batch may hold a text twice: each row's KL partner is its neighbour.

    Raises:
        SgAssetsError: the last batch is not full, or a text meets itself.
    """
    if len(rows) % batch_size:
        raise SgAssetsError(f"{len(rows)} KTO rows do not fill batches of {batch_size}")
    texts = rows["text_id"].to_list()
    for start in range(0, len(texts), batch_size):
        batch = texts[start : start + batch_size]
        if len(set(batch)) < len(batch):
            raise SgAssetsError(f"KTO batch {start // batch_size} holds a text twice")


def require_all_rows(trainer: "Trainer", rows: int) -> None:
    """The trainer must have kept every row it was given, in place.

    Raises:
        SgAssetsError: it dropped or added some, and with that shifted every batch.
    """
    if len(trainer.train_dataset) != rows:
        raise SgAssetsError(f"the trainer holds {len(trainer.train_dataset)} rows of the {rows} it was given")


def require_default_adapter_trains(trainer: "Trainer") -> int:
    """Exactly the adapter ``default`` must be active and trainable, and nothing else.

    Returns:
        The number of trainable parameters.

    Raises:
        SgAssetsError: another adapter is active, or other weights (or none) would be trained.
    """
    if list(trainer.model.active_adapters) != ["default"]:
        raise SgAssetsError(f"the active adapters are {trainer.model.active_adapters}, not 'default' alone")
    trainable = {name: p.numel() for name, p in trainer.model.named_parameters() if p.requires_grad}
    others = sorted(name for name in trainable if ".default." not in name)
    if others:
        raise SgAssetsError(f"{len(others)} weights outside the adapter would be trained, such as {others[0]}")
    if any(".lm_head." in name for name in trainable):
        raise SgAssetsError("the adapter reaches lm_head", why="TRL reads its weight directly, past the adapter")
    if not trainable:
        raise SgAssetsError("no weight is trainable", why="the adapter was loaded frozen")
    return sum(trainable.values())


def adapter_weights(trainer: "Trainer", adapter: str = "default") -> Weights:
    """A copy, on the CPU, of the LoRA weights of one adapter, under their names in ``default``."""
    mark = f".{adapter}."
    return {
        name.replace(mark, ".default."): p.detach().cpu().clone()
        for name, p in trainer.model.named_parameters()
        if mark in name
    }


def require_reference_is_policy(trainer: "Trainer") -> float:
    """Before the first step, KTO's and DPO's policy must give every answer its reference's log-probability.

    Returns:
        The largest difference over the first batch, in nats per answer.

    Raises:
        SgAssetsError: they differ by more than :data:`GAP_TOLERANCE`.
    """
    import torch

    count = min(trainer.args.per_device_train_batch_size, len(trainer.train_dataset))
    # collated by hand: asking the data loader would use up random numbers and change the run
    collated = trainer.data_collator([trainer.train_dataset[i] for i in range(count)])
    batch = {name: value.to(trainer.accelerator.device) for name, value in collated.items()}
    reference = trainer.compute_ref_log_probs(trainer.model, batch)
    # KTO gives (answers, KL answers), DPO (chosen, rejected), the two halves of its batch
    expected = reference[0] if "label" in batch else torch.cat(reference)
    gap = float((_log_probabilities(trainer, batch) - expected).abs().max())
    if not gap <= GAP_TOLERANCE:
        raise SgAssetsError(
            f"policy and reference differ by {gap:.3g} nats before the first step (at most {GAP_TOLERANCE:g} is right)",
            why="the reference is not the model this run starts from, so the run would be anchored to another model",
        )
    return gap


def _log_probabilities(trainer: "Trainer", batch: Weights) -> "torch.Tensor":
    import torch

    labels = batch["input_ids"].masked_fill(batch["completion_mask"] == 0, -100)
    with torch.no_grad(), trainer.accelerator.autocast():
        output = trainer.model(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            labels=labels,
            use_cache=False,
            fused_lm_head=True,
        )
    return output.log_probs.sum(-1)


def require_moved(before: Weights, after: Weights) -> float:
    """The trained weights must have moved, and to finite values.

    Returns:
        The Euclidean norm of the movement.

    Raises:
        SgAssetsError: not one weight moved, or a weight is not finite.
    """
    squares = sum(float((after[name] - start).double().square().sum()) for name, start in before.items())
    if not math.isfinite(squares):
        raise diverged("the trained weights are not finite")
    if squares == 0:
        raise SgAssetsError("no weight moved", why="the learning rate is 0 or the adapter got no gradient")
    return math.sqrt(squares)


def require_finite(losses: dict[str, float | None]) -> None:
    """Losses must be numbers.

    Raises:
        SgAssetsError: one of them is infinite or not a number.
    """
    for name, loss in losses.items():
        if loss is not None and not math.isfinite(loss):
            raise diverged(f"{name} is {loss}")


def diverged(what: str) -> SgAssetsError:
    """The error for numbers that are none any more."""
    return SgAssetsError(what, why="training diverged", remedy="Lower settings.learning_rate")


def require_reference_stayed(before: Weights, trainer: "Trainer") -> None:
    """The frozen copy of the parent, where there is one, must still be the parent.

    Raises:
        SgAssetsError: the reference moved.
    """
    reference = adapter_weights(trainer, "ref")
    moved = sorted(name for name, value in reference.items() if not value.equal(before[name]))
    if moved:
        raise SgAssetsError(f"the reference moved along with the policy ({len(moved)} weights, such as {moved[0]})")
