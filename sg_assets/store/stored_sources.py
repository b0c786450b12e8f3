"""The source texts a store keeps, and a package read from them as far as it is asked for."""

import re
from collections.abc import Iterator, Mapping

from sg_assets.code.package import Package, package_of
from sg_assets.code.stored_listing import (
    StoredFile,
    installed_package_as_stored,
    installed_texts,
    read_bundle,
    read_package_listing,
    text_digest,
)
from sg_assets.errors import DamagedStoreError
from sg_assets.store.sealed_records import REPAIR, read_bytes
from sg_assets.store.store import Store

_DIGEST = re.compile(r"[0-9a-f]{32}")


def stored_text(store: Store, digest: str | None) -> str | None:
    """A text by its digest; None where it was not kept.

    Raises:
        DamagedStoreError: it is another text than that of its digest.
    """
    if digest is None or not _DIGEST.fullmatch(digest):
        return None
    name = f"code/{digest}.txt"
    try:
        text = read_bytes(store.files, name).decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise _damaged_text(name) from error
    if text_digest(text) != digest:
        raise _damaged_text(name)
    return text


def _damaged_text(name: str) -> DamagedStoreError:
    why = "it is not the text of its name"
    return DamagedStoreError("the stored source text is damaged", where=name, why=why, remedy=REPAIR)


def stored_files(store: Store, package: str) -> dict[str, StoredFile] | None:
    """The files of a package by path, by the digest of its listing; None where that was not kept.

    Raises:
        DamagedStoreError: the listing is damaged.
    """
    text = installed_package_as_stored().texts.get(package) or stored_text(store, package)
    return None if text is None else read_package_listing(text, f"code/{package}.txt")


class StoredTexts(Mapping[str, str]):
    """Texts of a package that are read when they are asked for: those of the installed package first."""

    def __init__(self, store: Store, files: Mapping[str, StoredFile]) -> None:
        """Of files by path."""
        self._store = store
        self._files = files
        self._bundles: dict[str, Mapping[str, str] | None] = {}

    def __getitem__(self, path: str) -> str:
        """The text of a file.

        Raises:
            KeyError: it is no file of the package, or its text was not kept.
            DamagedStoreError: the kept text is damaged.
        """
        kept = self._files[path]
        installed = installed_texts().get(kept.digest)
        if installed is not None:
            return installed
        bundle = self._bundle(kept.bundle)
        if bundle is None or path not in bundle:
            raise KeyError(path)
        if text_digest(bundle[path]) != kept.digest:
            raise DamagedStoreError(
                "the kept text of a source file is damaged", where=f"code/{kept.bundle}.txt, {path}"
            )
        return bundle[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def _bundle(self, digest: str) -> Mapping[str, str] | None:
        if digest not in self._bundles:
            text = installed_package_as_stored().texts.get(digest) or stored_text(self._store, digest)
            self._bundles[digest] = None if text is None else read_bundle(text, f"code/{digest}.txt")
        return self._bundles[digest]


class _ByModule(Mapping[str, str]):
    """The same by import name."""

    def __init__(self, texts: StoredTexts, paths: Mapping[str, str]) -> None:
        self._texts = texts
        self._paths = paths

    def __getitem__(self, module: str) -> str:
        return self._texts[self._paths[module]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def stored_package(store: Store, package: str) -> Package | None:
    """A package by the digest of its listing; None where the listing was not kept.

    Raises:
        DamagedStoreError: the listing is damaged.
    """
    files = stored_files(store, package)
    if files is None:
        return None
    names = package_of({path: path for path in files})  # paths in place of texts
    return Package(_ByModule(StoredTexts(store, files), names.texts), names.folders)
