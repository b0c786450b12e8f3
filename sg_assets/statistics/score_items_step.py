"""From a benchmark's SQL to its scores, with the values they are estimated from beside them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def score_items(workspace: "Workspace", query: str, key: Sequence[str], items_asset: str) -> None:
    """Write a variant's scores, and the value of every item.

    Args:
        workspace: Of the scores; its partition is the variant.
        query: Gives a row per metric, slice and item.
        key: What its rows are known by, and sorted by.
        items_asset: The table of the items.

    Raises:
        SgAssetsError: DuckDB refuses the query, or its rows are no items.
    """
    import polars as pl

    from sg_assets.statistics.rates import estimate

    items = workspace.query(query, workspace.parameters).sort(key)
    variant = pl.lit(str(workspace.ref.partition)).alias("variant")
    workspace.write_table(items.with_columns(variant), items_asset)
    workspace.write_table(estimate(items).with_columns(variant))
