"""Where changed rows are concentrated: values of low-cardinality columns that are over-represented among them.

Nothing is said but that a value is over-represented: it need not be why the rows changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from sg_assets.store.fingerprints import quote

MOST_VALUES: Final = 50
"""A column of more values is not sliced by."""
MIN_LIFT: Final = 1.5
MIN_SHARE: Final = 0.05
"""Of the rows of a change; rarer values are left out, however concentrated."""
MIN_ROWS: Final = 5
_PER_CHANGE: Final = 5
_PEEK: Final = 20_000
_IDENTIFIER: Final = r"[\w.:/+-]{1,40}"
"""Values that may be shown: without spaces, so that no sentence gets into a report as a slice."""


@dataclass(frozen=True)
class Slice:
    """A value that is over-represented among the rows of a change."""

    change: str
    """added, removed or changed."""
    column: str
    """The column."""
    value: str
    """The value, as text."""
    rows: int
    """Rows of the change that have it."""
    share: float
    """Of the rows of the change."""
    lift: float
    """That share over the value's share of the whole version: the earlier one, or of added rows the later."""


def slice_columns(connection: duckdb.DuckDBPyConnection, columns: Sequence[str], tables: Sequence[str]) -> list[str]:
    """The columns of few values, all of them names; their counts are stored in tables ``base <column>``."""
    names = []
    for name in columns:
        peeked = f"SELECT count(DISTINCT c) FROM (SELECT {quote(name)} AS c FROM {tables[-1]} LIMIT {_PEEK})"
        if _number(connection, peeked) > MOST_VALUES:
            continue
        counted = " UNION ALL ".join(
            f"SELECT '{table}' AS side, {quote(name)}::VARCHAR AS value, count(*) AS rows FROM {table} GROUP BY ALL"
            for table in tables
        )
        base = quote(f"base {name}")
        connection.execute(f"CREATE TEMP TABLE {base} AS {counted}")
        shown = f"regexp_full_match(value, '{_IDENTIFIER}')"
        fits = f"SELECT count(DISTINCT value) BETWEEN 2 AND {MOST_VALUES} AND coalesce(bool_and({shown}), false)"
        if connection.execute(f"{fits} FROM {base}").fetchall()[0][0]:
            names.append(name)
    return names


def over_represented(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> tuple[Slice, ...]:
    """The slices of the table ``changes``, those with the highest lift first within each change."""
    of_columns = [_of_column(connection, name) for name in columns]
    if not of_columns:
        return ()
    ranked = pl.concat(of_columns).sort(
        "change", "lift", "rows", "column", "value", descending=[False, True, True, False, False]
    )
    best = ranked.group_by("change", maintain_order=True).head(_PER_CHANGE)
    return tuple(Slice(**row) for row in best.select("change", "column", "value", "rows", "share", "lift").to_dicts())


def _of_column(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    base = quote(f"base {name}")
    rows: pl.DataFrame = connection.sql(
        f"""
        WITH counted AS (SELECT change, {quote(name)}::VARCHAR AS value, count(*) AS rows FROM changes GROUP BY ALL),
        shares AS (
          SELECT *, rows / sum(rows) OVER (PARTITION BY change) AS share, if(change = 'added', 'new', 'old') AS side
          FROM counted
        ),
        whole AS (SELECT side, value, rows / sum(rows) OVER (PARTITION BY side) AS whole_share FROM {base})
        SELECT change, value, rows, share, share / whole_share AS lift
        FROM shares JOIN whole USING (side, value)
        WHERE lift >= {MIN_LIFT} AND share >= {MIN_SHARE} AND rows >= {MIN_ROWS}
        """
    ).pl()
    return rows.with_columns(pl.lit(name).alias("column"))


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
