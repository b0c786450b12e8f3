"""From a model in GGUF format to the files that are loaded everywhere else: safetensors, configuration, tokenizer."""

from pathlib import Path


def convert(folder: Path, gguf: str) -> None:
    """Write ``model.safetensors`` in bfloat16 with configuration and tokenizer, and remove the GGUF file.

    The quantised weights are expanded to floating point; they stay as exact as their few bits were.

    Args:
        folder: Holds the file; takes the others.
        gguf: Name of the file.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=gguf)
    quantised = AutoModelForCausalLM.from_pretrained(folder, gguf_file=gguf, dtype=torch.float32)
    # As loaded it still calls itself quantised, and cannot be saved: the same weights go into a plain model.
    settings = quantised.config.to_dict()
    settings.pop("quantization_config", None)
    settings.pop("_name_or_path", None)
    plain = type(quantised)(type(quantised.config)(**settings))
    plain.load_state_dict(quantised.state_dict())
    plain.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / gguf).unlink()
