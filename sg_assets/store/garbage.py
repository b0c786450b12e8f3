"""What killed writers leave behind: staged work that was never published, content that no version names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sg_assets.store.backends.interface import look_at, remove_path
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
    """What is left behind and older than ``grace``; in the order to remove it, records before the content they name.

    The age limit keeps out of the way of living writers: content without a version may be about to get one. Versions in
    quarantine count as versions until they expire.

    Args:
        store: Where to look.
        grace: Younger files are left alone; longer than any step takes between its last write and its publish.
        now: The time to measure from, with a time zone.
    """
    limit = (now - grace).timestamp()
    expired = [one for one in quarantined_versions(store) if expires_at(one) <= now]
    return [*_staged(store, limit), *_expired(store, expired, limit), *_unnamed(store, expired, limit)]


def remove(store: Store, leftover: Leftover) -> bool:
    """Remove a leftover; False where another process did, or where a writer found it again."""
    if leftover.kind == "content":
        return store.files.discard(leftover.name, leftover.unused_since)
    if leftover.kind == "record":
        there = bool(store.files.glob(leftover.name))
        store.files.remove(leftover.name)
        return there
    path = store.staging / leftover.name
    there = path.exists()
    remove_path(path)
    return there


def _staged(store: Store, limit: float) -> Iterator[Leftover]:
    for path in sorted(store.staging.glob("*")):
        try:
            stored = look_at(path)
        except FileNotFoundError:
            continue  # its writer lives, and is done with it
        if stored.changed <= limit:
            yield Leftover("staged", path.name, stored.bytes, "staged, never published", limit)


def _expired(store: Store, expired: Sequence[Manifest], limit: float) -> Iterator[Leftover]:
    for one in expired:
        name = quarantine_name(one)
        yield Leftover("record", name, store.files.look(name).bytes, "in quarantine for too long", limit)


def _unnamed(store: Store, expired: Sequence[Manifest], limit: float) -> Iterator[Leftover]:
    published = [store.read_manifest(name) for name in store.files.glob("manifests/*/*/*/*.json")]
    waiting = [one for one in quarantined_versions(store) if one not in expired]
    named = {one.object for one in [*published, *waiting]}
    for content in [*store.files.glob("artifacts/*/*/*"), *store.files.glob("objects/*/*/*")]:
        if content not in named:
            stored = store.files.look(content)
            if stored.changed <= limit:
                yield Leftover("content", content, stored.bytes, "content that no version names", limit)
