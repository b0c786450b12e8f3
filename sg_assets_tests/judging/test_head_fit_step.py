"""The step that fits a head, over our own embedder."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.declarations.records.judge_model import EmbeddingHead
from sg_assets.embedding.embedder import fit
from sg_assets.embedding.torch_models import TorchRun
from sg_assets.errors import SgAssetsError
from sg_assets.judging.head_fit_step import fit_embedding_head
from sg_assets.judging.open_judge import open_judge
from sg_assets.store.workspace import Workspace
from sg_assets_tests.judging.kind_judges import FakeJobs
from sg_assets_tests.store.steps import new_store, published, recipe, step, workspace

ROWS = pl.DataFrame(
    [
        {"text": f"{'grobok' if n % 2 else 'friendly'} number {n} of people {n % 6}", "label": n % 2 == 1,
         "group": f"people{n % 6 // 2 * 2 + n // 60}", "length": str(n % 3)}
        for n in range(240)
    ]
)  # fmt: skip


def judge(**changes: Any) -> EmbeddingHead:
    declared = {"texts": "labelled/texts", "slices": ("length",), **changes}
    return EmbeddingHead.model_validate({
        "kind": "embedding_head", "fit": declared, "thresholds": {"balanced": 0.5}, "threshold": "balanced",
    })  # fmt: skip


def fitted(tmp_path: Path, rows: pl.DataFrame = ROWS, **changes: Any) -> tuple[dict[str, Any], list[float]]:
    store, jobs = new_store(tmp_path), FakeJobs()

    def write_embedder(work: Workspace) -> None:
        fit([*ROWS["text"]], work.result_folder, seed=0, dimensions=8)

    embedder = step(store, "models/embedder", write_embedder, made_by=recipe(key=())).manifest
    with workspace(store, "judges/toxicity", published(store, "labelled/texts", rows), embedder) as work:
        fit_embedding_head(
            work, judge(**changes), None, root=tmp_path, seed=0, memories=tmp_path / "embedded",
            start=jobs.start, log=lambda _: None,
        )  # fmt: skip
        opened = open_judge(work.result_folder, {}, TorchRun())
        scores, _ = opened.score(["grobok you", "friendly you"])
        return dict(work.details["on_unseen_groups"]), scores.tolist()


def test_a_fitted_judge_scores_and_is_measured_on_unseen_groups(tmp_path: Path) -> None:
    figures, (rude, kind) = fitted(tmp_path)
    assert rude > 0.5 > kind
    assert figures["auc"] > 0.9
    assert set(figures["by"]) == {"group", "length"}


def test_a_text_with_two_labels_is_left_out(tmp_path: Path) -> None:
    contrary = ROWS.head(10).with_columns(label=~pl.col("label"))
    figures, _ = fitted(tmp_path, pl.concat([ROWS, contrary, ROWS]))
    assert figures["n"] + figures["fitted_on"]["n"] == ROWS.height - 10


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"label": "lable"}, "the table has no column 'lable'.*label"),
        ({"label": "length"}, "the column 'length' is not BOOLEAN"),
        ({"group": "text", "held_out": 0.0}, None),
    ],
)
def test_columns_that_do_not_fit_are_refused(tmp_path: Path, changes: dict[str, Any], error: str | None) -> None:
    with pytest.raises(SgAssetsError, match=error or "too few labelled texts to measure on"):
        fitted(tmp_path, **changes)
