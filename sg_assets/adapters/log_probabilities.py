"""The log-probabilities that a model gives to the answers of a probe."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sg_assets.adapters.probe_chats import ProbeItem

if TYPE_CHECKING:
    import torch


def answer_log_probabilities(model: Any, items: Sequence[ProbeItem]) -> tuple[float, ...]:  # noqa: ANN401
    """The log-probability of each token of each answer, in order, to six digits; a forward pass per item.

    Args:
        model: A causal language model of transformers, on its device.
        items: The chats in tokens.
    """
    import torch

    with torch.inference_mode():
        return tuple(round(value, 6) for item in items for value in _of_item(model, item).tolist())


def _of_item(model: Any, item: ProbeItem) -> "torch.Tensor":  # noqa: ANN401
    import torch

    ids = torch.tensor([[*item.prompt, *item.answer]], device=model.device)
    # the logits at a token are of the next one
    logits = model(input_ids=ids, use_cache=False).logits[0, len(item.prompt) - 1 : -1].float()
    chosen = torch.tensor(item.answer, device=logits.device).unsqueeze(1)
    return torch.log_softmax(logits, dim=-1).gather(1, chosen).squeeze(1).cpu()
