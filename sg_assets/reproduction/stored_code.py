"""The code a version was made by: whether it is the installed code, and the whole package as it was stored."""

import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sg_assets.code.stored_listing import Listing, StoredFile, installed_package_as_stored, read_listing
from sg_assets.lineage.changed_definitions import ChangedDefinition, changed_definitions
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets.store.stored_sources import StoredTexts, stored_files, stored_text


@dataclass(frozen=True)
class StoredCode:
    """The stored code of a version, and which libraries have other versions now."""

    store: Store
    listing: Listing | None
    """Its definitions; None for versions before format 3, and where the listing is not stored."""
    recorded: bool
    """Whether a listing was recorded at all."""
    queries: Mapping[str, str]
    """SQL and other texts by the file that declared them."""
    missing: tuple[str, ...]
    """Names whose text is not stored."""
    other_libraries: tuple[tuple[str, str, str], ...]
    """Library, its version then, its version now."""

    @cached_property
    def files(self) -> dict[str, StoredFile] | None:
        """The files of the whole package by path; None where its listing is not stored."""
        return None if self.listing is None else stored_files(self.store, self.listing.package)

    @property
    def is_installed(self) -> bool:
        """Whether every file of the package is as installed."""
        return self.listing is not None and self.listing.package == installed_package_as_stored().digest

    def texts(self) -> dict[str, str] | None:
        """The whole package by path; None where a text of it is not stored."""
        files = self.files
        if files is None:
            return None
        try:
            return dict(StoredTexts(self.store, files))
        except KeyError:
            return None

    def changes_to(self, listing: str) -> tuple[ChangedDefinition, ...]:
        """The definitions that differ between the version's code and other code, by the text of its listing."""
        before = None if self.listing is None else self._text
        return () if before is None else changed_definitions(self.store, before, listing)

    _text: str | None = None
    """The text of the listing."""


def stored_code_of(store: Store, version: Manifest) -> StoredCode:
    """The stored code of a version.

    Raises:
        SgAssetsError: its listing is damaged.
    """
    texts = {name: stored_text(store, digest) for name, digest in version.code.texts.items() if "/" in name}
    missing = [name for name, text in texts.items() if text is None]
    listing = stored_text(store, version.code.listing)
    if version.code.listing is not None and listing is None:
        missing.append("the listing of its definitions")
    return StoredCode(
        store,
        None if listing is None else read_listing(listing, f"code/{version.code.listing}.txt"),
        version.code.listing is not None,
        {name: text for name, text in texts.items() if text is not None},
        tuple(sorted(missing)),
        tuple(
            (name, then, now) for name, then in sorted(version.libraries.items()) if (now := _installed(name)) != then
        ),
        listing,
    )


def write_package(texts: Mapping[str, str], folder: Path) -> None:
    """Write a package's files to a folder to import them from; their paths were checked when the listing was read."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _installed(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
