"""The step that judges a benchmark's answers."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.judging.judgements_step import judge_answers
from sg_assets_tests.judging.judged_tables import ANSWERS, judge
from sg_assets_tests.store.steps import new_store, published, workspace


@pytest.fixture
def judged(judge_folder: Path, tmp_path: Path) -> pl.DataFrame:
    store = new_store(tmp_path)
    given = published(store, "responses/b[base]", ANSWERS), judge(store, judge_folder)
    with workspace(store, "judgements/b[base]", *given) as work:
        flags = {"is_toxic": "toxicity", "never": "toxicity"}
        judge_answers(work, "responses/b", flags, {"is_toxic": 0.5, "never": 1.1}, tmp_path / "judged")
        return pl.read_parquet(work.table_file)


def test_a_flag_is_raised_where_the_score_reaches_its_threshold(judged: pl.DataFrame) -> None:
    assert judged.select("item_id", "is_toxic", "never").rows() == [
        ("a", False, False), ("b", None, None), ("c", True, False),
    ]  # fmt: skip


def test_texts_stay_behind_and_scores_are_raw(judged: pl.DataFrame) -> None:
    assert judged.columns == ["item_id", "outcome", "toxicity_score", "is_toxic", "never"]
