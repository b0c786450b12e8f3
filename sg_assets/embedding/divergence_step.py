"""The step that measures how far a variant's answers are from base's."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.asset_names import BASE
from sg_assets.store.fingerprints import json_digest

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.store.workspace import Workspace

ITEMS_KEY = ("metric", "slice", "item_id")
"""Key of an item's similarity."""


def measure_divergence(
    workspace: "Workspace", compared: Mapping[str, int | None], seed: int, items_asset: str, memories: Path
) -> None:
    """Write how near a variant's answers are to base's, and the similarity of every item.

    Args:
        workspace: Of the scores; its partition is the variant.
        compared: By benchmark, how many items of each label are compared at most; None for all.
        seed: Decides which items are compared.
        items_asset: Asset of the items.
        memories: Folder of cached vectors, a folder per embedder.
    """
    import polars as pl

    from sg_assets.embedding.divergence import similarities
    from sg_assets.embedding.embedder import BEHAVIOUR
    from sg_assets.statistics.rates import estimate

    variant = str(workspace.ref.partition)
    answers = pl.concat(compared_answers(workspace, name, most, variant, seed) for name, most in compared.items())
    [embedder] = workspace.inputs["models/embedder"]
    memory = memories / json_digest([embedder.fingerprint, BEHAVIOUR])
    items = similarities(answers.sort("slice", "item_id"), workspace.store.path(embedder), memory)
    column = pl.lit(variant).alias("variant")
    workspace.write_table(items.sort(ITEMS_KEY).with_columns(column), items_asset)
    workspace.write_table(estimate(items).with_columns(column))


def compared_answers(
    workspace: "Workspace", benchmark: str, most: int | None, variant: str, seed: int
) -> "pl.DataFrame":
    """The items that base and the variant both answered, with both answers."""
    answered = f"FROM responses.{benchmark} WHERE outcome = 'ok' AND variant ="
    sql = f"""
        SELECT $benchmark || '_' || base.label AS slice, item_id, base.cluster_id, base.response AS before,
          other.response AS after
        FROM (SELECT * {answered} $base) AS base
        JOIN (SELECT * {answered} $variant) AS other USING (item_id)
        QUALIFY $most IS NULL OR row_number() OVER (
          PARTITION BY base.label ORDER BY sample_rank('divergence', $seed, item_id)
        ) <= $most
    """
    values = {"benchmark": benchmark, "base": BASE, "variant": variant, "most": most, "seed": seed}
    return workspace.query(sql, values)
