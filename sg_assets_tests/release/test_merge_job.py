"""The merging job on a micro model."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.adapters.probe import make_probe
from sg_assets.release.merge_spec import MergeSpec
from sg_assets_tests.adapters.micro_adapters import applied, make_adapter

RUN = [sys.executable, "-m", "sg_assets.release.merge_job"]
IDS = [[1, 5, 9, 42, 7]]


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
    make_adapter(base, adapter, size=0.02)
    probe = make_probe(base, adapter)
    ended = job(
        MergeSpec(
            base_model=base,
            trust_remote_code=False,
            adapter=applied(adapter, probe=probe),
            output_dir=out,
            facts=tmp_path / "facts.json",
        ),
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    merged = AutoModelForCausalLM.from_pretrained(out, dtype="auto")
    assert merged.dtype == torch.float32
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    with torch.inference_mode():
        ids = torch.tensor(IDS)
        before = plain(ids).logits
        wanted = PeftModel.from_pretrained(plain, str(adapter))(ids).logits
        logits = merged(ids).logits
    assert (wanted - before).abs().max() > 1e-2
    assert (logits - wanted).abs().max() < 1e-4
    assert json.loads((tmp_path / "facts.json").read_text())["adapter_effect"] > 0.999
    assert AutoTokenizer.from_pretrained(out).chat_template == AutoTokenizer.from_pretrained(base).chat_template
    for path in out.rglob("*.json"):
        assert str(tmp_path) not in path.read_text(), path.name


@pytest.mark.slow
def test_a_merged_model_that_is_not_its_adapter_s_is_refused(micro_model: Path, tmp_path: Path) -> None:
    adapter, other = (make_adapter(micro_model, tmp_path / str(seed), seed=seed) for seed in (1, 2))
    adapted = applied(adapter, probe=make_probe(micro_model, other))
    spec = MergeSpec(
        base_model=micro_model, trust_remote_code=False, adapter=adapted, output_dir=tmp_path / "out",
        facts=tmp_path / "facts.json",
    )  # fmt: skip
    ended = job(spec, tmp_path)
    assert ended.returncode == 2
    assert "another adapter" in ended.stderr
    assert not spec.facts.exists()


def test_a_spec_that_does_not_fit_ends_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps({"base_model": "x"}))
    ended = subprocess.run([*RUN, str(file)], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "the merging spec is not valid" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
