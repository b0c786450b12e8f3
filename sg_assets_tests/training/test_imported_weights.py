"""Weights of adapters that were trained elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from sg_assets.errors import SgAssetsError
from sg_assets.hub.fetch import ModelFolder
from sg_assets.training.imported_config import ImportedConfig
from sg_assets.training.imported_weights import adapted_model, read_tensors

NAME = "base_model.model.model.layers.0.self_attn.q_proj.lora_{}.weight"


def written(file: Path, **tensors: torch.Tensor) -> Path:
    from safetensors.torch import save_file

    plain = {"A": torch.ones(4, 8), "B": torch.ones(8, 4)} | tensors
    save_file({NAME.format(letter): tensor for letter, tensor in plain.items()}, file)
    return file


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(SgAssetsError) as error:
        call()
    return str(error.value)


def test_tensors_are_read_as_they_are(tmp_path: Path) -> None:
    tensors = read_tensors(written(tmp_path / "a", A=torch.ones(4, 8, dtype=torch.bfloat16)))
    assert [tensor.dtype for tensor in tensors.values()] == [torch.bfloat16, torch.float32]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_no_finite_numbers_are_refused(tmp_path: Path, value: float) -> None:
    file = written(tmp_path / "a", A=torch.full((4, 8), value))
    assert "no finite numbers" in refused(lambda: read_tensors(file))


@pytest.mark.parametrize("dtype", ["int8", "float8_e4m3fn", "float64"])
def test_other_types_than_plain_floats_are_refused(tmp_path: Path, dtype: str) -> None:
    file = written(tmp_path / "a", A=torch.ones(4, 8).to(getattr(torch, dtype)))
    assert "plain floats are applied" in refused(lambda: read_tensors(file))


def test_an_adapter_as_before_its_first_step_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "a", B=torch.zeros(8, 4))
    assert "the adapter changes nothing" in refused(lambda: read_tensors(file))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 pickled", b"\xff" * 64])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    assert "is not a whole safetensors file" in refused(lambda: read_tensors(tmp_path / "a"))


def test_a_file_that_was_cut_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "a")
    file.write_bytes(file.read_bytes()[:-7])
    assert "is not a whole safetensors file" in refused(lambda: read_tensors(file))


@pytest.mark.slow
def test_a_shared_embedding_cannot_be_changed_on_one_side(micro_model: Path) -> None:
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(micro_model)
    sides = {"A": (2, config.hidden_size), "B": (config.vocab_size, 2)}
    tensors = {f"base_model.model.lm_head.lora_{name}.weight": torch.ones(*shape) for name, shape in sides.items()}
    lora = ImportedConfig({"r": 2, "lora_alpha": 2, "target_modules": ["lm_head"]}, None, None, None, 0.0)
    base = ModelFolder(micro_model, trust_remote_code=False)
    assert config.tie_word_embeddings
    assert "embeddings are one weight" in refused(lambda: adapted_model(base, lora, tensors, "here"))
