"""The source texts of a package by module name: the installed one, or one laid down in a store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

PACKAGE = "sg_assets"
_TEXTS = (".j2",)
"""Endings of the files beside modules that steps read."""


@dataclass(frozen=True)
class Package:
    """Source texts of one package, as they are or as they were."""

    texts: Mapping[str, str]
    """Python source by import name; of a folder's ``__init__`` by the folder's name."""
    folders: frozenset[str]
    """Import names of folders, those whose text is an ``__init__``'s."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Other files beside the modules, by path relative to the package's parent."""

    @cached_property
    def modules(self) -> frozenset[str]:
        """Every import name."""
        return frozenset(self.texts)

    def path(self, module: str) -> str:
        """Where a module's text lies, relative to the package's parent."""
        inside = module.replace(".", "/")
        return f"{inside}/__init__.py" if module in self.folders else f"{inside}.py"

    def all_files(self) -> dict[str, str]:
        """Every text by its path: what laying the package down anew takes."""
        return {**{self.path(module): text for module, text in self.texts.items()}, **self.files}


def package_of(files: Mapping[str, str]) -> Package:
    """A package from texts by path, such as ``sg_assets/store/store.py``."""
    texts: dict[str, str] = {}
    folders: set[str] = set()
    others: dict[str, str] = {}
    for path, text in files.items():
        if not path.endswith(".py"):
            others[path] = text
        elif path.endswith("/__init__.py"):
            name = path.removesuffix("/__init__.py").replace("/", ".")
            folders.add(name)
            texts[name] = text
        else:
            texts[path.removesuffix(".py").replace("/", ".")] = text
    return Package(texts, frozenset(folders), others)


@cache
def installed_package() -> Package:
    """The package that this process runs, read once: an edit counts from the next process on."""
    return read_package(Path(__file__).parents[1])


def read_package(folder: Path) -> Package:
    """The package in a folder."""
    return package_of(
        {
            path.relative_to(folder.parent).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*"))
            if path.suffix in (".py", *_TEXTS) and path.is_file() and "__pycache__" not in path.parts
        }
    )
