"""What is kept of a version's code beside its fingerprint: the definitions, and the whole package they stand in.

Under ``code/``: the listing of a step's definitions, which names that of the package, which names the text of every
file by digest and the bundle that holds it. A bundle holds the files of one folder: a package takes twenty writes, not
three hundred, and an edit takes one. Equal code gives equal files, so versions share them.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from sg_assets.code.closure import IDENTITY, Closure
from sg_assets.code.modules import Definition
from sg_assets.code.package import Package, installed_package
from sg_assets.errors import DamagedStoreError

RUNNER: Final = "sg_assets.reproduction.rebuild"
"""The module of this package that makes a version again; a stored package is asked by the module it names."""
_RUNNER: Final = re.compile(r"sg_assets(\.[a-z_][a-z0-9_]*)+")


@dataclass(frozen=True)
class Listing:
    """The definitions behind a version."""

    identity: str
    """How code was told apart: digests of another identity cannot be compared."""
    entries: tuple[Definition, ...]
    """What the step ran."""
    digests: dict[Definition, str]
    """Every definition with its digest."""
    package: str
    """The digest of the package's listing."""
    runner: str
    """The module of that package that makes a version again."""


class StoredFile(NamedTuple):
    """A file of a kept package."""

    digest: str
    """Of its text."""
    bundle: str
    """The digest of the bundle that holds it."""


@dataclass(frozen=True)
class StoredPackage:
    """A package's listing and its bundles, to be kept by digest."""

    digest: str
    texts: dict[str, str]
    """Digest to text: the listing and every bundle."""


@cache
def installed_package_as_stored() -> StoredPackage:
    """The package that runs, as it is kept beside versions."""
    return as_stored(installed_package())


@cache
def installed_texts() -> dict[str, str]:
    """The texts of the package that runs, by digest."""
    return {text_digest(text): text for text in installed_package().all_files().values()}


def as_stored(package: Package) -> StoredPackage:
    """A package as it is kept."""
    folders: dict[str, dict[str, str]] = {}
    for path, text in sorted(package.all_files().items()):
        folders.setdefault("/".join(path.split("/")[:-1][:2]), {})[path] = text
    files: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for inside in folders.values():
        bundle = json.dumps(inside, indent=0)
        digest = text_digest(bundle)
        texts[digest] = bundle
        files |= {path: [text_digest(text), digest] for path, text in inside.items()}
    listing = json.dumps(files, indent=0)
    return StoredPackage(text_digest(listing), {text_digest(listing): listing, **texts})


def listing_text(closure: Closure, package: str) -> str:
    """The listing of a step's definitions as it is kept."""
    content = {
        "identity": IDENTITY,
        "entries": [_written(item) for item in closure.entries],
        "definitions": {_written(item): digest for item, digest in closure.digests.items()},
        "package": package,
        "runner": RUNNER,
    }
    return json.dumps(content, indent=0)


def read_listing(text: str, where: str) -> Listing:
    """A listing from its text.

    Raises:
        SgAssetsError: it is no listing.
    """
    try:
        content = json.loads(text)
        runner = str(content["runner"])
        if not _RUNNER.fullmatch(runner):
            raise ValueError(f"'{runner}' is no module of the package")
        return Listing(
            str(content["identity"]),
            tuple(_read(item) for item in content["entries"]),
            {_read(name): str(digest) for name, digest in content["definitions"].items()},
            str(content["package"]),
            runner,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedStoreError("the listing of the code cannot be read", where=where, why=str(error)) from None


def read_package_listing(text: str, where: str) -> dict[str, StoredFile]:
    """The files of a package by path.

    Raises:
        SgAssetsError: it is no listing of a package, or names a file outside of it.
    """
    try:
        files = {str(path): StoredFile(*map(str, kept)) for path, kept in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise DamagedStoreError("the listing of the package cannot be read", where=where, why=str(error)) from None
    for path in files:
        parts = path.split("/")
        if parts[0] != "sg_assets" or not all(part and part not in (".", "..") for part in parts) or "\\" in path:
            raise DamagedStoreError(
                f"the listing of the package names '{path}'", where=where, why="it is no file of it"
            )
    return files


def read_bundle(text: str, where: str) -> dict[str, str]:
    """Texts by path.

    Raises:
        SgAssetsError: it is no bundle.
    """
    try:
        return {str(path): str(inside) for path, inside in json.loads(text).items()}
    except (ValueError, AttributeError) as error:
        raise DamagedStoreError("the bundle of source texts cannot be read", where=where, why=str(error)) from None


def text_digest(text: str) -> str:
    """The name a text is kept under."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _written(definition: Definition) -> str:
    return f"{definition.module}:{definition.name}"


def _read(written: str) -> Definition:
    module, _, name = written.partition(":")
    return Definition(module, name)
