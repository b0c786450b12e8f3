"""Scores prepared where a step of linear judges looks for them."""

from pathlib import Path

import polars as pl

from sg_assets.declarations.records.data import Labelling
from sg_assets.judging.labels_step import label_comments
from sg_assets.judging.prepared_scores import prepared_scores
from sg_assets_tests.judging.kind_judges import FakeJobs, classifier, scores_of
from sg_assets_tests.store.steps import new_store, published, workspace


def test_comments_are_labelled_by_a_judge_of_another_kind(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    texts = ["x" * n for n in (5, 50, 95)]
    comments = pl.DataFrame({"text_id": ["a", "b", "c"], "text": texts, "source": "s", "given_split": None})
    given = published(store, "raw/forum_comments", comments), classifier(store)
    labelling = Labelling(safe_at_most=0.2, unsafe_at_least=0.8, min_texts=1)
    with workspace(store, "raw/sg_toxicity_prompts", *given) as work:
        memories = prepared_scores(scores_of(work, tmp_path, FakeJobs()), "toxicity", "raw/forum_comments")
        label_comments(work, labelling, memories, lambda _: None)
        labelled = pl.read_parquet(work.table_file)
    assert labelled.select("text_id", "score", "label").rows() == [("a", 0.05, "safe"), ("c", 0.95, "unsafe")]
