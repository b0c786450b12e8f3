"""The database of incidents and notices: SQLite, so that a kill at any time leaves a whole transaction or none."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError
from sg_assets.processes.faults import as_named

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
    """A connection to the database file, and transactions on it."""

    def __init__(self, path: Path) -> None:
        """Open the file; create it if it is missing.

        Raises:
            SgAssetsError: the file has another format, is no database of incidents, or cannot be written.
        """
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = connect(path)
            with self.transaction() as writing:
                for statement in _TABLES.split(";\n"):
                    writing.execute(statement)
                writing.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (FORMAT,))
        except sqlite3.DatabaseError as error:
            fault = as_named(error, str(path), path.parent) if isinstance(error, sqlite3.OperationalError) else None
            raise fault or _unusable(path, str(error)) from error
        if self.meta("format") != FORMAT:
            raise _unusable(path, f"its format is {self.meta('format')}, not {FORMAT}")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything written inside is committed, or nothing is; one process writes at a time."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """The rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def meta(self, name: str) -> str | None:
        """The value stored under a name; None if there is none."""
        rows = self.rows("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0][0]) if rows else None


def connect(path: Path) -> sqlite3.Connection:
    """A connection that starts no transaction by itself and commits to disk."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _unusable(path: Path, why: str) -> SgAssetsError:
    remedy = "If it is damaged, move it away: recording starts over, with the runs that end after that"
    return SgAssetsError("cannot be used as the incident database", where=str(path), why=why, remedy=remedy)
