"""Versions that failed their audit: kept for a while, hidden from readers of the asset, released by hand or not at all.

Their records lie under ``quarantine/``, laid out like ``manifests/``, and name their content like any other.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sg_assets.errors import ContentMissingError, DamagedStoreError, SgAssetsError
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import MadeBy, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.sealed_records import sealed
from sg_assets.store.store import Store

QUARANTINE_PERIOD: Final = timedelta(days=30)
"""How long a quarantined version is kept for a person to look at; after that ``sg-assets clean`` removes it."""


class QuarantinedError(SgAssetsError):
    """Versions failed a blocking part of their audits. They are kept; what was published before stays current."""

    def __init__(self, candidates: Sequence[Manifest], published: Mapping[Ref, Manifest | None]) -> None:
        """From all versions of a step, of which at least one failed, and the published version of each partition."""
        failed = [manifest for manifest in candidates if any(result.stops for result in manifest.audit)]
        self.candidates = tuple(candidates)
        self.candidate = failed[0]
        """The first that failed."""
        self.audit = self.candidate.audit
        self.published = published[self.candidate.ref]
        """The version of the same partition that stays current."""
        super().__init__(
            " and ".join(map(_failure, failed)),
            where=str(self.candidate.ref),
            why=" ".join(
                _unaffected(manifest, published[manifest.ref], len(candidates) > 1) for manifest in candidates
            ),
            remedy=f"If it is right as it is, release it with `sg-assets publish {self.candidate.version}`",
        )


def _failure(candidate: Manifest) -> str:
    reasons = "; ".join(str(result) for result in candidate.audit if result.stops)
    return f"version {candidate.version} failed its audit and is held in quarantine: {reasons}"


def _unaffected(candidate: Manifest, published: Manifest | None, several: bool) -> str:
    of = f" of {candidate.ref}" if several else ""
    if published is None:
        return f"No version{of} is published yet."
    return f"The published version {published.version}{of} stays current and is unaffected."


def quarantine(store: Store, manifest: Manifest) -> None:
    """Record a version that its readers must not see. Its content must be in the store."""
    store.files.write_new(quarantine_name(manifest), sealed(manifest.model_dump_json(indent=1)))


def expires_at(manifest: Manifest) -> datetime:
    """When a quarantined version may be removed."""
    return manifest.finished + QUARANTINE_PERIOD


def quarantine_name(manifest: Manifest) -> str:
    """The name of a quarantined version's record."""
    return f"quarantine/{manifest.ref.folder}/{manifest.version}.json"


def quarantined_versions(store: Store, ref: Ref | None = None) -> list[Manifest]:
    """Quarantined versions of a partition, or of all, whose records can be read; oldest first within each."""
    manifests = []
    for name in store.files.glob(f"quarantine/{'*/*/*' if ref is None else ref.folder}/*.json"):
        with contextlib.suppress(FileNotFoundError, DamagedStoreError):  # released in this moment; `verify` names it
            manifests.append(store.read_manifest(name))
    return manifests


def quarantined_version(store: Store, version: str) -> Manifest | None:
    """A quarantined version by its id alone."""
    for ref in store.where(version, "quarantine"):
        return store.read_manifest(f"quarantine/{ref.folder}/{version}.json")
    return None


def release(store: Store, version: str, note: str | None = None, by: MadeBy | None = None) -> list[Manifest]:
    """Publish a quarantined version as it is, together with the other outputs of its step.

    Manifests are written first, head entries next, quarantine records are removed last: a release that was killed is
    completed by repeating it.

    Args:
        store: The store that holds it.
        version: Its id.
        note: Why it is released.
        by: Who releases it; by default the user of this process.

    Returns:
        The version, then those made with it.

    Raises:
        SgAssetsError: no such version is in quarantine, or a content is gone.
    """
    first = quarantined_version(store, version) or store.find(version)
    group = [first, *(quarantined_version(store, pin.version) or store.find(pin.version) for pin in first.made_with)]
    waiting = [manifest for manifest in group if quarantined_version(store, manifest.version) is not None]
    if not waiting and store.required_head(first.ref).version != version:
        raise SgAssetsError(
            f"{version} is not in quarantine",
            where=str(first.ref),
            remedy=f"Make it current again with `sg-assets revert '{first.ref}' {version}`",
        )
    for manifest in waiting:
        if not store.has_content(manifest):
            lost = f"the content of {manifest.version} is {store.checks.loss(manifest)}"
            raise ContentMissingError(lost, where=str(manifest.ref), remedy="Make it again")
    for manifest in waiting:
        with contextlib.suppress(FileExistsError):
            store.record(manifest)
    for manifest in waiting:
        store.set_head(manifest, "release", note=note, by=by or this_maker())
    for manifest in waiting:
        store.files.remove(quarantine_name(manifest))
    return group
