"""The inputs of a run: both splits in training order, the tokenizer, KTO's weights. Part of the job's process."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from sg_assets.chat.chat_loading import load_chat, require_context
from sg_assets.errors import SgAssetsError
from sg_assets.training import guards, kto_layout, rows
from sg_assets.training.spec import TrainingSpec

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_SPLITS: tuple[Literal["train", "dev"], ...] = ("train", "dev")
_DEV_SHARE = 16
"""Dev rows are measured up to this fraction of the training rows: more rows cost time and add little precision."""


@dataclass(frozen=True)
class SplitRows:
    """The rows of one split as they will be trained on (or evaluated)."""

    rows: pl.DataFrame
    """In their final order."""
    usable: int
    """Rows that could have been used."""
    dropped: Counter[str]
    """Rows left out, counted by reason."""


@dataclass(frozen=True)
class TrainingInputs:
    """Inputs of a trainer, apart from the models."""

    tokenizer: "PreTrainedTokenizerBase"
    train: SplitRows
    dev: SplitRows
    """Its rows are a sample, the first in seeded order; may hold none."""
    kto_weights: tuple[float, float] | None
    """Weights of desirable and undesirable rows; for KTO only."""


def read_inputs(spec: TrainingSpec) -> TrainingInputs:
    """Read, filter and lay out the rows; also sets the number of threads, right after the first import of torch.

    Raises:
        SgAssetsError: the rows or the base's chats cannot be used, or no training row is left.
    """
    # before torch is imported, which takes seconds: bad rows are reported at once
    read = {name: rows.read_rows(spec.examples, spec.method, name, spec.settings.seed) for name in _SPLITS}
    import torch

    torch.set_num_threads(spec.settings.threads)
    chat = load_chat(spec.base_model, spec.chat, trust_remote_code=spec.trust_remote_code)
    longest = spec.settings.max_length
    require_context(chat.context, longest, asked_by="training.max_length", where=str(spec.base_model))
    tokenizer = chat.tokenizer
    train, dev = (_split(spec, tokenizer, name, read[name]) for name in _SPLITS)
    if train.rows.is_empty():
        raise SgAssetsError(
            "no training rows are left", where=str(spec.examples), why=f"dropped: {dict(train.dropped) or 'none'}"
        )
    sampled = dev.rows.head(dev_sample(train.rows.height, spec.settings.batch_size))
    weights = _kto_weights(spec, train.rows) if spec.method == "kto" else None
    return TrainingInputs(tokenizer, train, SplitRows(sampled, dev.usable, dev.dropped), weights)


def _split(spec: TrainingSpec, tokenizer: "PreTrainedTokenizerBase", name: str, read: pl.DataFrame) -> SplitRows:
    # rows too long go before KTO's batches are laid out: dropped later, by the trainer, they would shift all batches
    usable, dropped = rows.drop_unusable(rows.with_tokens(read, tokenizer), spec.settings.max_length)
    if not spec.has_partners or usable.is_empty():
        return SplitRows(usable, usable.height, dropped)
    laid, incomplete = kto_layout.lay_out(usable, spec.settings.batch_size, keep_tail=name == "dev")
    return SplitRows(laid, laid.height, dropped + incomplete)


def dev_sample(train_rows: int, batch_size: int) -> int:
    """How many dev rows are measured at most: whole batches, two at least."""
    return max(2, -(-train_rows // (_DEV_SHARE * batch_size))) * batch_size


def _kto_weights(spec: TrainingSpec, laid: pl.DataFrame) -> tuple[float, float]:
    if spec.has_partners:
        guards.require_whole_batches(laid, spec.settings.batch_size)
    desirable = int(laid["label"].sum())
    return kto_layout.kto_weights(desirable, len(laid) - desirable)
