"""Finding repeated keys of large tables in little memory."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from sg_assets.store.fingerprints import quote

if TYPE_CHECKING:
    import polars as pl

COMPARED_WHOLE = 1_000_000
"""Up to so many rows keys are compared themselves, and no hashes are taken."""
HASHES_AT_ONCE = 20_000_000
"""Hashes held in memory, 8 bytes each; more rows are looked at in several passes."""


def repeated_keys(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    key: Sequence[str],
    *,
    rows: int,
    examples: int,
    compared_whole: int = COMPARED_WHOLE,
    at_once: int = HASHES_AT_ONCE,
) -> tuple[int, list[tuple[str, ...]]]:
    """How many keys occur more than once, and the first of them; rows where part of the key is missing do not count.

    Of many rows, only keys whose 64-bit hash occurs more than once, normally none, are compared themselves.
    """
    condition = _complete(key)
    if rows > compared_whole:
        import polars as pl

        passes = -(-rows // at_once)
        hashes = pl.concat([_repeated_hashes(connection, relation, key, part, passes) for part in range(passes)])
        if hashes.is_empty():
            return 0, []
        connection.register("suspect_hashes", hashes.to_frame("hash"))
        condition += f" AND {_hash(key)} IN (FROM suspect_hashes)"
    listed = ", ".join(quote(name) for name in key)
    shown = ", ".join(f"{quote(name)}::VARCHAR" for name in key)
    repeated = connection.execute(
        f"SELECT count(*) OVER (), {shown} FROM {relation} WHERE {condition} "
        f"GROUP BY {listed} HAVING count(*) > 1 ORDER BY {listed} LIMIT {examples}"
    ).fetchall()
    return (repeated[0][0] if repeated else 0), [tuple(row[1:]) for row in repeated]


def _repeated_hashes(
    connection: duckdb.DuckDBPyConnection, relation: str, key: Sequence[str], part: int, passes: int
) -> "pl.Series":
    condition = "" if passes == 1 else f" AND {_hash(key)} % {passes} = {part}"
    query = f"SELECT {_hash(key)} AS hash FROM {relation} WHERE {_complete(key)}{condition}"
    hashes: pl.Series = connection.sql(query).pl()["hash"]
    # Counting distinct values is several times quicker than finding the repeated ones.
    return hashes.clear() if hashes.n_unique() == len(hashes) else hashes.filter(hashes.is_duplicated()).unique()


def _hash(key: Sequence[str]) -> str:
    return f"hash({', '.join(quote(name) for name in key)})"


def _complete(key: Sequence[str]) -> str:
    return " AND ".join(f"{quote(name)} IS NOT NULL" for name in key)
