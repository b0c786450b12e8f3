"""The merging job on a micro model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.release.merge_spec import MergeSpec

RUN = [sys.executable, "-m", "sg_assets.release.merge_job"]
IDS = [[1, 5, 9, 42, 7]]


def make_adapter(base: Path, folder: Path) -> None:
    """An adapter that changes answers: its matrices are random."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    config = LoraConfig(r=4, lora_alpha=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False)
    get_peft_model(AutoModelForCausalLM.from_pretrained(base), config).save_pretrained(str(folder))


def job(spec: MergeSpec, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "spec.json"
    file.write_text(spec.model_dump_json())
    return subprocess.run([*RUN, str(file)], capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_merged_model_answers_as_the_adapter_does(micro_model: Path, tmp_path: Path, dtype: str) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base, adapter, out = tmp_path / "base", tmp_path / "adapter", tmp_path / "merged"
    AutoModelForCausalLM.from_pretrained(micro_model, dtype=getattr(torch, dtype)).save_pretrained(base)
    AutoTokenizer.from_pretrained(micro_model).save_pretrained(base)
    make_adapter(base, adapter)
    ended = job(MergeSpec(base_model=base, trust_remote_code=False, adapter=adapter, output_dir=out), tmp_path)
    assert ended.returncode == 0, ended.stderr
    merged = AutoModelForCausalLM.from_pretrained(out, dtype="auto")
    assert merged.dtype == getattr(torch, dtype)
    plain = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
    with torch.inference_mode():
        ids = torch.tensor(IDS)
        before = plain(ids).logits
        wanted = PeftModel.from_pretrained(plain, str(adapter))(ids).logits
        logits = merged(ids).logits
    tolerance = 1e-4 if dtype == "float32" else 0.1  # bfloat16 has eight bits of mantissa
    assert (wanted - before).abs().max() > 10 * tolerance
    assert (logits - wanted).abs().max() < tolerance
    assert AutoTokenizer.from_pretrained(out).chat_template == AutoTokenizer.from_pretrained(base).chat_template
    for path in out.rglob("*.json"):
        assert str(tmp_path) not in path.read_text(), path.name


def test_a_spec_that_does_not_fit_ends_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps({"base_model": "x"}))
    ended = subprocess.run([*RUN, str(file)], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "the merging spec is not valid" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
