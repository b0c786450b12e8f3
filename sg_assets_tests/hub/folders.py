"""Folders of models as people have them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

CHAT: Final[Mapping[str, bytes]] = {
    "config.json": b'{"model_type": "llama"}',
    "model.safetensors": b"weights" * 100,
    "tokenizer.json": b"{}",
    "tokenizer_config.json": b"{}",
}


def model_folder_at(folder: Path, files: Mapping[str, bytes] = CHAT, **more: bytes) -> Path:
    """A folder with these files; in further names, two underscores stand for a dot."""
    for name, content in {**files, **{name.replace("__", "."): content for name, content in more.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
