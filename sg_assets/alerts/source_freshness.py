"""Observed sources: whether the content of files outside has changed, and when it last did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sg_assets.alerts.database import AlertDatabase
from sg_assets.store.fingerprints import file_sha256, json_digest


@dataclass(frozen=True)
class SourceObservation:
    """A source as it was observed."""

    digest: str
    """Digest of the files' names, sizes and contents."""
    since: datetime
    """When this content was first observed; for the first observation, when the newest file was written."""
    files: int
    """Number of files."""
    bytes: int
    """Their total size."""

    def age(self, now: datetime) -> timedelta:
        """How long the content has not changed."""
        return now - self.since


def observe_source(
    database: AlertDatabase, source: str, files: Sequence[tuple[str, Path]], now: datetime
) -> SourceObservation:
    """Observe a source. A file with the size and time of the last observation is not read again.

    Digests are stored file by file, so an interrupted observation is continued by the next.

    Args:
        database: Where observations are stored.
        source: Name of the source.
        files: Its files, by name.
        now: The time.
    """
    records: list[dict[str, str | int]] = []
    newest = 0.0
    for name, path in files:
        status = path.stat()
        records.append({"name": name, "bytes": status.st_size, "sha256": _sha256(database, source, name, path)})
        newest = max(newest, status.st_mtime)
    digest = json_digest(records)
    since = _since(database, source, digest, newest, now)
    return SourceObservation(digest, since, len(records), sum(int(record["bytes"]) for record in records))


def _sha256(database: AlertDatabase, source: str, name: str, path: Path) -> str:
    status = path.stat()
    key = (source, name, status.st_size, status.st_mtime_ns)
    query = "SELECT sha256 FROM files WHERE source = ? AND name = ? AND bytes = ? AND changed = ?"
    known = database.rows(query, *key)
    if known:
        return str(known[0][0])
    digest = file_sha256(path)
    with database.transaction() as transaction:
        transaction.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", (*key, digest))
    return digest


def _since(database: AlertDatabase, source: str, digest: str, newest: float, now: datetime) -> datetime:
    with database.transaction() as writing:
        known = writing.execute("SELECT digest, since FROM contents WHERE source = ?", (source,)).fetchone()
        if known is not None and known[0] == digest:
            return datetime.fromtimestamp(known[1], UTC)
        since = now.timestamp() if known is not None else min(now.timestamp(), newest)
        writing.execute("INSERT OR REPLACE INTO contents VALUES (?, ?, ?)", (source, digest, since))
    return datetime.fromtimestamp(since, UTC)
