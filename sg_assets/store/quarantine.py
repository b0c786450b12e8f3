"""Versions that failed their audit: kept for a while, seen by no reader of the asset, released by hand or not at all.

Their records lie under ``quarantine/``, laid out like ``manifests/``, and name their content like any other.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Final

from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

KEPT: Final = timedelta(days=30)
"""How long a quarantined version waits for someone to look at it; after that ``sg-assets clean`` finds it."""


class QuarantinedError(SgAssetsError):
    """A version failed a blocking part of its audit. It is kept; what was published before stays current."""

    def __init__(self, candidate: Manifest, published: Manifest | None) -> None:
        self.candidate = candidate
        self.audit = candidate.audit
        self.published = published
        failed = "; ".join(str(one) for one in candidate.audit if one.stops)
        super().__init__(
            f"version {candidate.version} failed its audit and is held in quarantine: {failed}",
            where=str(candidate.ref),
            why="No version is published yet"
            if published is None
            else f"The published version {published.version} stays current and is unaffected",
            remedy=f"If it is right as it is, release it with `sg-assets publish {candidate.version}`",
        )


def hold(store: Store, manifest: Manifest) -> None:
    """Keep a version out of its readers' sight. Its content must be in place."""
    store.files.write_new(quarantine_name(manifest), manifest.model_dump_json(indent=1))


def expires(manifest: Manifest) -> datetime:
    """When a quarantined version may be cleaned away."""
    return manifest.finished + KEPT


def quarantine_name(manifest: Manifest) -> str:
    """The name of a quarantined version's record."""
    return f"quarantine/{manifest.ref.folder}/{manifest.version}.json"


def held(store: Store, ref: Ref | None = None) -> list[Manifest]:
    """Quarantined versions of a partition, or of all; oldest first within each."""
    found = []
    for name in store.files.glob(f"quarantine/{'*/*/*' if ref is None else ref.folder}/*.json"):
        with contextlib.suppress(FileNotFoundError):  # released in this moment
            found.append(store.read_manifest(name))
    return found


def held_version(store: Store, version: str) -> Manifest | None:
    """A quarantined version by its id alone."""
    for ref in store.where(version, "quarantine"):
        return store.read_manifest(f"quarantine/{ref.folder}/{version}.json")
    return None


def release(store: Store, version: str, note: str | None = None) -> Manifest:
    """Publish a quarantined version as it is.

    Its manifest is written first, its head entry next, its quarantine record is removed last: a release that was
    killed is completed by repeating it.

    Raises:
        SgAssetsError: no such version is in quarantine, or its content is gone.
    """
    manifest = held_version(store, version)
    if manifest is None:
        return _released(store, version)
    if not store.has_content(manifest):
        raise SgAssetsError(f"the content of {version} is gone", where=str(manifest.ref), remedy="Materialize it again")
    with contextlib.suppress(FileExistsError):
        store.record(manifest)
    store.set_head(manifest, "release", note=note)
    store.files.remove(quarantine_name(manifest))
    return manifest


def _released(store: Store, version: str) -> Manifest:
    """A version that needs no release, because it is current."""
    published = store.find(version)
    if store.required_head(published.ref).version != version:
        raise SgAssetsError(
            f"{version} is not in quarantine",
            where=str(published.ref),
            remedy=f"Make it current again with `sg-assets revert '{published.ref}' {version}`",
        )
    return published
