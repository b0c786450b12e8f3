"""Answers drawn at random, each from a generator of its own, so that no answer depends on the others of its batch.

The likeliest word after Gumbel noise is added to all scores is a draw from their distribution; greedy decoding does the
rest. The noise of a prompt comes from the seed and its tokens alone, on the CPU, whatever the model runs on.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from sg_assets.declarations.records.model import Sampling


def processors(sampling: "Sampling | None", batch: Sequence[Sequence[int]]) -> list[Any]:
    """What changes the scores of a batch's next words before the highest is taken.

    Args:
        sampling: As declared; nothing is changed where absent.
        batch: The tokens of each prompt.
    """
    return [] if sampling is None else [SeededSampling(sampling, batch)]


class SeededSampling:
    """Temperature, top-p and noise, row by row."""

    def __init__(self, sampling: "Sampling", batch: Sequence[Sequence[int]]) -> None:
        import torch

        self._sampling = sampling
        self._generators = [torch.Generator().manual_seed(_seed(sampling.seed, ids)) for ids in batch]

    def __call__(self, ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """The scores with noise; ``ids`` are the tokens so far."""
        import torch
        from transformers import TopPLogitsWarper

        scores = scores.float() / self._sampling.temperature
        if self._sampling.top_p < 1:
            scores = TopPLogitsWarper(self._sampling.top_p)(ids, scores)
        waits = [torch.empty(scores.shape[1]).exponential_(generator=each) for each in self._generators]
        return scores - torch.stack(waits).log().to(scores.device)


def _seed(seed: int, ids: Sequence[int]) -> int:
    digest = blake2b(f"sampling|{seed}|{','.join(map(str, ids))}".encode(), digest_size=8)
    return int.from_bytes(digest.digest()) >> 1
