"""The step that judges by judges of any kind."""

from pathlib import Path

import polars as pl

from sg_assets.judging.kind_judgements_step import judge_answers_by_kind
from sg_assets_tests.judging.judged_tables import ANSWERS, judge
from sg_assets_tests.judging.kind_judges import FakeJobs, classifier, scores_of
from sg_assets_tests.store.steps import new_store, published, workspace


def test_the_first_judge_decides_and_the_others_are_shown_beside_it(judge_folder: Path, tmp_path: Path) -> None:
    store = new_store(tmp_path)
    answers = published(store, "responses/b[base]", ANSWERS.with_columns(cluster_id="item_id"))
    given = answers, judge(store, judge_folder), classifier(store, "second")
    with workspace(store, "judgements/b[base]", *given) as work:
        judge_answers_by_kind(
            work, "responses/b", {"is_toxic": "toxicity"}, {"is_toxic": 0.5},
            further={"is_toxic": {"second": 0.1}}, scores=scores_of(work, tmp_path, FakeJobs()), seed=0,
        )  # fmt: skip
        judged = pl.read_parquet(work.table_file)
        known = work.details["agreement"]["is_toxic"]
    assert judged.columns == ["item_id", "outcome", "cluster_id", "toxicity_score", "second_score", "is_toxic"]
    assert judged["is_toxic"].to_list() == [False, None, True]
    assert (known["raised_by"], known["n"]) == ("toxicity", 2)
    assert known["rates"] == {"toxicity": 0.5, "second": 1.0}
    assert known["kappa"]["second"]["value"] == 0.0
