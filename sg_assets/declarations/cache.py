"""The checked declarations of the last load, as JSON: parsing and binding them takes longer than the rest of a load.

One file in the profile's home, for the project read there last. It is used only where every byte that decides its
content is unchanged: the declarations, the samples that rules name, our own code that reads and checks them, and the
libraries that do. Losing it costs a load about 0.4 s. It holds data alone: reading it runs no code, whoever wrote it.
"""

import hashlib
import os
import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pydantic import BaseModel, TypeAdapter, ValidationError
from ulid import ULID

from sg_assets.declarations.columns import Columns
from sg_assets.declarations.declared_files import declared_files, read_bytes
from sg_assets.declarations.graph_building import graph_of
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.store.fingerprints import file_sha256

FILE: Final = "declarations.jsonl"
SOURCES: Final = (
    "declarations",
    "errors.py",
    "text/numbers.py",
    "store/engine.py",
    "store/fingerprints.py",
    "store/refs.py",
)
"""The package's code that decides the outcome: this package, and all that it imports of others."""
_LIBRARIES: Final = ("duckdb", "pydantic", "ruamel.yaml", "sqlglot", "trl")
_PACKAGE: Final = Path(__file__).parents[1]


class _Label(BaseModel):
    """The first line of the file: the inputs of the second."""

    inputs: str
    """Digest of the declarations, of the options of reading them, and of the code and libraries that read them."""
    samples: dict[str, str | None]
    """Digests of the samples that rules name; None where the file does not exist."""
    content: str
    """Digest of the second line."""


_Checked = tuple[Declarations, Mapping[str, Columns]]
"""The second line. The graph is left out: it follows from the declarations at once."""


def cached_project(
    root: Path, profile: str, home: Path, *, generated_comments: bool, seed: int | None = None
) -> ProjectDeclarations:
    """The result of `read_project`, from the cache where no input has changed.

    The cache is written only where the home exists already: looking at a project writes nothing.

    Args:
        root: The project's folder.
        profile: The profile's name.
        home: The profile's folder.
        generated_comments: Whether the comments are the generated ones.
        seed: In place of the profile's.

    Raises:
        SgAssetsError: one error listing everything that is wrong, by file and key; nothing is cached then.
    """
    options = repr((str(root), profile, generated_comments, seed)).encode()
    inputs = _digest([options, *_sources(), *_declared(root)])
    cached = _cached(home / FILE, inputs, root, generated_comments=generated_comments)
    if cached is not None:
        return cached
    project = read_project(root, profile, generated_comments=generated_comments, seed=seed)
    if home.is_dir():
        _write(home / FILE, inputs, root, project)
    return project


def _cached(file: Path, inputs: str, root: Path, *, generated_comments: bool) -> ProjectDeclarations | None:
    try:
        first, content = file.read_bytes().split(b"\n", maxsplit=1)
        label = _Label.model_validate_json(first)
        if label != _Label(inputs=inputs, samples=_digests(root, label.samples), content=_digest([content])):
            return None
        declared, tables = TypeAdapter(_Checked).validate_json(content)
    except (OSError, ValueError, ValidationError):
        return None
    return ProjectDeclarations(declared, graph_of(declared, Problems(), generated_comments=generated_comments), tables)


def _write(file: Path, inputs: str, root: Path, project: ProjectDeclarations) -> None:
    """Write the file, whole or not at all; where that is impossible, the next load reads the declarations again."""
    adapter = TypeAdapter(_Checked)
    checked = (project.declared, project.tables)
    content = adapter.dump_json(checked)
    if not _same(adapter, content, checked):
        return
    label = _Label(inputs=inputs, samples=_digests(root, project.declared.samples), content=_digest([content]))
    part = file.with_name(f"{FILE}.{ULID()}")
    with suppress(OSError):
        try:
            part.write_bytes(label.model_dump_json().encode() + b"\n" + content)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _same(adapter: TypeAdapter[_Checked], content: bytes, checked: _Checked) -> bool:
    """Whether JSON holds all of it: the arguments of a rule may be any YAML, such as dates or an infinite number."""
    try:
        return adapter.validate_json(content) == checked
    except ValidationError:
        return False


def _sources() -> Iterable[bytes]:
    """The code that reads and checks declarations."""
    yield platform.python_version().encode()
    yield from (f"{name} {version(name)}".encode() for name in _LIBRARIES)
    for source in SOURCES:
        path = _PACKAGE / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield file.relative_to(_PACKAGE).as_posix().encode()
            yield file.read_bytes()


def _declared(root: Path) -> Iterable[bytes]:
    """The declarations, and what lies beside them and is refused."""
    files = declared_files(root)
    for path in files.read:
        where = path.relative_to(root).as_posix()
        yield where.encode()
        yield read_bytes(path, where)
    for name, error in files.unread.items():
        yield os.fsencode(name)
        yield str(error).encode()


def _digests(root: Path, names: Iterable[str]) -> dict[str, str | None]:
    files = {name: root / name for name in names}
    return {name: file_sha256(file) if file.is_file() else None for name, file in sorted(files.items())}


def _digest(parts: Iterable[bytes]) -> str:
    """One digest of several byte strings, each after its length, so that no other split gives the same."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
