"""Adapters for the micro model: random ones of any size, and what a job is told of them."""

from pathlib import Path
from typing import Any

from sg_assets.adapters.applied_adapter import AppliedAdapter


def make_adapter(base: Path, folder: Path, *, seed: int = 1, size: float = 0.5) -> Path:
    """Save an adapter whose matrices are random.

    Args:
        base: Its chat model.
        folder: Created here.
        seed: Another gives another adapter.
        size: Standard deviation of the matrix that is zero before training.
    """
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    config = LoraConfig(r=4, lora_alpha=4, target_modules=["q_proj", "v_proj", "down_proj"], task_type="CAUSAL_LM")
    adapted = get_peft_model(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), config)
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            weight.data.normal_(std=size)
    adapted.save_pretrained(str(folder))
    return folder


def applied(adapter: Path, **more: Any) -> AppliedAdapter:
    return AppliedAdapter.model_validate(
        {"path": adapter, "application": "merged", "label": "adapters/sft[sft_test]", **more}
    )
