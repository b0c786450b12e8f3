"""The weights of an adapter that was trained elsewhere: safetensors, held against its config and its base model."""

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sg_assets.errors import SgAssetsError
from sg_assets.training.imported_config import ImportedConfig, lora_config

if TYPE_CHECKING:
    from peft import PeftModel
    from torch import Tensor

    from sg_assets.hub.fetch import ModelFolder

_DTYPES: Final = ("F32", "F16", "BF16")
_ENDING: Final = re.compile(r"(\.lora_[AB])\.weight$")
_SHOWN: Final = 3
_MISFIT: Final = "the adapter does not fit the base model"


def read_tensors(file: Path) -> "dict[str, Tensor]":
    """The tensors of an adapter, by name.

    Raises:
        SgAssetsError: not a safetensors file, or a tensor has another type than a plain float, or a value that is no
            finite number; or the adapter changes nothing.
    """
    from safetensors import SafetensorError, safe_open

    try:
        # The header alone, before torch is imported, which takes seconds.
        with safe_open(file, framework="numpy") as opened:
            types = {name: str(opened.get_slice(name).get_dtype()) for name in opened.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        remedy = "Copy or download it again"
        raise SgAssetsError("is not a whole safetensors file", where=str(file), why=str(error), remedy=remedy) from None
    for name, type_ in types.items():
        if type_ not in _DTYPES:
            why = f"it has the type {type_}, and plain floats are applied ({', '.join(_DTYPES)})"
            raise SgAssetsError(f"'{name[:160]}' cannot be used", where=str(file), why=why)
    with safe_open(file, framework="pt") as opened:
        tensors = {name: opened.get_tensor(name) for name in sorted(types)}
    for name, tensor in tensors.items():
        if not bool(tensor.isfinite().all()):
            why = "it holds values that are no finite numbers"
            raise SgAssetsError(f"'{name[:160]}' cannot be used", where=str(file), why=why)
    if not any(bool(tensor.any()) for name, tensor in tensors.items() if ".lora_B." in name):
        why = "every lora_B is zero, as before a training's first step"
        raise SgAssetsError(
            "the adapter changes nothing", where=str(file), why=why, remedy="Save it after its training"
        )
    return tensors


def adapted_model(
    base: "ModelFolder", config: ImportedConfig, tensors: "Mapping[str, Tensor]", where: str
) -> "PeftModel":
    """The base model's architecture with the adapter on it; the base's own weights are not read.

    Args:
        base: The base model.
        config: The adapter's.
        tensors: The adapter's.
        where: Where the adapter comes from.

    Raises:
        SgAssetsError: the adapter does not fit the base model; names modules, tensors and shapes.
    """
    from peft import get_peft_model, get_peft_model_state_dict

    model = _architecture(base)
    with warnings.catch_warnings():
        # of an attribute name that peft uses, and of tied weights, which are refused below
        warnings.simplefilter("ignore")
        try:
            adapted = get_peft_model(model, lora_config(config), low_cpu_mem_usage=True)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            why = f"peft: {' '.join(str(error).split())[:300]}"
            remedy = "Name the chat model it was trained on as parent"
            raise SgAssetsError(_MISFIT, where=where, why=why, remedy=remedy) from None
        expected = get_peft_model_state_dict(adapted, adapter_name="default", save_embedding_layers=False)
        _require_equal(
            {name: tuple(tensor.shape) for name, tensor in expected.items()},
            {name: tuple(tensor.shape) for name, tensor in tensors.items()},
            where,
        )
        _require_untied(adapted, expected, where)
        # peft's own loading would move the matrices to where the base model's weights are: nowhere
        named = {_ENDING.sub(r"\1.default.weight", name): tensor for name, tensor in tensors.items()}
        adapted.load_state_dict(named, strict=False, assign=True)
    return adapted


def _architecture(base: "ModelFolder") -> "PeftModel":
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.from_pretrained(base.path, trust_remote_code=base.trust_remote_code)
    with torch.device("meta"):
        model: PeftModel = AutoModelForCausalLM.from_config(config, trust_remote_code=base.trust_remote_code)
    return model


Shapes = Mapping[str, tuple[int, ...]]


def _require_equal(expected: Shapes, given: Shapes, where: str) -> None:
    unknown = sorted(given.keys() - expected.keys())
    missing = sorted(expected.keys() - given.keys())
    other = [name for name in sorted(expected.keys() & given.keys()) if expected[name] != given[name]]
    if not (unknown or missing or other):
        return
    why = [f"its config and the base model give no {_listed(unknown)}"] if unknown else []
    why += [f"it lacks {_listed(missing)}"] if missing else []
    why += [f"{name[:160]} is {given[name]}, {expected[name]} fits" for name in other[:_SHOWN]]
    remedy = "Name the chat model it was trained on as parent"
    raise SgAssetsError(_MISFIT, where=where, why="; ".join(why), remedy=remedy)


def _listed(names: list[str]) -> str:
    shown = ", ".join(name[:160] for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"


def _require_untied(model: "PeftModel", names: Mapping[str, object], where: str) -> None:
    """Input and output embeddings of one weight cannot be changed in one place only."""
    tied = bool(getattr(model.config, "tie_word_embeddings", False))
    touched = [name for name in names if "lm_head." in name or "embed" in name]
    if tied and touched:
        why = f"the base model's input and output embeddings are one weight, and the adapter changes {touched[0][:160]}"
        remedy = "Merge the adapter where it was trained, and declare the whole model under chat_models"
        raise SgAssetsError(_MISFIT, where=where, why=why, remedy=remedy)
