"""What encoders of torch share: how they are loaded, batched by length, and compared with float32."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sg_assets.errors import SgAssetsError

PROBED: Final = 16
"""Texts of a job on which half precision is compared with float32."""
_ROBERTA: Final = ("roberta", "xlm-roberta", "camembert", "xlm-roberta-xl", "longformer")
"""Types of models whose positions begin behind that of the padding."""

Batch = Callable[[list[int]], NDArray[np.float64]]
"""The numbers of the texts at these positions, a row each."""


@dataclass(frozen=True)
class LoadedFrom:
    """The folder of a model's files, as ``from_pretrained`` takes it."""

    path: Path
    trust_remote_code: bool = False
    """Whether Python code in it may run."""


@dataclass(frozen=True)
class TorchRun:
    """Where and in what batches a model runs; it moves no number but in the last digits."""

    batch_size: int = 32
    device: str = "auto"
    threads: int | None = None
    parity: float = 0.02
    """How far a number in half precision may be from that in float32, on the first texts."""


def torch_module(run: TorchRun) -> Any:  # noqa: ANN401 - the module
    """``torch``, with the threads of the run."""
    # Read when torch is first loaded: spinning threads starve each other where cores are shared.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()  # texts beyond the limit are counted here, not warned of one by one
    if run.threads is not None:
        torch.set_num_threads(run.threads)
    return torch


def device_of(run: TorchRun) -> Literal["cpu", "cuda"]:
    """The device of a run.

    Raises:
        SgAssetsError: a GPU is declared and there is none.
    """
    torch = torch_module(run)
    if run.device == "cuda" and not torch.cuda.is_available():
        remedy = "Declare device: auto or cpu in the profile, or run on a machine with a GPU"
        raise SgAssetsError("there is no GPU", where="device: cuda", remedy=remedy)
    return "cuda" if run.device != "cpu" and torch.cuda.is_available() else "cpu"


def require_positions(config: Any, tokens: int, where: str) -> None:  # noqa: ANN401 - a configuration of transformers
    """Refuse to read more tokens than a model has positions for.

    Raises:
        SgAssetsError: it has fewer.
    """
    positions = getattr(config, "max_position_embeddings", None)
    if positions is None:
        return
    if config.model_type in _ROBERTA:
        positions -= int(config.pad_token_id or 0) + 1
    if tokens > positions:
        raise SgAssetsError(
            f"max_length {tokens} is more than the model has positions for",
            where=where,
            why=f"it reads at most {positions} tokens",
            remedy=f"Declare max_length: {positions}",
        )


def by_length(lengths: Sequence[int], size: int, work: Batch, width: int) -> NDArray[np.float64]:
    """The rows of all texts in their order, made in batches of texts of like length, short ones first."""
    rows = np.zeros((len(lengths), width))
    for positions in _batches(lengths, size):
        rows[positions] = work(positions)
    return rows


def _batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    order = np.argsort(np.asarray(lengths), kind="stable").tolist()
    yield from (order[start : start + size] for start in range(0, len(order), size))


def require_parity(full: NDArray[np.float64], half: NDArray[np.float64], most: float, where: str) -> float:
    """How far numbers of half precision are from those of float32 at most.

    Raises:
        SgAssetsError: farther than declared, or one is no number.
    """
    farthest = float(np.abs(full - half).max()) if full.size else 0.0
    if not farthest <= most:
        raise SgAssetsError(
            "half precision gives other numbers",
            where=where,
            why=f"on the first texts they are up to {farthest:.3g} from those in float32, {most:g} is declared",
            remedy="Declare dtype: float32, or another parity where that is small enough for the thresholds",
        )
    return farthest


def pad_token(tokenizer: Any, config: Any, where: Path) -> None:  # noqa: ANN401 - of transformers
    """Give a tokenizer that has none a token to pad with, and tell the model.

    Raises:
        SgAssetsError: it has no token that could be one.
    """
    if tokenizer.pad_token is None:
        if tokenizer.eos_token is None:
            raise SgAssetsError("the tokenizer has no token to pad with, and no end token", where=str(where))
        tokenizer.pad_token = tokenizer.eos_token
    if getattr(config, "pad_token_id", None) is None:
        config.pad_token_id = tokenizer.pad_token_id
