"""The input of every estimate: one row per scored item, checked before anything is computed."""

import polars as pl

from sg_assets.errors import SgAssetsError

GROUP = ("metric", "slice")
"""What one estimate is made for."""

SCHEMA: dict[str, pl.DataType] = {
    "metric": pl.String(),
    "slice": pl.String(),
    "item_id": pl.String(),
    "cluster_id": pl.String(),
    "value": pl.Float64(),
}
"""Columns an item row must have.

``cluster_id`` is what items share (normally ``text_id``); ``value`` is 0/1 for rates.
"""


def checked_items(items: pl.DataFrame, *, where: str = "items") -> pl.DataFrame:
    """Put the items in a fixed order and in fixed types, or raise naming the first bad row.

    Sorting comes first so that floating-point sums, and so the bytes of a score, do not depend on the order of rows.

    Args:
        items: rows with at least the columns of ``SCHEMA``; booleans and integers are taken as numbers.
        where: what to call this table in an error.

    Raises:
        SgAssetsError: a column is missing, a key is null, a cluster is null or empty, a value is null, NaN or infinite,
            or an item occurs twice within its (metric, slice).

    """
    missing = [name for name in SCHEMA if name not in items.columns]
    if missing:
        raise SgAssetsError(
            f"no column {', '.join(missing)}",
            where=where,
            why=f"an estimate needs {', '.join(SCHEMA)}",
        )
    rows = items.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()).sort(
        *GROUP, "cluster_id", "item_id"
    )
    key, cluster, value = ("metric", "slice", "item_id"), pl.col("cluster_id"), pl.col("value")
    _refuse(
        rows.filter(pl.any_horizontal(pl.col(*key).is_null())),
        "a metric, slice or item_id is null",
        where,
        "a row without its key cannot be counted once",
    )
    _refuse(
        rows.filter(cluster.is_null() | (cluster.str.strip_chars() == "")),
        "cluster_id is missing",
        where,
        "items of unknown source would pass as independent and make the interval too narrow; give the item's text_id",
    )
    _refuse(
        rows.filter(value.is_null() | ~value.is_finite()),
        "value is null, NaN or infinite",
        where,
        "an item that could not be scored is left out and counted, not averaged",
    )
    _refuse(
        rows.filter(pl.struct(key).is_duplicated()), "the item occurs more than once", where, "it would count twice"
    )
    return rows


def _refuse(bad: pl.DataFrame, what: str, where: str, why: str) -> None:
    if bad.is_empty():
        return
    first = bad.row(0, named=True)
    raise SgAssetsError(
        f"{what} (metric {first['metric']}, slice {first['slice']}, item {first['item_id']}; {bad.height} such rows)",
        where=where,
        why=why,
    )
