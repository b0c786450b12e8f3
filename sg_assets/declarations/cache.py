"""What was declared, kept with what was checked of it: parsing and binding it takes longer than all else in a load.

One file in the profile's home, of the last project read there. It is used only where every byte that decides what is
read is what it was: the declarations, the samples that rules name, our own code that reads and checks them, and the
libraries that do. Losing it costs a load a few tenths of a second.
"""

import hashlib
import io
import pickle
import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from ulid import ULID

from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.store.fingerprints import file_sha256

FILE: Final = "declarations.kept"
_READ: Final = (("models", "*.yaml"), ("sql", "*.sql"))
_LIBRARIES: Final = ("duckdb", "pydantic", "pyyaml", "sqlglot")


class _Label(BaseModel):
    """The first line of the file: what it is of."""

    asked: str
    """Digest of the declarations, of how they were read, and by what."""
    samples: dict[str, str | None]
    """Digests of the samples that rules name; None where there was none."""
    content: str
    """Digest of the rest of the file."""


class _Records(pickle.Unpickler):
    """Makes records of declarations and nothing else, whoever wrote the file."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - any class
        """A class of a declaration, or of a path."""
        if module.startswith("sg_assets.declarations.") or (module, name) in _PATHS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no record of declarations")


_PATHS: Final = {("pathlib", "PosixPath"), ("pathlib", "WindowsPath")}


def cached_project(
    root: Path, profile: str, home: Path, *, generated_comments: bool, seed: int | None = None
) -> ProjectDeclarations:
    """What `read_project` reads, or read before and nothing has changed since.

    It is kept only where the home is there already: looking at a project writes nothing.

    Args:
        root: The project's folder.
        profile: The profile's name.
        home: The profile's folder.
        generated_comments: Whether the comments are the generated ones.
        seed: In place of the profile's.

    Raises:
        SgAssetsError: one error listing everything that is wrong, by file and key; nothing is kept then.
    """
    asked = _digest([repr((str(root), profile, generated_comments, seed)).encode(), *_sources(), *_declared(root)])
    found = _found(home / FILE, asked, root)
    if found is not None:
        return found
    whole = read_project(root, profile, generated_comments=generated_comments, seed=seed)
    if home.is_dir():
        _keep(home / FILE, asked, root, whole)
    return whole


def _found(file: Path, asked: str, root: Path) -> ProjectDeclarations | None:
    try:
        first, content = file.read_bytes().split(b"\n", maxsplit=1)
        label = _Label.model_validate_json(first)
    except (OSError, ValueError, ValidationError):
        return None
    if label.asked != asked or label.content != _digest([content]) or label.samples != _digests(root, label.samples):
        return None
    try:
        return ProjectDeclarations(*_Records(io.BytesIO(content)).load())
    except pickle.UnpicklingError:
        return None


def _keep(file: Path, asked: str, root: Path, whole: ProjectDeclarations) -> None:
    """Write the file, whole or not at all; where that cannot be, the next load reads again."""
    for query in (*(one.query for one in whole.declared.sql.values()), *whole.declared.items.values()):
        _ = query.canonical  # all loads ask for it, and it is kept once it was asked for
    content = pickle.dumps((whole.declared, whole.graph, whole.tables), protocol=5)
    label = _Label(asked=asked, samples=_digests(root, whole.declared.samples), content=_digest([content]))
    part = file.with_name(f"{FILE}.{ULID()}")
    with suppress(OSError):
        try:
            part.write_bytes(label.model_dump_json().encode() + b"\n" + content)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _sources() -> Iterable[bytes]:
    """What reads and checks declarations."""
    yield platform.python_version().encode()
    yield from (f"{name} {version(name)}".encode() for name in _LIBRARIES)
    yield from (path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py")))


def _declared(root: Path) -> Iterable[bytes]:
    for folder, pattern in _READ:
        for path in sorted((root / folder).rglob(pattern)):
            yield path.relative_to(root).as_posix().encode()
            yield path.read_bytes() if path.is_file() else b""


def _digests(root: Path, names: Iterable[str]) -> Mapping[str, str | None]:
    files = {name: root / name for name in names}
    return {name: file_sha256(file) if file.is_file() else None for name, file in sorted(files.items())}


def _digest(parts: Iterable[bytes]) -> str:
    """Of bytes, each with its length before it, so that they cannot be told as others."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
