"""The SQL of a row diff: from the views ``old`` and ``new`` to a table ``changes``, one per row that differs."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import duckdb

from sg_assets.lineage.rows.slices import slice_columns
from sg_assets.store.fingerprints import hashable, quote

_ROWS_PER_BUCKET: Final = 16
_MOST_BUCKETS: Final = 1 << 20
JOINED_WHOLE: Final = 300_000
"""Up to so many rows are joined whole: looking for differing buckets first would take as long."""
_NAMES: Final = ("VARCHAR", "BOOLEAN")
"""Types a slice's column may have."""


class RowComparison:
    """Two versions of a table, as the views ``old`` and ``new`` of a connection."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, key: Sequence[str], *, joined_whole: int = JOINED_WHOLE
    ) -> None:
        """``key`` counts only where both versions have its columns, of equal types."""
        self.connection = connection
        self._joined_whole = joined_whole
        self.old, self.new = self._columns("old"), self._columns("new")
        known = all(name in self.old and self.old[name] == self.new.get(name) for name in key)
        self.key = tuple(key) if known else ()
        self.shared = [name for name in self.new if name in self.old and name not in self.key]
        """Columns of both, without the key."""
        self.rows = {table: self._number(f"SELECT count(*) FROM {table}") for table in ("old", "new")}

    @cached_property
    def sliced(self) -> list[str]:
        """Columns that rows may be sliced by; none where whole rows are compared."""
        names = [name for name in (*self.key, *self.shared) if self.old[name] == self.new[name]]
        few = [name for name in names if self.new[name] in _NAMES]
        return slice_columns(self.connection, few, ("old", "new")) if self.key else []

    def find_changes(self) -> None:
        """Make ``changes``: change, times, and, with a key, the key, a flag per column, and the columns of slices."""
        if self.key:
            self._by_key()
        else:
            self._whole_rows()

    def changed_columns(self) -> tuple[tuple[str, int], ...]:
        """How many changed rows differ in each column, most first; columns without a difference are left out."""
        counts = ", ".join(f"count(*) FILTER ({_flag(index)})" for index in range(len(self.shared)))
        if not counts:
            return ()
        rows = self.connection.execute(f"SELECT {counts} FROM changes WHERE change = 'changed'").fetchall()[0]
        counted = [(name, int(count)) for name, count in zip(self.shared, rows, strict=True) if count]
        return tuple(sorted(counted, key=lambda column: (-column[1], column[0])))

    def _by_key(self) -> None:
        differing = self._differing_buckets()
        keys = self._keys
        moved = [f"a.{_flag(index)} <> b.{_flag(index)}" for index in range(len(self.shared))]
        flags = "".join(f", {condition} AS {_flag(index)}" for index, condition in enumerate(moved))
        carried = "".join(
            f", if(a.present, a.{_slice(name)}, b.{_slice(name)}) AS {quote(name)}" for name in self._carried
        )
        change = (
            "CASE WHEN a.present IS NULL THEN 'added' WHEN b.present IS NULL THEN 'removed' "
            f"WHEN {' OR '.join(moved) or 'false'} THEN 'changed' END"
        )
        self.connection.execute(
            f"CREATE TEMP TABLE changes AS SELECT * FROM (SELECT {change} AS change, 1 AS times, {keys}{flags}"
            f"{carried} FROM ({self._values('old')} {differing}) AS a "
            f"FULL JOIN ({self._values('new')} {differing}) AS b USING ({keys})) WHERE change IS NOT NULL"
        )

    def _differing_buckets(self) -> str:
        """A condition that leaves out most rows that are equal; empty for few rows."""
        rows = max(self.rows.values())
        if rows <= self._joined_whole:
            return ""
        buckets = min(_MOST_BUCKETS, max(1, rows // _ROWS_PER_BUCKET))
        self.connection.execute(
            f"CREATE TEMP TABLE differing AS SELECT bucket FROM ({self._buckets('old', buckets)}) AS a "
            f"FULL JOIN ({self._buckets('new', buckets)}) AS b USING (bucket) "
            "WHERE (a.rows, a.folded, a.total) IS DISTINCT FROM (b.rows, b.folded, b.total)"
        )
        return f"WHERE {self._bucket(buckets)} IN (FROM differing)"

    def _buckets(self, table: str, buckets: int) -> str:
        row = ", ".join(self._hashable(name) for name in (*self.key, *self.shared))
        return (
            f"SELECT {self._bucket(buckets)} AS bucket, count(*) AS rows, bit_xor(h) AS folded, "
            f"sum(h::HUGEINT) AS total FROM (SELECT {self._keys}, hash(hash({row})) AS h FROM {table}) GROUP BY bucket"
        )

    def _values(self, table: str) -> str:
        """Rows with each value as its hash, because texts would fill the memory."""
        hashes = "".join(f", hash({self._hashable(name)}) AS {_flag(i)}" for i, name in enumerate(self.shared))
        carried = "".join(f", {quote(name)} AS {_slice(name)}" for name in self._carried)
        return f"SELECT {self._keys}, true AS present{hashes}{carried} FROM {table}"

    def _whole_rows(self) -> None:
        """Equal rows are paired; the rest was removed or added."""
        sides = [
            f"(SELECT hash(hash({', '.join(hashable(name, type_) for name, type_ in columns.items())})) AS h, "
            f"count(*) AS times FROM {table} GROUP BY h)"
            for table, columns in (("old", self.old), ("new", self.new))
        ]
        self.connection.execute(
            "CREATE TEMP TABLE changes AS SELECT if(more > 0, 'added', 'removed') AS change, abs(more) AS times FROM "
            f"(SELECT coalesce(b.times, 0) - coalesce(a.times, 0) AS more FROM {sides[0]} AS a "
            f"FULL JOIN {sides[1]} AS b USING (h)) WHERE more <> 0"
        )

    @property
    def _keys(self) -> str:
        return ", ".join(map(quote, self.key))

    @property
    def _carried(self) -> list[str]:
        return [name for name in self.sliced if name not in self.key]

    def _bucket(self, buckets: int) -> str:
        return f"hash({self._keys}) % {buckets}"

    def _hashable(self, name: str) -> str:
        """The SQL that hashes a column; a column whose type changed is compared as text."""
        if self.old[name] != self.new[name]:
            return f"{quote(name)}::VARCHAR"
        return hashable(name, self.new[name])

    def _columns(self, table: str) -> dict[str, str]:
        return {str(row[0]): str(row[1]) for row in self.connection.execute(f"DESCRIBE {table}").fetchall()}

    def _number(self, query: str) -> int:
        return int(self.connection.execute(query).fetchall()[0][0])


def _flag(index: int) -> str:
    return quote(f"moved {index}")


def _slice(name: str) -> str:
    return quote(f"slice {name}")
