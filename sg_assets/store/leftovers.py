"""What killed writers leave behind: staged work that was never published, content that no version names."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Leftover:
    """A file or folder that no version needs."""

    path: Path
    bytes: int
    reason: str


def leftovers(store: Store, grace: timedelta, now: datetime) -> list[Leftover]:
    """What is left behind and older than ``grace``, by path.

    The age limit keeps out of the way of living writers: content without a version may be about to get one.

    Args:
        store: Where to look.
        grace: Younger files are left alone; longer than any step takes between its last write and its publish.
        now: The time to measure from, with a time zone.
    """
    limit = (now - grace).timestamp()
    named = {store.root / manifest.object for manifest in _manifests(store)}
    found = [(path, "staged, never published") for path in store.staging.glob("*")]
    found += [(path, "content that no version names") for path in _contents(store) if path not in named]
    return [Leftover(path, _bytes(path), reason) for path, reason in sorted(found) if _last_change(path) <= limit]


def remove(leftover: Leftover) -> None:
    """Remove a leftover; it is no error if another process just did."""
    if leftover.path.is_dir():
        shutil.rmtree(leftover.path, ignore_errors=True)
    else:
        leftover.path.unlink(missing_ok=True)


def _manifests(store: Store) -> Iterator[Manifest]:
    for path in (store.root / "manifests").glob("*/*/*/*.json"):
        yield Manifest.model_validate_json(path.read_bytes())


def _contents(store: Store) -> list[Path]:
    return [*(store.root / "objects").glob("*/*/*"), *(store.root / "artifacts").glob("*/*/*")]


def _files(path: Path) -> list[Path]:
    return [path, *path.rglob("*")] if path.is_dir() else [path]


def _bytes(path: Path) -> int:
    return sum(file.stat().st_size for file in _files(path) if file.is_file())


def _last_change(path: Path) -> float:
    return max(file.stat().st_mtime for file in _files(path))
