"""What lies outside and is only looked at: whether its content changed, and when it last did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sg_assets.alerts.database import AlertDatabase
from sg_assets.store.fingerprints import file_sha256, json_digest


@dataclass(frozen=True)
class Seen:
    """A source as it was looked at."""

    digest: str
    """Of its files' names, sizes and contents."""
    since: datetime
    """When the content was first seen; for the content seen first of all, when its newest file was written."""
    files: int
    bytes: int

    def age(self, now: datetime) -> timedelta:
        """For how long the content has been the same."""
        return now - self.since


def look(tables: AlertDatabase, source: str, files: Sequence[tuple[str, Path]], now: datetime) -> Seen:
    """Look at a source; files that have the size and time they had when they were read last are not read again.

    What is read is kept file by file, so a look that was cut short costs the next one nothing.

    Args:
        tables: Where what was seen is kept.
        source: Its name.
        files: Its files, by name.
        now: The time.
    """
    told: list[dict[str, str | int]] = []
    newest = 0.0
    for name, path in files:
        found = path.stat()
        told.append({"name": name, "bytes": found.st_size, "sha256": _sha256(tables, source, name, path)})
        newest = max(newest, found.st_mtime)
    digest = json_digest(told)
    since = _since(tables, source, digest, newest, now)
    return Seen(digest, since, len(told), sum(int(one["bytes"]) for one in told))


def _sha256(tables: AlertDatabase, source: str, name: str, path: Path) -> str:
    found = path.stat()
    now = (source, name, found.st_size, found.st_mtime_ns)
    query = "SELECT sha256 FROM files WHERE source = ? AND name = ? AND bytes = ? AND changed = ?"
    known = tables.rows(query, *now)
    if known:
        return str(known[0][0])
    read = file_sha256(path)
    with tables.transaction() as writing:
        writing.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", (*now, read))
    return read


def _since(tables: AlertDatabase, source: str, digest: str, newest: float, now: datetime) -> datetime:
    with tables.transaction() as writing:
        known = writing.execute("SELECT digest, since FROM contents WHERE source = ?", (source,)).fetchone()
        if known is not None and known[0] == digest:
            return datetime.fromtimestamp(known[1], UTC)
        since = now.timestamp() if known is not None else min(now.timestamp(), newest)
        writing.execute("INSERT OR REPLACE INTO contents VALUES (?, ?, ?)", (source, digest, since))
    return datetime.fromtimestamp(since, UTC)
