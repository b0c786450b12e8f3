"""Scores of judges of any kind in a step."""

import json
from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.records.judge_model import LinearJudge, ScoreFilter
from sg_assets.errors import SgAssetsError
from sg_assets.judging.scoring_spec import ScoringSpec
from sg_assets_tests.judging.judged_tables import ANSWERS, KIND, RUDE, judge
from sg_assets_tests.judging.kind_judges import FakeJobs, classifier, head_over_lsa, scores_of
from sg_assets_tests.store.steps import new_store, workspace

ANSWERED = ANSWERS.drop_nulls("response")


def test_only_texts_without_a_kept_score_go_to_a_job(tmp_path: Path) -> None:
    store, jobs = new_store(tmp_path), FakeJobs()
    with workspace(store, "judgements/b", classifier(store)) as work:
        scores = scores_of(work, tmp_path, jobs)
        assert scores.of("toxicity", ANSWERED).to_list() == [len(RUDE) / 100, len(KIND) / 100]
        more = pl.DataFrame({"response": [RUDE, "new", "new"]})
        assert scores.of("toxicity", more).to_list() == [len(RUDE) / 100, 0.03, 0.03]
    assert jobs.shown == [[KIND, RUDE], ["new"]]


def test_other_preprocessing_is_another_judge(tmp_path: Path) -> None:
    store, jobs = new_store(tmp_path), FakeJobs()
    for most in (64, 128):
        with workspace(store, "judgements/b", classifier(store, max_length=most)) as work:
            scores_of(work, tmp_path, jobs).of("toxicity", ANSWERED)
    assert len(jobs.shown) == 2


def test_the_share_of_texts_that_were_cut_off_is_recorded(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    texts = pl.DataFrame({"response": ["short", "longer than twenty signs", "short", "short"]})
    with workspace(store, "judgements/b", classifier(store)) as work:
        scores_of(work, tmp_path, FakeJobs()).of("toxicity", texts)
        assert work.details["judges"] == {"toxicity": {"texts": 4, "cut_share": 0.25}}


def test_a_missing_answer_has_no_score_and_is_not_asked_about(tmp_path: Path) -> None:
    store, jobs = new_store(tmp_path), FakeJobs()
    with workspace(store, "judgements/b", classifier(store)) as work:
        scored = scores_of(work, tmp_path, jobs).add_to(ANSWERS, ["toxicity", "toxicity"])
    assert scored["toxicity_score"].is_null().to_list() == [False, True, False]
    assert scored["item_id"].to_list() == ANSWERS["item_id"].to_list()


def test_a_judge_that_sees_prompts_is_shown_both_and_scores_them_apart(tmp_path: Path) -> None:
    store, jobs = new_store(tmp_path), FakeJobs()
    answers = pl.DataFrame({"prompt": ["a", "{response}"], "response": ["no", "no"]})
    with workspace(store, "judgements/b", classifier(store, sees=("prompt", "response"))) as work:
        scores_of(work, tmp_path, jobs).of("toxicity", answers)
    shown = [json.loads(text) for text in jobs.shown[0]]
    assert sorted(pair["prompt"] for pair in shown) == ["a", "{response}"]


def test_a_template_is_filled_in_once(tmp_path: Path) -> None:
    store, jobs = new_store(tmp_path), FakeJobs()
    template = "Q: {prompt} A: {response}"
    answers = pl.DataFrame({"prompt": ["{response}"], "response": ["no {prompt}"]})
    with workspace(store, "judgements/b", classifier(store, sees=("prompt", "response"), template=template)) as work:
        scores_of(work, tmp_path, jobs).of("toxicity", answers)
    assert jobs.shown == [["Q: {response} A: no {prompt}"]]


def test_a_judge_that_sees_prompts_cannot_score_texts_without_one(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with (
        workspace(store, "raw/sg_toxicity_prompts", classifier(store, sees=("prompt", "response"))) as work,
        pytest.raises(SgAssetsError, match="the judge 'toxicity' sees prompts"),
    ):
        scores_of(work, tmp_path, FakeJobs()).of("toxicity", ANSWERED.select("response"))


def test_a_filter_raises_scores_of_texts_that_it_matches(judge_folder: Path, tmp_path: Path) -> None:
    store = new_store(tmp_path)
    declared = ScoreFilter(patterns={"friends": "(?i)FRIENDLY$", "never": "x{5}"}, score=0.9)
    models = {"toxicity": LinearJudge(kind="linear", filter=declared)}
    with workspace(store, "judgements/b", judge(store, judge_folder)) as work:
        scores = scores_of(work, tmp_path, FakeJobs(), dict(models)).of("toxicity", ANSWERED)
        known = work.details["judges"]["toxicity"]
    assert scores[1] == 0.9
    assert scores[0] > 0.5
    assert known == {"texts": 2, "matched_by_filter": {"friends": 1, "never": 0}, "raised_by_filter": 1}


def test_a_filter_lowers_no_score(judge_folder: Path, tmp_path: Path) -> None:
    store = new_store(tmp_path)
    models = {"toxicity": LinearJudge(kind="linear", filter=ScoreFilter(patterns={"all": "you"}, score=0.5))}
    with workspace(store, "judgements/b", judge(store, judge_folder)) as work:
        with_filter = scores_of(work, tmp_path, FakeJobs(), dict(models)).of("toxicity", ANSWERED)
        without = scores_of(work, tmp_path, FakeJobs()).of("toxicity", ANSWERED)
    assert with_filter.to_list() == [without[0], 0.5]


def test_a_head_over_our_own_embedder_needs_no_job(tmp_path: Path) -> None:
    store, jobs = new_store(tmp_path), FakeJobs()
    with workspace(store, "judgements/b", head_over_lsa(store)) as work:
        scores = scores_of(work, tmp_path, jobs).of("toxicity", pl.DataFrame({"response": ["word1 and text1", "what"]}))
    assert not jobs.shown
    assert all(0 < score < 1 for score in scores)


def test_a_job_that_leaves_texts_out_is_noticed(tmp_path: Path) -> None:
    def idle(_: ScoringSpec) -> None: ...

    store = new_store(tmp_path)
    with workspace(store, "judgements/b", classifier(store)) as work:
        scores = scores_of(work, tmp_path, FakeJobs())
        with pytest.raises(SgAssetsError, match="left 2 texts without an answer"):
            type(scores)(work, {}, {}, tmp_path / "judged", idle).of("toxicity", ANSWERED)
