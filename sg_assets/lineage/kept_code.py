"""The code a version was made by, laid out to run again, and how it differs from what is installed."""

import importlib.metadata
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sg_assets
from sg_assets.lineage.sources import kept_text
from sg_assets.store.code import normal_form
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store

_FOUNDATION = ("sg_assets.declarations.", "sg_assets.store.", "sg_assets.errors", "sg_assets.settings")
"""What a work module stands on, and what sets it to work: as installed, or neither would fit the other."""
_MODULE = re.compile(r"sg_assets(\.[a-z_][a-z0-9_]*)+")


@dataclass(frozen=True)
class Kept:
    """The source texts behind a version, and what of its surroundings is other by now."""

    modules: Mapping[str, str]
    """Import name to text; all work modules, and what they import in the package."""
    queries: Mapping[str, str]
    """SQL by the file that declares it."""
    missing: tuple[str, ...]
    """Names whose text is not kept."""
    other_modules: tuple[str, ...]
    """Modules that are installed with another behaviour, or are gone."""
    other_libraries: tuple[tuple[str, str, str], ...]
    """Library, its version then, its version now."""

    @property
    def laid_out(self) -> tuple[str, ...]:
        """The modules that are other by now and can run in place of the installed ones."""
        return tuple(name for name in self.other_modules if not name.startswith(_FOUNDATION))

    @property
    def whole(self) -> bool:
        """Whether every text is there."""
        return not self.missing


def kept_code(store: Store, version: Manifest) -> Kept:
    """The texts behind a version."""
    texts = {name: kept_text(store, digest) for name, digest in version.code.texts.items()}
    known = {name: text for name, text in texts.items() if text is not None}
    modules = {name: text for name, text in known.items() if _MODULE.fullmatch(name)}
    queries = {name: text for name, text in known.items() if name not in modules}
    missing = tuple(sorted(name for name, text in texts.items() if text is None))
    other = tuple(sorted(name for name, text in modules.items() if not _installed_alike(name, text)))
    libraries = tuple(
        (name, then, now) for name, then in sorted(version.libraries.items()) if (now := _installed(name)) != then
    )
    return Kept(modules, queries, missing, other, libraries)


def lay_out(kept: Kept, folder: Path) -> None:
    """The installed package with a version's work modules in place of its own, in a folder to import it from."""
    package = Path(sg_assets.__file__).parent
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in kept.laid_out:
        path = _file(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(kept.modules[name], encoding="utf-8")


def _installed_alike(name: str, text: str) -> bool:
    path = _file(Path(sg_assets.__file__).parents[1], name)
    if not path.is_file():
        return False
    try:
        return normal_form(path.read_text(encoding="utf-8")) == normal_form(text)
    except SyntaxError:  # written for another Python
        return False


def _file(root: Path, module: str) -> Path:
    return root.joinpath(*module.split(".")).with_suffix(".py")


def _installed(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
