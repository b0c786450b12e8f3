"""The merging job, run as its own process: ``python -m sg_assets.release.merge_job SPEC.json``.

Adds an adapter to the weights of its chat model, on the CPU, and writes a complete model to the spec's ``output_dir``:
weights in safetensors in float32, whatever the float type of the chat model (in bfloat16 most of a small adapter would
be lost), config, tokenizer. The written model is read back and held against the adapter's probe. Nothing is downloaded.
"""

import json
import sys
from pathlib import Path
from typing import Final

from sg_assets.adapters.adapted_model import load_adapted_model
from sg_assets.adapters.applied_adapter import adapter_effect
from sg_assets.chat.chat_loading import load_chat
from sg_assets.processes.job_process import quiet_offline_environment, run_payload
from sg_assets.release.merge_spec import MergeSpec, read_spec
from sg_assets.training.progress import Log, reporter

DTYPE: Final = "float32"
"""The float type of merged models."""


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    spec = read_spec(path)
    quiet_offline_environment()
    with reporter() as say:
        merge(spec, say)


def merge(spec: MergeSpec, say: Log) -> None:
    """Merge, write the model with its chat template as declared, and read it back.

    Raises:
        SgAssetsError: chats with the model cannot be written, the adapter lacks weights, or the written model lacks
            some of its effect.
    """
    from transformers.utils import logging

    logging.disable_progress_bar()
    parameters = _write_model(spec)
    chat = load_chat(spec.base_model, spec.chat, trust_remote_code=spec.trust_remote_code)
    chat.tokenizer.save_pretrained(spec.output_dir)
    written = load_adapted_model(spec.output_dir, None, "merged", dtype=DTYPE, trust_remote_code=spec.trust_remote_code)
    effect = adapter_effect(written, spec.adapter, dtype=DTYPE)
    spec.facts.write_text(json.dumps({"adapter_effect": effect}), encoding="utf-8")
    say(f"merged into {parameters:,} parameters in {DTYPE}")


def _write_model(spec: MergeSpec) -> int:
    """Write the sum; returns the number of its parameters."""
    merged = load_adapted_model(
        spec.base_model, spec.adapter.path, "merged", dtype=DTYPE, trust_remote_code=spec.trust_remote_code
    )
    merged.save_pretrained(spec.output_dir)
    return int(merged.num_parameters())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
