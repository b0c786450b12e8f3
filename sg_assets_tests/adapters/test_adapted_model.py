"""How an adapter is applied to the micro model."""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.adapters.adapted_model import load_adapted_model
from sg_assets.errors import SgAssetsError
from sg_assets_tests.adapters.micro_adapters import make_adapter

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def adapter(micro_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_adapter(micro_model, tmp_path_factory.mktemp("adapted") / "adapter")


def logits(model: Any) -> Any:
    import torch

    with torch.inference_mode():
        return model(torch.tensor([[1, 5, 9, 42, 7]])).logits.float()


def test_in_float32_merged_and_unmerged_are_the_same_model(micro_model: Path, adapter: Path) -> None:
    import torch

    merged = load_adapted_model(micro_model, adapter, "merged", dtype="float32")
    unmerged = load_adapted_model(micro_model, adapter, "unmerged", dtype="float32")
    base = load_adapted_model(micro_model, None, "merged", dtype="float32")
    torch.testing.assert_close(logits(merged), logits(unmerged), rtol=1e-4, atol=1e-4)
    assert (logits(merged) - logits(base)).abs().max() > 0.1


def test_a_sum_in_float32_is_peft_s_own_to_the_bit(micro_model: Path, adapter: Path) -> None:
    """Demos were answered with that sum: their stored answers stay those of the same model."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    plain = AutoModelForCausalLM.from_pretrained(micro_model, dtype=torch.float32)
    wanted = PeftModel.from_pretrained(plain, str(adapter)).merge_and_unload().state_dict()
    summed = load_adapted_model(micro_model, adapter, "merged", dtype="float32").state_dict()
    assert wanted.keys() == summed.keys()
    assert all(torch.equal(wanted[name], summed[name]) for name in wanted)


def test_a_sum_is_made_in_float32_and_then_cast(micro_model: Path, adapter: Path) -> None:
    import torch

    exact = load_adapted_model(micro_model, adapter, "merged", dtype="float32").state_dict()
    cast = load_adapted_model(micro_model, adapter, "merged", dtype="bfloat16").state_dict()
    assert all(torch.equal(exact[name].to(torch.bfloat16), cast[name]) for name in exact)


def test_unmerged_matrices_stay_in_float32(micro_model: Path, adapter: Path) -> None:
    import torch

    model = load_adapted_model(micro_model, adapter, "unmerged", dtype="bfloat16")
    kinds = {("lora" in name, weight.dtype) for name, weight in model.named_parameters()}
    assert kinds == {(True, torch.float32), (False, torch.bfloat16)}


def test_an_adapter_that_lacks_weights_is_refused(micro_model: Path, adapter: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    lacking = tmp_path / "lacking"
    lacking.mkdir()
    (lacking / "adapter_config.json").write_bytes((adapter / "adapter_config.json").read_bytes())
    weights = load_file(adapter / "adapter_model.safetensors")
    save_file(
        {name: value for name, value in weights.items() if "q_proj" not in name}, lacking / "adapter_model.safetensors"
    )
    with pytest.raises(SgAssetsError, match="lacks weights"):
        load_adapted_model(micro_model, lacking, "merged", dtype="float32")
