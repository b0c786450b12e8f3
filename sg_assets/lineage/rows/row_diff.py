"""Two versions of a table row by row: what was added, removed and changed, and where that is concentrated.

Rows are known by the contract's key. Hashes over buckets of keys are compared first, so only rows of buckets that
differ are joined: where little changed, little is held in memory. No hash outlives the comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb

from sg_assets.lineage.rows.row_diff_sql import JOINED_WHOLE, Comparison
from sg_assets.lineage.rows.slices import Slice, over_represented
from sg_assets.store.engine import bound_memory, connect, literal, parquet
from sg_assets.store.fingerprints import quote

MEMORY: Final = "1GB"
"""What DuckDB may hold; the rest goes to the scratch folder."""


class Fate(StrEnum):
    """What became of a row."""

    ADDED = "added"
    """Its key is in the later version only."""

    REMOVED = "removed"
    """Its key is in the earlier version only."""

    CHANGED = "changed"
    """Its key is in both, and some column that both have differs."""


@dataclass(frozen=True)
class RowSample:
    """A row that differs."""

    fate: Fate
    key: tuple[str, ...]
    values: tuple[tuple[str, str | None, str | None], ...] = ()
    """Column, value before and after; only where texts were asked for."""


@dataclass(frozen=True)
class RowDiff:
    """How two versions of a table differ."""

    before: int
    """Rows of the earlier version."""
    after: int
    """Rows of the later one."""
    added: int
    removed: int
    changed: int
    """Rows in both whose values differ; 0 where there is no key to know them by."""
    columns: tuple[tuple[str, int], ...]
    """Columns whose values differ, and in how many of the changed rows; most first."""
    columns_added: tuple[str, ...]
    """Columns of the later version only."""
    columns_removed: tuple[str, ...]
    """Columns of the earlier version only."""
    samples: tuple[RowSample, ...]
    """The lowest keys of each fate."""
    slices: tuple[Slice, ...]
    """Values that are over-represented among the rows of a fate."""
    key: tuple[str, ...]
    """What rows are known by; empty: whole rows were compared, so a changed row counts as removed and added."""


def row_diff(
    before: Path,
    after: Path,
    key: Sequence[str],
    scratch: Path,
    *,
    ignored: Sequence[str] = (),
    samples: int = 5,
    with_text: bool = False,
    memory: str = MEMORY,
    joined_whole: int = JOINED_WHOLE,
) -> RowDiff:
    """Compare two versions of a table.

    Args:
        before: The earlier version's Parquet file.
        after: The later one's.
        key: The columns that identify a row, as the contract has them; none where they are not known.
        scratch: A folder for what does not fit in memory.
        ignored: Columns that do not count.
        samples: Rows to show of each fate.
        with_text: Whether their values are shown, not only their keys.
        memory: What DuckDB may hold, as DuckDB writes sizes.
        joined_whole: Of more rows, only those of buckets that differ are joined.
    """
    with connect() as connection:
        connection.execute(f"SET temp_directory = {literal(scratch)}")
        bound_memory(connection, memory)
        for name, file in (("old", before), ("new", after)):
            columns = f"COLUMNS(lambda c: c NOT IN ({', '.join(map(literal, ignored))}))" if ignored else "*"
            connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM {parquet([file])}")
        comparison = Comparison(connection, key, joined_whole=joined_whole)
        comparison.find_changes()
        return _told(connection, comparison, samples, with_text=with_text)


def _told(connection: duckdb.DuckDBPyConnection, found: Comparison, samples: int, *, with_text: bool) -> RowDiff:
    fates = dict(connection.execute("SELECT fate, sum(times) FROM changes GROUP BY fate").fetchall())
    added, removed, changed = (int(fates.get(fate.value, 0)) for fate in Fate)
    return RowDiff(
        before=found.rows["old"],
        after=found.rows["new"],
        added=added,
        removed=removed,
        changed=changed,
        columns=found.changed_columns() if changed else (),
        columns_added=tuple(name for name in found.new if name not in found.old),
        columns_removed=tuple(name for name in found.old if name not in found.new),
        samples=tuple(one for fate in Fate for one in _samples(connection, found, fate, samples, with_text=with_text)),
        slices=over_represented(connection, found.sliced),
        key=found.key,
    )


def _samples(
    connection: duckdb.DuckDBPyConnection, found: Comparison, fate: Fate, most: int, *, with_text: bool
) -> list[RowSample]:
    if not found.key:
        return []
    keys = ", ".join(map(quote, found.key))
    lowest = f"SELECT {keys} FROM changes WHERE fate = '{fate.value}' ORDER BY {keys} LIMIT {most}"
    values = "".join(f", a.{quote(one)}::VARCHAR, b.{quote(one)}::VARCHAR" for one in found.shared if with_text)
    shown = ", ".join(f"{quote(name)}::VARCHAR" for name in found.key)
    rows = connection.execute(
        f"SELECT {shown}{values} FROM ({lowest}) LEFT JOIN old AS a USING ({keys}) LEFT JOIN new AS b USING ({keys}) "
        f"ORDER BY {keys}"
    ).fetchall()
    size = len(found.key)
    return [RowSample(fate, tuple(row[:size]), _differing(found.shared, row[size:])) for row in rows]


def _differing(columns: Sequence[str], values: Sequence[str | None]) -> tuple[tuple[str, str | None, str | None], ...]:
    sides = zip(columns, values[::2], values[1::2], strict=False)
    return tuple((name, old, new) for name, old, new in sides if old != new)
