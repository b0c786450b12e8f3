"""Leftovers of killed writers: staged work that was never published, content that no version names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sg_assets.store.backends.interface import remove_path, stat_path
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import expires_at, quarantine_name, quarantined_versions
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Leftover:
    """A file or folder that no version needs."""

    kind: Literal["staged", "record", "content"]
    name: str
    """In the staging folder, or in the store."""
    bytes: int
    reason: str
    unused_since: float
    """Removed only if it was not touched after this time, in seconds since 1970."""


def leftovers(store: Store, grace: timedelta, now: datetime) -> list[Leftover]:
    """The leftovers older than ``grace``; in the order to remove them, records before the content they name.

    The age limit keeps out of the way of living writers: content without a version may be about to get one. Versions in
    quarantine count as versions until they expire.

    Args:
        store: The store to search.
        grace: Younger files are left alone; longer than any step takes between its last write and its publish.
        now: The time to measure from, with a time zone.
    """
    limit = (now - grace).timestamp()
    expired = [manifest for manifest in quarantined_versions(store) if expires_at(manifest) <= now]
    return [*_staged(store, limit), *_expired(store, expired, limit), *_unnamed(store, expired, limit)]


def remove(store: Store, leftover: Leftover) -> bool:
    """Remove a leftover; False where another process did, or where a writer reused it."""
    if leftover.kind == "content":
        return store.files.discard(leftover.name, leftover.unused_since)
    if leftover.kind == "record":
        existed = bool(store.files.glob(leftover.name))
        store.files.remove(leftover.name)
        return existed
    path = store.staging / leftover.name
    existed = path.exists()
    remove_path(path)
    return existed


def _staged(store: Store, limit: float) -> Iterator[Leftover]:
    for path in sorted(store.staging.glob("*")):
        try:
            stored = stat_path(path)
        except FileNotFoundError:
            continue  # its writer lives, and is done with it
        if stored.changed <= limit:
            yield Leftover("staged", path.name, stored.bytes, "staged, never published", limit)


def _expired(store: Store, expired: Sequence[Manifest], limit: float) -> Iterator[Leftover]:
    for manifest in expired:
        name = quarantine_name(manifest)
        yield Leftover("record", name, store.files.stat(name).bytes, "in quarantine for too long", limit)


def _unnamed(store: Store, expired: Sequence[Manifest], limit: float) -> Iterator[Leftover]:
    published = [store.read_manifest(name) for name in store.files.glob("manifests/*/*/*/*.json")]
    # Read one by one: a record that cannot be read ends this, for its content would look unneeded.
    waiting = [store.read_manifest(name) for name in store.files.glob("quarantine/*/*/*/*.json")]
    quarantined = [manifest for manifest in waiting if manifest not in expired]
    referenced = {manifest.object for manifest in [*published, *quarantined]}
    for content in [*store.files.glob("artifacts/*/*/*"), *store.files.glob("objects/*/*/*")]:
        if content not in referenced:
            stored = store.files.stat(content)
            if stored.changed <= limit:
                yield Leftover("content", content, stored.bytes, "content that no version names", limit)
