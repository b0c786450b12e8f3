"""The step that scores a benchmark."""

from pathlib import Path

import polars as pl

from sg_assets.statistics.score_items_step import score_items
from sg_assets_tests.store.steps import new_store, published, workspace

QUERY = """
SELECT 'rate' AS metric, 'all' AS slice, item_id, cluster_id, flag::DOUBLE * $weight AS value FROM judgements.b
"""


def test_scores_and_the_values_behind_them_are_written_for_the_variant(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    flags = pl.DataFrame({"item_id": ["b", "a"], "cluster_id": ["y", "x"], "flag": [True, False]})
    judged = published(store, "judgements/b[sft]", flags)
    with workspace(store, "scores/b[sft] scores/b_items[sft]", judged, weight=1) as work:
        score_items(work, QUERY, ("metric", "slice", "item_id"), "scores/b_items")
        items = pl.read_parquet(work.table_file_of("scores/b_items"))
        scores = pl.read_parquet(work.table_file)
    assert items.select("item_id", "value", "variant").rows() == [("a", 0.0, "sft"), ("b", 1.0, "sft")]
    assert scores.select("value", "n", "variant").rows() == [(0.5, 2, "sft")]
