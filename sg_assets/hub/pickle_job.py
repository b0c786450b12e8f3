"""``python -m sg_assets.hub.pickle_job SPEC.json``: makes safetensors of pickles, in a process that can do little."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from sg_assets.errors import SgAssetsError
from sg_assets.hub.pickle_limits import limit_process
from sg_assets.processes.job_process import run_payload

if TYPE_CHECKING:
    import torch

_NAMED: Final = re.compile(r"(?:GLOBAL|global|class) ([\w.]{1,100})")
"""What an unpickler names that it refuses."""


class PickleFile(BaseModel):
    """One file of pickled weights."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str
    """As the repository or folder names it, for errors."""
    path: Path
    """Where it lies."""
    converted: Path
    """Where its tensors go."""


class PickleSpec(BaseModel):
    """The files to convert; nothing else is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    files: tuple[PickleFile, ...]


def convert_files(spec: PickleSpec) -> None:
    """Convert files one by one, after this process has given up all that it does not need.

    Raises:
        SgAssetsError: a file names code, is not a plain map of names to tensors, or needs more than the limits.
    """
    import safetensors
    import safetensors.torch
    import torch

    torch.set_num_threads(1)
    limit_process(sum(file.path.stat().st_size for file in spec.files))
    for file in spec.files:
        try:
            tensors = _tensors(file)
            safetensors.torch.save_file(tensors, file.converted, metadata={"format": "pt"})
        except (MemoryError, OSError, RuntimeError, safetensors.SafetensorError) as error:
            why = "it needs more memory or disk than its size lets expect, or it is damaged"
            raise SgAssetsError(
                "cannot be converted", where=file.name, why=f"{why} ({type(error).__name__})",
                remedy="Check the file; or convert it yourself, and name the folder with the safetensors as path",
            ) from error  # fmt: skip


def _tensors(file: PickleFile) -> "dict[str, torch.Tensor]":
    """The tensors of a file, none sharing memory with another."""
    import torch

    try:
        is_archive = _is_plain_archive(file)
        content = torch.load(file.path, map_location="cpu", weights_only=True, mmap=True if is_archive else None)
    except (MemoryError, SgAssetsError):
        raise
    except Exception as error:  # whatever a file makes of itself
        named = _NAMED.search(str(error))
        why = f"it names {named[1]}, which is not among what weights are made of" if named else "it cannot be read"
        raise SgAssetsError(
            "is not plain weights, and is not loaded", where=file.name, why=why,
            remedy="Do not load it elsewhere either unless you trust its author; name a repository with safetensors",
        ) from error  # fmt: skip
    if not isinstance(content, dict) or not content:
        raise _other(file, f"it holds a {type(content).__name__}")
    tensors, memories = {}, set()
    for name, tensor in content.items():
        if not isinstance(name, str) or type(tensor) not in (torch.Tensor, torch.nn.Parameter):
            raise _other(file, f"it holds a {type(tensor).__name__} under a {type(name).__name__}")
        if tensor.layout != torch.strided or tensor.is_quantized:
            raise _other(file, "it holds tensors that are sparse or quantized")
        plain = tensor.detach().contiguous()
        memory = plain.untyped_storage().data_ptr()
        tensors[name] = plain.clone() if memory in memories else plain
        memories.add(memory)
    return tensors


def _is_plain_archive(file: PickleFile) -> bool:
    """Whether a file has the form of today: an archive, whose bytes are mapped as they are.

    Raises:
        SgAssetsError: parts of the archive are packed, which torch never does: mapped they would be other numbers.
    """
    import zipfile

    if not zipfile.is_zipfile(file.path):
        return False
    with zipfile.ZipFile(file.path) as archive:
        packed = [entry.filename for entry in archive.infolist() if entry.compress_type != zipfile.ZIP_STORED]
    if packed:
        raise _other(file, "its archive is packed, as torch never writes it")
    return True


def _other(file: PickleFile, why: str) -> SgAssetsError:
    return SgAssetsError(
        "is not a plain map of names to tensors", where=file.name, why=why,
        remedy="Name the file with the model's weights alone, not a training checkpoint",
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Convert the files that a spec names.

    Returns:
        The exit status: 0, or 2 where a file is refused.
    """
    return run_payload(
        sys.argv[1:] if arguments is None else arguments,
        lambda path: convert_files(PickleSpec.model_validate_json(path.read_bytes())),
    )


if __name__ == "__main__":
    sys.exit(main())
