"""What killed writers leave behind: staged work that was never published, content that no version names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sg_assets.store.files import look_at, remove_path
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Leftover:
    """A file or folder that no version needs."""

    kind: Literal["staged", "content"]
    name: str
    """In the staging folder, or in the store."""
    bytes: int
    reason: str
    unused_since: float
    """Removed only if it was not touched after this time, in seconds since 1970."""


def leftovers(store: Store, grace: timedelta, now: datetime) -> list[Leftover]:
    """What is left behind and older than ``grace``, by name.

    The age limit keeps out of the way of living writers: content without a version may be about to get one.

    Args:
        store: Where to look.
        grace: Younger files are left alone; longer than any step takes between its last write and its publish.
        now: The time to measure from, with a time zone.
    """
    limit = (now - grace).timestamp()
    return sorted([*_staged(store, limit), *_unnamed(store, limit)], key=lambda one: one.name)


def remove(store: Store, leftover: Leftover) -> bool:
    """Remove a leftover; False where another process did, or where a writer found it again."""
    if leftover.kind == "content":
        return store.files.discard(leftover.name, leftover.unused_since)
    path = store.staging / leftover.name
    there = path.exists()
    remove_path(path)
    return there


def _staged(store: Store, limit: float) -> Iterator[Leftover]:
    for path in store.staging.glob("*"):
        try:
            stored = look_at(path)
        except FileNotFoundError:
            continue  # its writer lives, and is done with it
        if stored.changed <= limit:
            yield Leftover("staged", path.name, stored.bytes, "staged, never published", limit)


def _unnamed(store: Store, limit: float) -> Iterator[Leftover]:
    names = store.files.glob("manifests/*/*/*/*.json")
    named = {store.read_manifest(name).object for name in names}
    for content in [*store.files.glob("objects/*/*/*"), *store.files.glob("artifacts/*/*/*")]:
        if content not in named:
            stored = store.files.look(content)
            if stored.changed <= limit:
                yield Leftover("content", content, stored.bytes, "content that no version names", limit)
