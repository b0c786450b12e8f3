"""The merging job, run as its own process: ``python -m sg_assets.release.merge_job SPEC.json``.

Adds an adapter to the weights of its chat model, on the CPU, and writes a complete model to the spec's ``output_dir``:
weights in safetensors in the float type of the chat model, config, tokenizer. Nothing is downloaded.
"""

import sys
import warnings
from pathlib import Path

from sg_assets.processes.job_process import quiet_offline_environment, run_payload
from sg_assets.release.merge_spec import MergeSpec, read_spec
from sg_assets.training.progress import Log, reporter


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    spec = read_spec(path)
    quiet_offline_environment()
    with reporter() as say:
        merge(spec, say)


def merge(spec: MergeSpec, say: Log) -> None:
    """Merge, and write the model."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    # transformers warns of an attribute name that peft uses
    warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)
    logging.disable_progress_bar()
    options = {"trust_remote_code": spec.trust_remote_code}
    base = AutoModelForCausalLM.from_pretrained(spec.base_model, dtype="auto", use_safetensors=True, **options)
    merged = PeftModel.from_pretrained(base, str(spec.adapter)).merge_and_unload()
    merged.save_pretrained(spec.output_dir)
    AutoTokenizer.from_pretrained(spec.base_model, **options).save_pretrained(spec.output_dir)
    say(f"merged into {merged.num_parameters():,} parameters of {merged.dtype}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
