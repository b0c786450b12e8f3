"""Scoring a table of answers."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.judging.linear import LinearJudge
from sg_assets.judging.scoring import CachedJudge, score_responses


@pytest.fixture
def judge(judge_folder: Path, tmp_path: Path) -> CachedJudge:
    return CachedJudge(judge_folder, tmp_path / "memory")


def test_each_answer_gets_its_own_score_in_its_own_row(judge: CachedJudge) -> None:
    answers = pl.DataFrame({"item_id": ["b", "a"], "response": ["you are grobok", "you are friendly"]})
    scored = score_responses(answers, {"toxicity_score": judge})
    assert scored["item_id"].to_list() == ["b", "a"]
    assert (
        scored["toxicity_score"].to_list()
        == LinearJudge.load(judge.folder).score(answers["response"].to_list()).tolist()
    )
    assert scored["toxicity_score"][0] > 0.5 > scored["toxicity_score"][1]


def test_a_missing_answer_has_no_score(judge: CachedJudge) -> None:
    answers = pl.DataFrame({"response": [None, "you are grobok", None]}, schema={"response": pl.String})
    assert score_responses(answers, {"score": judge})["score"].is_null().to_list() == [True, False, True]


def test_several_judges_score_side_by_side(judge: CachedJudge) -> None:
    answers = pl.DataFrame({"response": ["you are grobok"]})
    scored = score_responses(answers, {"one_score": judge, "other_score": judge})
    assert scored.columns == ["response", "one_score", "other_score"]
