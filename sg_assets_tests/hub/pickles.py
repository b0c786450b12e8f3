"""Pickled weights: plain ones, and some that would run code."""

from pathlib import Path
from typing import Any


class Opens:
    """Unpickled without care, it writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.path), "w")


def weights() -> dict[str, Any]:
    """Two tensors that share memory, and a part of a third."""
    import torch

    tied = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    return {"embed.weight": tied, "head.weight": tied, "norm.weight": torch.arange(10, dtype=torch.bfloat16)[2:5]}


def save(content: object, path: Path, *, old_form: bool = False) -> bytes:
    """Pickle with torch, and return the bytes."""
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(content, path, _use_new_zipfile_serialization=not old_form)
    return path.read_bytes()
