"""Two versions of a table row by row: which rows were added, removed and changed, and where they are concentrated.

Rows are identified by the contract's key. Hashes over buckets of keys are compared first, so only rows of buckets that
differ are joined: where little changed, little is held in memory. No hash outlives the comparison.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb

from sg_assets.lineage.rows.row_diff_sql import JOINED_WHOLE, RowComparison
from sg_assets.lineage.rows.slices import Slice, over_represented
from sg_assets.store.engine import bound_memory, connect, literal, parquet
from sg_assets.store.fingerprints import quote

MEMORY: Final = "1GB"
"""The memory DuckDB may use; the rest goes to the scratch folder."""


class RowChange(StrEnum):
    """How a row differs between two versions."""

    ADDED = "added"
    """Its key is in the later version only."""

    REMOVED = "removed"
    """Its key is in the earlier version only."""

    CHANGED = "changed"
    """Its key is in both, and some column that both have differs."""


@dataclass(frozen=True)
class RowSample:
    """A row that differs."""

    change: RowChange
    """How it differs."""
    key: tuple[str, ...]
    """Its key, as text."""
    values: tuple[tuple[str, str | None, str | None], ...] = ()
    """Column, value before and after; only with texts."""


@dataclass(frozen=True)
class RowDiff:
    """How two versions of a table differ."""

    before: int
    """Rows of the earlier version."""
    after: int
    """Rows of the later one."""
    added: int
    """Rows of the later version only."""
    removed: int
    """Rows of the earlier version only."""
    changed: int
    """Rows in both whose values differ; 0 where no key identifies them."""
    columns: tuple[tuple[str, int], ...]
    """Columns whose values differ, and in how many of the changed rows; most first."""
    columns_added: tuple[str, ...]
    """Columns of the later version only."""
    columns_removed: tuple[str, ...]
    """Columns of the earlier version only."""
    samples: tuple[RowSample, ...]
    """Those with the lowest keys of each change."""
    slices: tuple[Slice, ...]
    """Values that are over-represented among the rows of a change."""
    key: tuple[str, ...]
    """The columns that identify a row; empty: whole rows were compared, a changed row counts as removed and added."""


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
        key: The columns that identify a row, as the contract has them; empty where they are not known.
        scratch: A folder for data that does not fit in memory.
        ignored: Columns that do not count.
        samples: Rows to show of each change.
        with_text: Whether their values are shown, not only their keys.
        memory: The memory DuckDB may use, as DuckDB writes sizes.
        joined_whole: Up to so many rows are joined whole; of larger tables only the buckets that differ.
    """
    with connect() as connection:
        connection.execute(f"SET temp_directory = {literal(scratch)}")
        bound_memory(connection, memory)
        for name, file in (("old", before), ("new", after)):
            columns = f"COLUMNS(lambda c: c NOT IN ({', '.join(map(literal, ignored))}))" if ignored else "*"
            connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM {parquet([file])}")
        comparison = RowComparison(connection, key, joined_whole=joined_whole)
        comparison.find_changes()
        return _row_diff(connection, comparison, samples, with_text=with_text)


def _row_diff(
    connection: duckdb.DuckDBPyConnection, comparison: RowComparison, samples: int, *, with_text: bool
) -> RowDiff:
    counts = dict(connection.execute("SELECT change, sum(times) FROM changes GROUP BY change").fetchall())
    added, removed, changed = (int(counts.get(change.value, 0)) for change in RowChange)
    return RowDiff(
        before=comparison.rows["old"],
        after=comparison.rows["new"],
        added=added,
        removed=removed,
        changed=changed,
        columns=comparison.changed_columns() if changed else (),
        columns_added=tuple(name for name in comparison.new if name not in comparison.old),
        columns_removed=tuple(name for name in comparison.old if name not in comparison.new),
        samples=tuple(
            sample
            for change in RowChange
            for sample in _samples(connection, comparison, change, samples, with_text=with_text)
        ),
        slices=over_represented(connection, comparison.sliced),
        key=comparison.key,
    )


def _samples(
    connection: duckdb.DuckDBPyConnection, comparison: RowComparison, change: RowChange, most: int, *, with_text: bool
) -> list[RowSample]:
    if not comparison.key:
        return []
    keys = ", ".join(map(quote, comparison.key))
    lowest = f"SELECT {keys} FROM changes WHERE change = '{change.value}' ORDER BY {keys} LIMIT {most}"
    values = "".join(f", a.{quote(name)}::VARCHAR, b.{quote(name)}::VARCHAR" for name in comparison.shared if with_text)
    shown = ", ".join(f"{quote(name)}::VARCHAR" for name in comparison.key)
    rows = connection.execute(
        f"SELECT {shown}{values} FROM ({lowest}) LEFT JOIN old AS a USING ({keys}) LEFT JOIN new AS b USING ({keys}) "
        f"ORDER BY {keys}"
    ).fetchall()
    size = len(comparison.key)
    return [RowSample(change, tuple(row[:size]), _differing(comparison.shared, row[size:])) for row in rows]


def _differing(columns: Sequence[str], values: Sequence[str | None]) -> tuple[tuple[str, str | None, str | None], ...]:
    sides = zip(columns, values[::2], values[1::2], strict=False)
    return tuple((name, old, new) for name, old, new in sides if old != new)
