"""Adapters as other tools leave them: an ``adapter_config.json`` beside an ``adapter_model.safetensors``."""

import json
from pathlib import Path
from typing import Any

LORA = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}
"""As little as a config needs."""


def write_config(folder: Path, **changes: Any) -> Path:
    """A config of ``LORA`` with other or further keys; a key that is ``...`` is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {name: value for name, value in {**LORA, **changes}.items() if value is not ...}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder / "adapter_config.json"


def write_trained(folder: Path, base: Path, base_id: str = "models/chat[base]@x", **changes: Any) -> Path:
    """An adapter of random matrices on a base model, written as a training here writes it."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    from sg_assets.training.outputs import write_adapter

    torch.manual_seed(0)
    config = LoraConfig(
        **{"r": 4, "lora_alpha": 4, "target_modules": ["q_proj", "v_proj"]} | changes, task_type="CAUSAL_LM"
    )
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(base), config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.02)
    write_adapter(model, folder, base_id)
    return folder


def rewrite_config(folder: Path, **changes: Any) -> None:
    """Change keys of an adapter's config."""
    file = folder / "adapter_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
