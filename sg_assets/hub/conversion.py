"""Weights that are only there as pickles, converted to safetensors once on this machine, in a process of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_digests import file_digests
from sg_assets.hub.file_list import PinnedFile, PinnedFiles
from sg_assets.hub.file_selection import is_pickle
from sg_assets.hub.local_records import files_root
from sg_assets.hub.pickle_job import PickleFile, PickleSpec, main
from sg_assets.hub.pickle_limits import require_limits, seconds_for
from sg_assets.processes.job_process import reason_file
from sg_assets.processes.parent import PARENT_VARIABLE
from sg_assets.store.fingerprints import json_digest

BEHAVIOUR: Final = 1
"""Raised when equal pickles become other bytes."""
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
"""All that the process gets of the environment: no token, no proxy, no home."""
_SHARD: Final = re.compile(r"-\d+-of-\d+$")
_INDEX: Final = ".safetensors.index.json"


def converted_name(name: str) -> str:
    """The name of the safetensors that a file of pickled weights becomes."""
    folder, _, base = name.rpartition("/")
    stem = base.rpartition(".")[0]
    stem = f"model{stem.removeprefix('pytorch_model')}" if stem.startswith("pytorch_model") else stem
    return f"{folder}/{stem}.safetensors".removeprefix("/")


def convert(pinned: PinnedFiles, folder: Path) -> tuple[PinnedFile, ...]:
    """Convert the pickled weights among pinned files, and list what they became, sorted by name.

    Args:
        pinned: The files.
        folder: Holds them, compared with their digests.

    Raises:
        SgAssetsError: a file is no plain weights, or the process needed more than it may.
    """
    pickles = _pickles(pinned)
    target = _target(pickles)
    if not target.is_dir():
        require_limits()
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unfinished-") as scratch:
            results = Path(scratch, "converted")
            names = {file.name: results / converted_name(file.name) for file in pickles}
            for path in names.values():
                path.parent.mkdir(parents=True, exist_ok=True)
            _run(Path(scratch), [PickleFile(name=name, path=(folder / name).resolve(), converted=path)
                                 for name, path in names.items()], sum(file.size for file in pickles),
                 pinned.label)  # fmt: skip
            _write_indexes(names.values())
            _keep(results, target)
    names_of_results = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    digests = file_digests(target, [(name, "sha256") for name in names_of_results], purpose="load")
    return tuple(PinnedFile(name=name, size=size, sha256=digest) for name, (size, digest) in sorted(digests.items()))


def converted_folder(pinned: PinnedFiles) -> Path | None:
    """The folder of what pinned pickles became on this machine; None where they were not converted yet."""
    target = _target(_pickles(pinned))
    return target if target.is_dir() else None


def _pickles(pinned: PinnedFiles) -> list[PinnedFile]:
    return [file for file in pinned.files if is_pickle(file.name)]


def _target(pickles: Sequence[PinnedFile]) -> Path:
    content = [[file.name, file.sha256 or file.git_blob] for file in pickles]
    return files_root() / "converted" / json_digest([BEHAVIOUR, content])


def _keep(results: Path, target: Path) -> None:
    try:
        results.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was faster
            raise


def _run(scratch: Path, files: Sequence[PickleFile], size: int, label: str) -> None:
    spec = scratch / "spec.json"
    spec.write_text(PickleSpec(files=tuple(files)).model_dump_json(), encoding="utf-8")
    command = [sys.executable, "-P", "-m", main.__module__, str(spec)]
    try:
        ended = subprocess.run(
            command, cwd=scratch, env=_environment(scratch), timeout=seconds_for(size), capture_output=True, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(files, label, f"it took longer than {seconds_for(size)} s") from error
    if ended.returncode == 0:
        return
    reason = reason_file(spec)
    if reason.exists():
        raise SgAssetsError(reason.read_text(encoding="utf-8"), where=label)
    last = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
    raise _failed(files, label, f"the process ended with {ended.returncode}{': ' if last else ''}{''.join(last)[:200]}")


def _failed(files: Sequence[PickleFile], label: str, why: str) -> SgAssetsError:
    return SgAssetsError(
        f"the conversion of {files[0].name} was stopped", where=label, why=why,
        remedy="Check the file; or convert it yourself, and name the folder with the safetensors as path",
    )  # fmt: skip


def _environment(scratch: Path) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    folders = [str(Path(folder).absolute()) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(folders),
        PARENT_VARIABLE: str(os.getpid()),
        "HOME": str(scratch),
        "TORCH_FORCE_WEIGHTS_ONLY_LOAD": "1",
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }


def _write_indexes(parts: Iterable[Path]) -> None:
    """Write which tensor is in which part, for weights in parts."""
    from safetensors import safe_open

    indexes: dict[Path, dict[str, Any]] = {}
    for path in parts:
        stem = _SHARD.sub("", path.stem)
        if stem == path.stem:
            continue
        index = indexes.setdefault(path.with_name(f"{stem}{_INDEX}"), {"metadata": {"total_size": 0}, "weight_map": {}})
        with safe_open(path, framework="np") as part:
            keys = sorted(part.keys())
        twice = set(keys) & index["weight_map"].keys()
        if twice:
            raise SgAssetsError("two parts have the same tensor", where=path.name, remedy="Name another revision")
        index["weight_map"] |= dict.fromkeys(keys, path.name)
        index["metadata"]["total_size"] += path.stat().st_size
    for path, index in indexes.items():
        path.write_text(json.dumps(index, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def discard_conversion(pinned: PinnedFiles) -> None:
    """Forget what pinned pickles became on this machine: it is not what was pinned."""
    shutil.rmtree(_target(_pickles(pinned)), ignore_errors=True)
