"""The files that declarations are read from, and why any other file under ``models/`` or ``sql/`` is not read.

Hidden files, notes (``.md``, ``.txt``) and editors' copies (``x.yaml~``) may lie beside declarations; every other file
is either read or an error, because a file that is passed over looks like one that counts.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError, nearest

LARGEST_FILE: Final = 1_000_000
"""Bytes of a file; the largest that are declared have a few thousand."""
_DEEPEST: Final = 8
_FOLDERS: Final = ("benchmarks", "datasets", "judges", "mixes", "profiles", "published", "variants")
"""Folders below ``models/`` with a declaration a file."""
_LISTS: Final = ("alerts", "comparisons", "few_shots", "figures", "lexicon", "templates")
"""Files of ``models/`` itself, without their ending."""
_EXPECTATIONS: Final = "expectations"
CHAT_TEMPLATES: Final = "chat_templates"
"""Folder below ``models/`` with a chat template a file."""
_TEMPLATE: Final = ".jinja"
_ENDINGS: Final = {".yaml": "models", ".sql": "sql", _TEMPLATE: "models"}
_MEANT: Final = {".yaml": ".yaml", ".yml": ".yaml", ".sql": ".sql", _TEMPLATE: _TEMPLATE}
"""Endings, in small letters, with those that are read."""
_NOTES: Final = (".md", ".txt", ".rst")


@dataclass(frozen=True)
class DeclaredFiles:
    """What lies under ``models/`` and ``sql/``."""

    root: Path
    read: tuple[Path, ...]
    """Files that declarations are read from, sorted."""
    unread: dict[str, SgAssetsError]
    """Why each other file is not read, by its path below the root."""

    def is_unread(self, path: Path) -> bool:
        """Whether a file lies there and is not read."""
        return path.relative_to(self.root).as_posix() in self.unread

    def in_folder(self, folder: str) -> list[Path]:
        """The files of a folder below ``models/`` that hold a declaration each."""
        return [path for path in self.read if path.parent == self.root / "models" / folder]

    @property
    def chat_templates(self) -> list[Path]:
        """The chat templates."""
        return [path for path in self.read if path.suffix == _TEMPLATE]

    @property
    def sql(self) -> list[Path]:
        """The SQL files."""
        return [path for path in self.read if path.suffix == ".sql"]

    @property
    def expectations(self) -> list[tuple[str, Path]]:
        """The files of rules by their subject: ``schema`` or ``schema/table``."""
        folder = self.root / "models" / _EXPECTATIONS
        files = [path for path in self.read if path.is_relative_to(folder)]
        return [(path.relative_to(folder).with_suffix("").as_posix(), path) for path in files]


def declared_files(root: Path) -> DeclaredFiles:
    """Look at every file under ``models/`` and ``sql/`` of a project, through links to folders too."""
    read: list[Path] = []
    unread: dict[str, SgAssetsError] = {}
    for folder in ("models", "sql"):
        for path in _files(root / folder, ()):
            error = _error_of(path, root)
            if error is None:
                read.append(path)
            else:
                unread[path.relative_to(root).as_posix()] = error
    return DeclaredFiles(root, tuple(sorted(read)), unread)


def read_bytes(path: Path, where: str) -> bytes:
    """The bytes of a declared file.

    Raises:
        SgAssetsError: there is no such file, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SgAssetsError("the file is missing", where=where) from error
    except OSError as error:
        raise SgAssetsError("cannot be read", where=where, why=error.strerror) from error


def read_text(path: Path, where: str) -> str:
    """The text of a declared file, as UTF-8.

    Raises:
        SgAssetsError: there is no such file, or it cannot be read, or it is not UTF-8.
    """
    try:
        return read_bytes(path, where).decode("utf-8")
    except UnicodeDecodeError as error:
        raise SgAssetsError("is not UTF-8", where=where, why=f"byte {error.start} of it is no letter") from error


def printable(name: str) -> str:
    """A name from the file system as a terminal may show it."""
    text = os.fsencode(name).decode("utf-8", errors="backslashreplace")
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def _files(folder: Path, above: tuple[tuple[int, int], ...]) -> Iterator[Path]:
    """All that lies under a folder and is no folder, and folders that cannot be followed; hidden ones are left out."""
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except NotADirectoryError:
        yield folder
        return
    except FileNotFoundError:
        return
    except OSError:
        yield folder
        return
    here = (status.st_dev, status.st_ino)
    if here in above or len(above) >= _DEEPEST:
        yield folder
        return
    for entry in entries:
        path = folder / entry.name
        if _is_folder(path) and path.suffix not in _ENDINGS:
            if not entry.name.startswith("."):
                yield from _files(path, (*above, here))
        elif not _may_lie_there(path):
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def _may_lie_there(path: Path) -> bool:
    if path.name.endswith("~") or path.name.startswith(".#"):
        return True
    if path.name.startswith("."):
        return path.suffix.lower() not in _MEANT
    return path.suffix.lower() in _NOTES or path.name in {"README", "LICENSE"}


def _error_of(path: Path, root: Path) -> SgAssetsError | None:
    """Why a file is not read."""
    where = printable(path.relative_to(root).as_posix())
    if where != path.relative_to(root).as_posix():
        return SgAssetsError("has a name with letters that cannot be shown", where=where, remedy="Rename it")
    return _of_another_kind(path, where) or _misnamed(path, where) or _misplaced(path, root, where)


def _of_another_kind(path: Path, where: str) -> SgAssetsError | None:
    try:
        status = path.stat()
    except OSError as error:
        if path.is_symlink():
            return SgAssetsError("is a link that leads to no file", where=where, remedy="Remove it or mend the link")
        return SgAssetsError("cannot be read", where=where, why=error.strerror)
    if stat.S_ISDIR(status.st_mode):
        return _of_a_folder(path, where)
    if not stat.S_ISREG(status.st_mode):
        why = "a pipe, socket or device has no content of its own"
        return SgAssetsError("is not a regular file", where=where, why=why, remedy="Remove it")
    if status.st_size > LARGEST_FILE:
        return SgAssetsError(
            f"has {status.st_size:,} bytes", where=where, why=f"at most {LARGEST_FILE:,} bytes are read of a file"
        )
    return None


def _of_a_folder(path: Path, where: str) -> SgAssetsError:
    if path.suffix in _ENDINGS:
        return SgAssetsError("is a folder named like a file", where=where, remedy="Rename it")
    why = f"it leads back to a folder above it, or lies more than {_DEEPEST} folders deep, or may not be opened"
    return SgAssetsError("is a folder that cannot be followed", where=where, why=why)


def _misnamed(path: Path, where: str) -> SgAssetsError | None:
    """The error of a file whose ending is not that of its folder."""
    folder = where.partition("/")[0]
    meant = _MEANT.get(path.suffix.lower())
    if path.name.startswith("."):
        return SgAssetsError("is not read", where=where, why="its name begins with a dot", remedy="Rename or remove it")
    if meant is None:
        ending = next(ending for ending, home in _ENDINGS.items() if home == folder)
        return SgAssetsError("is not read", where=where, why=f"files of {folder}/ end in {ending}", remedy="Move it")
    if _ENDINGS[meant] != folder:
        return SgAssetsError("is not read", where=where, why=f"{meant} files belong below {_ENDINGS[meant]}/")
    if path.suffix != meant:
        return SgAssetsError(
            "is not read", where=where, why=f"declarations end in {meant}", remedy=f"Rename it to {path.stem}{meant}"
        )
    return None


def _misplaced(path: Path, root: Path, where: str) -> SgAssetsError | None:
    """The error of a file that lies where nothing is read."""
    folder, *inner = path.relative_to(root).parts
    is_template, is_among_templates = path.suffix == _TEMPLATE, inner[0] == CHAT_TEMPLATES and len(inner) == 2
    if is_template != is_among_templates:
        why = f"chat templates end in {_TEMPLATE} and lie in models/{CHAT_TEMPLATES}/, other declarations elsewhere"
        return SgAssetsError("is not read", where=where, why=why, remedy="Move or rename it")
    if is_template:
        return None
    if folder == "sql":
        right, wanted = len(inner) == 2, "sql/<schema>/<table>.sql"
    elif len(inner) == 1:
        right, wanted = path.stem in _LISTS, f"models/, where {', '.join(f'{name}.yaml' for name in _LISTS)} are read"
        if not right:
            remedy = nearest(path.stem, (*_LISTS, *_FOLDERS))
            return SgAssetsError("is not read", where=where, why=f"it lies in {wanted}", remedy=remedy)
    elif inner[0] == _EXPECTATIONS:
        right, wanted = len(inner) <= 3, "models/expectations/<schema>.yaml or <schema>/<table>.yaml there"
    elif inner[0] in _FOLDERS:
        right, wanted = len(inner) == 2, f"models/{inner[0]}/<name>.yaml"
    else:
        remedy = nearest(inner[0], (*_FOLDERS, _EXPECTATIONS))
        why = f"models/ has no folder '{inner[0]}'"
        return SgAssetsError("is not read", where=where, why=why, remedy=remedy)
    if right:
        return None
    return SgAssetsError("is not read", where=where, why="it lies in the wrong folder", remedy=f"Move it to {wanted}")
