"""The step that measures how far a variant's answers are from base's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from sg_assets.embedding.divergence_step import measure_divergence
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import new_store, published, recipe, step, workspace

WORDS = ["laksa", "prata", "kopi", "the queue is long"]


def answers(store: Store, variant: str, *texts: str | None) -> Manifest:
    frame = pl.DataFrame(
        {
            "item_id": [f"i{n}" for n in range(len(texts))],
            "cluster_id": "t",
            "label": ["safe", "safe", "unsafe", "unsafe"],
            "response": texts,
            "outcome": ["blocked" if text is None else "ok" for text in texts],
            "variant": variant,
        }
    )
    return published(store, f"responses/b[{variant}]", frame)


@pytest.fixture
def work(tmp_path: Path, embedder: Path) -> Iterator[Workspace]:
    store = new_store(tmp_path)

    def copy(workspace: Workspace) -> None:
        shutil.copytree(embedder, workspace.result_folder)

    model = step(store, "models/embedder", copy, made_by=recipe(key=())).manifest
    given = answers(store, "base", *WORDS), answers(store, "sft", *WORDS[:3], None), model
    with workspace(store, "scores/divergence[sft] scores/divergence_items[sft]", *given) as opened:
        yield opened


def items(work: Workspace, most: int | None) -> pl.DataFrame:
    measure_divergence(work, {"b": most}, 0, "scores/divergence_items", work.folder / "memories")
    return pl.read_parquet(work.table_file_of("scores/divergence_items"))


def test_items_that_both_answered_are_compared(work: Workspace) -> None:
    assert items(work, None).select("slice", "item_id", "value", "variant").rows() == [
        ("b_safe", "i0", 1.0, "sft"), ("b_safe", "i1", 1.0, "sft"), ("b_unsafe", "i2", 1.0, "sft"),
    ]  # fmt: skip


def test_of_each_label_no_more_are_compared_than_asked_for(work: Workspace) -> None:
    assert sorted(items(work, 1)["slice"]) == ["b_safe", "b_unsafe"]


def test_scores_are_estimates_of_the_items(work: Workspace) -> None:
    items(work, None)
    scores = pl.read_parquet(work.table_file)
    assert scores.select("slice", "value", "n", "variant").rows() == [
        ("b_safe", 1.0, 2, "sft"), ("b_unsafe", 1.0, 1, "sft"),
    ]  # fmt: skip
