"""Configs of adapters that were trained elsewhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training.imported_config import lora_config, read_config
from sg_assets_tests.training.adapters import write_config


def refused(file: Path) -> str:
    with pytest.raises(SgAssetsError) as error:
        read_config(file)
    return str(error.value)


def test_a_plain_lora_is_read(tmp_path: Path) -> None:
    about = {"base_model_name_or_path": "o/m", "peft_version": "0.10.0", "lora_dropout": 0.05, "revision": None}
    config = read_config(write_config(tmp_path, **about, use_rslora=True))
    assert config.lora == {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"], "use_rslora": True}
    assert (config.base, config.revision, config.peft_version, config.dropout) == ("o/m", None, "0.10.0", 0.05)


def test_every_key_that_the_installed_peft_writes_is_known(tmp_path: Path) -> None:
    from peft import LoraConfig

    written = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj"], task_type="CAUSAL_LM").to_dict()
    plain = {name: sorted(value) if isinstance(value, set) else value for name, value in written.items()}
    (tmp_path / "adapter_config.json").write_text(json.dumps(plain))
    assert lora_config(read_config(tmp_path / "adapter_config.json")).to_dict() == written


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auto_mapping", {"base_model_class": "X", "parent_library": "evil"}),
        ("modules_to_save", ["lm_head"]),
        ("bias", "all"),
        ("use_dora", True),
        ("layer_replication", [[0, 2]]),
        ("trainable_token_indices", [1]),
        ("alora_invocation_tokens", [1]),
        ("ensure_weight_tying", 0),
    ],
)
def test_what_is_not_applied_is_refused_by_name(tmp_path: Path, name: str, value: object) -> None:
    message = refused(write_config(tmp_path, **{name: value}))
    assert f"'{name}' is in use" in message
    assert "adapter_config.json" in message


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    assert "unknown key 'rank_patern'" in (message := refused(write_config(tmp_path, rank_patern={})))
    assert "rank_pattern" in message


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"peft_type": "IA3"}, "'peft_type' cannot be used"),
        ({"task_type": "SEQ_CLS"}, "'task_type' cannot be used"),
        ({"init_lora_weights": "pissa_niter_16"}, "'init_lora_weights' cannot be used"),
        ({"r": 0}, "'r' cannot be used"),
        ({"r": True}, "'r' cannot be used"),
        ({"r": ...}, "'r' cannot be used"),
        ({"lora_alpha": -1}, "'lora_alpha' cannot be used"),
        ({"alpha_pattern": {"q_proj": "8"}}, "'alpha_pattern.q_proj' cannot be used"),
        ({"rank_pattern": [8]}, "'rank_pattern' cannot be used"),
        ({"target_modules": []}, "'target_modules' cannot be used"),
        ({"target_modules": [1]}, "'target_modules' cannot be used"),
        ({"use_rslora": "yes"}, "'use_rslora' cannot be used"),
        ({"base_model_name_or_path": 7}, "'base_model_name_or_path' cannot be used"),
    ],
)
def test_values_that_cannot_be_used_are_refused_by_name(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    assert problem in refused(write_config(tmp_path, **changes))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Expecting"),
        ("[1]", "no object"),
        ('{"r": 4, "r": 8}', "'r' stands there twice"),
        ('{"lora_alpha": NaN}', "NaN is no number"),
        ("[" * 100_000, "RecursionError"),
    ],
)
def test_what_is_no_config_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "adapter_config.json").write_text(text)
    message = refused(tmp_path / "adapter_config.json")
    assert "is not the JSON of an adapter's config" in message
    assert why in message
