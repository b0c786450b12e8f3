"""Bad adapters from elsewhere: pickles, code, other methods than plain LoRA, weights that are none."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.hub.adapter_files import pin_adapter
from sg_assets.training.imported_config import read_config
from sg_assets.training.imported_weights import read_tensors
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of
from sg_assets_tests.training.adapters import write_config

NAME = "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"


def _folder(name: str, files: dict[str, bytes], *says: str) -> BadInput:
    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        for file, content in files.items():
            (root / file).write_bytes(content)
        return error_of(lambda: pin_adapter(AdapterSource(path=str(root)), root))

    return BadInput(name, act, says)


def _config(name: str, change: dict[str, object], *says: str) -> BadInput:
    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        file = write_config(root, **change)
        return error_of(lambda: read_config(file))

    return BadInput(name, act, ("adapter_config.json", *says))


def _weights(name: str, content: Callable[[], bytes], *says: str) -> BadInput:
    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        (root / "adapter_model.safetensors").write_bytes(content())
        return error_of(lambda: read_tensors(root / "adapter_model.safetensors"))

    return BadInput(name, act, ("adapter_model.safetensors", *says))


def _safetensors(type_: str, shape: list[int], data: bytes, end: int | None = None) -> bytes:
    header = {NAME: {"dtype": type_, "shape": shape, "data_offsets": [0, len(data) if end is None else end]}}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


CASES = [
    _folder(
        "a pickled adapter", {"adapter_config.json": b"{}", "adapter_model.bin": b""}, "can run any code", "Save it"
    ),
    _folder("a whole model", {"config.json": b"{}", "model.safetensors": b""}, "a whole model", "chat_models"),
    _folder("an empty folder", {}, "no adapter_config.json", "Name the folder"),
    _config("code to be loaded", {"auto_mapping": {"parent_library": "evil"}}, "'auto_mapping' is in use", "Merge"),
    _config("retrained embeddings", {"modules_to_save": ["embed_tokens"]}, "'modules_to_save' is in use", "Merge"),
    _config("a key of another tool", {"lora_target_all": True}, "unknown key 'lora_target_all'", "Take it out"),
    _config("another method", {"peft_type": "PREFIX_TUNING"}, "'peft_type' cannot be used", "must be LORA"),
    _config("a rank of nothing", {"r": 0}, "'r' cannot be used", "from 1"),
    _config("an endless alpha", {"lora_alpha": float("inf")}, "Infinity is no number"),
    _config(
        "a base that was changed", {"init_lora_weights": "loftq"}, "'init_lora_weights'", "changing the base model"
    ),
    _weights("no safetensors", lambda: b"\x80\x04 pickle", "not a whole safetensors file", "download it again"),
    _weights("fewer bytes than it says", lambda: _safetensors("F32", [2, 2], b"\0" * 8, 16), "not a whole"),
    _weights("quantised matrices", lambda: _safetensors("I8", [2, 2], b"\1" * 4), "type I8", "plain floats"),
]
