"""Log-probabilities of answers, against the loss of the model itself."""

from pathlib import Path

import pytest

from sg_assets.adapters.log_probabilities import answer_log_probabilities
from sg_assets.adapters.probe_chats import ProbeItem

pytestmark = pytest.mark.slow
ITEMS = (ProbeItem(prompt=(1, 5, 9), answer=(42, 7)), ProbeItem(prompt=(3,), answer=(8, 8, 60)))


def test_their_mean_is_the_model_s_own_loss(micro_model: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(micro_model, dtype=torch.float32)
    values = answer_log_probabilities(model, ITEMS)
    assert len(values) == 5
    for item, own in zip(ITEMS, (values[:2], values[2:]), strict=True):
        ids = torch.tensor([[*item.prompt, *item.answer]])
        labels = torch.tensor([[-100] * len(item.prompt) + list(item.answer)])
        assert -sum(own) / len(own) == pytest.approx(model(ids, labels=labels).loss.item(), abs=1e-4)
