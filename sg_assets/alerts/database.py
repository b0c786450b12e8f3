"""The file that incidents and notices lie in: SQLite, because it commits or does not, whoever is killed when."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError

FORMAT: Final = "1"
_PATIENCE = 30.0
"""Seconds to wait for another process's transaction."""
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS states (subject TEXT PRIMARY KEY, at REAL NOT NULL, has_passed INTEGER NOT NULL, value TEXT);
CREATE TABLE IF NOT EXISTS incidents (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, is_open INTEGER NOT NULL, body TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS one_open ON incidents (subject) WHERE is_open;
CREATE TABLE IF NOT EXISTS notices (id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    notice TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, at REAL,
    reason TEXT, PRIMARY KEY (notice, target));
CREATE INDEX IF NOT EXISTS by_state ON deliveries (target, state);
CREATE TABLE IF NOT EXISTS files (
    source TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, changed INTEGER NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (source, name));
CREATE TABLE IF NOT EXISTS contents (source TEXT PRIMARY KEY, digest TEXT NOT NULL, since REAL NOT NULL);
"""


class AlertDatabase:
    """A connection to the file, and transactions on it."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none.

        Raises:
            SgAssetsError: the file is of another format, or none of ours.
        """
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = connect(path)
            with self.transaction() as now:
                for statement in _TABLES.split(";\n"):
                    now.execute(statement)
                now.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (FORMAT,))
        except sqlite3.DatabaseError as error:
            raise _unusable(path, str(error)) from error
        if self.meta("format") != FORMAT:
            raise _unusable(path, f"its format is {self.meta('format')}, not {FORMAT}")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written inside is kept, or none of it; one process at a time."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What a query gives."""
        return self._connection.execute(query, values).fetchall()

    def meta(self, name: str) -> str | None:
        """A value kept under a name."""
        found = self.rows("SELECT value FROM meta WHERE name = ?", name)
        return str(found[0][0]) if found else None


def connect(path: Path) -> sqlite3.Connection:
    """A connection that begins no transaction by itself, and commits to the disk."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _unusable(path: Path, why: str) -> SgAssetsError:
    remedy = "If it is damaged, move it away: incidents begin anew, from the runs that end after that"
    return SgAssetsError("cannot be used as the book of incidents", where=str(path), why=why, remedy=remedy)
