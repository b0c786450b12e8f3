"""The config of an adapter that was trained elsewhere, read key by key: what is not known to be harmless is refused."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    from peft import LoraConfig

_LARGEST: Final = 1 << 20
_KEPT: Final = (
    "r",
    "lora_alpha",
    "target_modules",
    "exclude_modules",
    "fan_in_fan_out",
    "use_rslora",
    "rank_pattern",
    "alpha_pattern",
    "layers_to_transform",
    "layers_pattern",
)
"""Keys that decide how the matrices act on the base model."""
_ABOUT: Final = ("base_model_name_or_path", "revision", "peft_version", "lora_dropout")
_WITHOUT_EFFECT: Final = ("inference_mode", "megatron_core", "qalora_group_size", "runtime_config")
_OFF: Final[Mapping[str, tuple[object, ...]]] = {
    "auto_mapping": (None,),
    "bias": ("none",),
    "lora_bias": (False,),
    "modules_to_save": (None, []),
    "trainable_token_indices": (None, [], {}),
    "target_parameters": (None, []),
    "layer_replication": (None, []),
    "use_dora": (False,),
    "use_qalora": (False,),
    "use_bdlora": (None, False),
    "ensure_weight_tying": (False,),
    "alora_invocation_tokens": (None, []),
    "megatron_config": (None, {}),
    "loftq_config": (None, {}),
    "eva_config": (None, {}),
    "corda_config": (None, {}),
    "lora_ga_config": (None, {}),
    "velora_config": (None, {}),
    "monteclora_config": (None, {}),
    "arrow_config": (None, {}),
    "kasa_config": (None, {}),
}
"""Keys that must be off, with the values that are: what they switch on is applied in no way of ours, or runs code."""
_PLAIN_STARTS: Final = (True, False, "gaussian", "orthogonal")
"""Ways to begin a training that leave the base model as it is."""
_KNOWN: Final = (*_KEPT, *_ABOUT, *_WITHOUT_EFFECT, *_OFF, "peft_type", "task_type", "init_lora_weights")


@dataclass(frozen=True)
class ImportedConfig:
    """What an adapter's config says."""

    lora: Mapping[str, Any]
    """The keys that decide, as PEFT's ``LoraConfig`` takes them."""
    base: str | None
    """The base model it names."""
    revision: str | None
    """The revision of that model."""
    peft_version: str | None
    """The PEFT that wrote it."""
    dropout: float
    """Of its training; without effect on answers."""


def read_config(file: Path) -> ImportedConfig:
    """Read an adapter's config.

    Raises:
        SgAssetsError: it is no JSON object, or a key is unknown, asks for what is not applied, or has no usable value.
    """
    config = _object(file)
    for name, value in config.items():
        _require_known(name, value, str(file))
    if config.get("peft_type") != "LORA":
        raise _unusable("peft_type", file, "it must be LORA: other adapters are not applied")
    if config.get("task_type") not in ("CAUSAL_LM", None):
        raise _unusable("task_type", file, "it must be CAUSAL_LM: variants answer as chat models")
    if not any(config.get("init_lora_weights", True) is start for start in (True, False)) and (
        config["init_lora_weights"] not in _PLAIN_STARTS
    ):
        why = "such a training begins by changing the base model, so its matrices fit no base model as published"
        raise _unusable("init_lora_weights", file, why, "Convert it to a plain LoRA where it was trained")
    lora = {name: config[name] for name in _KEPT if config.get(name) is not None}
    _require_numbers(lora, file)
    _require_modules(lora, file)
    return ImportedConfig(
        lora,
        _text(config, "base_model_name_or_path", file),
        _text(config, "revision", file),
        _text(config, "peft_version", file),
        float(config.get("lora_dropout") or 0.0),
    )


def lora_config(config: ImportedConfig) -> "LoraConfig":
    """The config as PEFT takes it, and as our own adapters have it."""
    from peft import LoraConfig

    return LoraConfig(**config.lora, lora_dropout=0.0, task_type="CAUSAL_LM")


def _object(file: Path) -> dict[str, Any]:
    if file.stat().st_size > _LARGEST:
        raise SgAssetsError(
            f"has {file.stat().st_size:,} bytes", where=str(file), why="no adapter's config has so many"
        )
    try:
        config = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, json.JSONDecodeError | _ConfigError) else type(error).__name__
        raise SgAssetsError("is not the JSON of an adapter's config", where=str(file), why=why) from None
    if not isinstance(config, dict):
        raise SgAssetsError("is not the JSON of an adapter's config", where=str(file), why="it is no object")
    return config


class _ConfigError(ValueError):
    """JSON that readers would read differently."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise _ConfigError(f"the key '{name[:60]}' stands there twice")
    return dict(pairs)


def _no_number(constant: str) -> float:
    raise _ConfigError(f"{constant} is no number")


def _require_known(name: str, value: object, where: str) -> None:
    if name not in _KNOWN:
        remedy = f"{nearest(name, _KNOWN)} Take it out if the adapter is a plain LoRA without it"
        raise SgAssetsError(f"unknown key '{name[:60]}'", where=where, remedy=remedy)
    if name in _OFF and not any(_same(value, off) for off in _OFF[name]):
        why = f"only {' or '.join(json.dumps(off) for off in _OFF[name])} is applied"
        remedy = "Merge the adapter where it was trained, and declare the whole model under chat_models"
        raise SgAssetsError(f"'{name}' is in use", where=where, why=why, remedy=remedy)


def _same(value: object, other: object) -> bool:
    return type(value) is type(other) and value == other


def _require_numbers(lora: Mapping[str, Any], file: Path) -> None:
    _require_rank(lora.get("r"), "r", file)
    _require_alpha(lora.get("lora_alpha"), "lora_alpha", file)
    for name, require in (("rank_pattern", _require_rank), ("alpha_pattern", _require_alpha)):
        pattern = lora.get(name, {})
        if not isinstance(pattern, dict):
            raise _unusable(name, file, "it must be a mapping of modules to numbers")
        for module, value in pattern.items():
            require(value, f"{name}.{module[:80]}", file)
    for name in ("use_rslora", "fan_in_fan_out"):
        if not isinstance(lora.get(name, False), bool):
            raise _unusable(name, file, "it must be true or false")


def _require_rank(value: object, name: str, file: Path) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _unusable(name, file, "a rank is a whole number from 1")


def _require_alpha(value: object, name: str, file: Path) -> None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
    if not usable:
        raise _unusable(name, file, "alpha is a finite number above 0")


def _require_modules(lora: Mapping[str, Any], file: Path) -> None:
    if not lora.get("target_modules"):
        raise _unusable("target_modules", file, "the modules that the matrices belong to must be named")
    for name in ("target_modules", "exclude_modules", "layers_pattern"):
        if not _are_names(lora.get(name, "")):
            raise _unusable(name, file, "it must be a text or a list of texts")


def _are_names(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(name, str) for name in value))


def _text(config: Mapping[str, Any], name: str, file: Path) -> str | None:
    value = config.get(name)
    if value is not None and not isinstance(value, str):
        raise _unusable(name, file, "it must be a text")
    return value or None


def _unusable(name: str, file: Path, why: str, remedy: str | None = None) -> SgAssetsError:
    return SgAssetsError(f"'{name}' cannot be used", where=str(file), why=why, remedy=remedy)
