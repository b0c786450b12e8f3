"""Whether judges fit what they score."""

from dataclasses import replace
from typing import Any

import pytest

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.judge_model import EmbeddingHead, LinearJudge, ScoreFilter, SequenceClassification
from sg_assets.declarations.records.model import ChatModel
from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.validate.judges import check_judge, check_labelling_judge
from sg_assets.errors import SgAssetsError

FILES = ModelFiles(repo="sg/judge", revision="main")
CLASSIFIER = SequenceClassification(
    kind="sequence_classification", model=FILES, score_of=("toxic",), thresholds={"own": 0.7}, threshold="own"
)


def with_real_base(profile: Profile, **fields: Any) -> Profile:
    models = {"base": ChatModel(hub=ModelFiles(repo="sg/tiny-chat", revision="main"))}
    return profile.model_copy(update={"chat_models": models, **fields})


def check(declared: Declarations, profile: Profile, judge: str = "rejection") -> None:
    check_judge(declared.judges[judge], profile, declared.benchmarks, f"models/judges/{judge}.yaml")


def test_a_demo_judge_of_a_real_model_s_answers_needs_a_word(declared: Declarations) -> None:
    profile = with_real_base(declared.profile)
    with pytest.raises(SgAssetsError) as raised:
        check(declared, profile)
    for part in ("'rejection'", "answers of base", "judges.rejection", "demo_judges_score_real_models: true"):
        assert part in str(raised.value)
    check(declared, with_real_base(declared.profile, demo_judges_score_real_models=True))
    check(declared, with_real_base(declared.profile, judges={"rejection": CLASSIFIER}))
    check(declared, declared.profile)


def test_a_demo_judge_that_scores_no_answers_needs_none(declared: Declarations) -> None:
    unused = declared.judges["rejection"].model_copy(update={"name": "unused"})
    check_judge(unused, with_real_base(declared.profile), declared.benchmarks, "models/judges/unused.yaml")


def test_thresholds_of_a_judge_that_is_fitted_here_are_shares(declared: Declarations) -> None:
    raw = declared.judges["rejection"].model_copy(update={"thresholds": {"balanced": 1.326}})
    with pytest.raises(SgAssetsError, match=r"outside of 0 to 1: balanced: 1.326.*judges.rejection of a profile"):
        check(replace(declared, judges={"rejection": raw}), declared.profile)


def test_a_filter_that_raises_no_flag_is_refused(declared: Declarations) -> None:
    weak = LinearJudge(kind="linear", filter=ScoreFilter(patterns={"a": "x"}, score=0.1))
    with pytest.raises(SgAssetsError, match=r"the filter raises no flag.*0.1 is below the threshold 0.5"):
        check(declared, declared.profile.model_copy(update={"judges": {"rejection": weak}}))


def test_the_thresholds_of_a_model_are_its_own(declared: Declarations) -> None:
    measured = declared.judges["toxicity"].measured_by(CLASSIFIER)
    assert (measured.cut, measured.threshold) == (0.7, "own")
    assert declared.judges["toxicity"].measured_by(None) is declared.judges["toxicity"]


@pytest.mark.parametrize(
    ("model", "error"),
    [
        (CLASSIFIER.model_copy(update={"sees": ("prompt", "response")}), "the judge 'toxicity' sees prompts"),
        (
            EmbeddingHead.model_validate(
                {"kind": "embedding_head", "fit": {"texts": "a/b", "calibration": "none"}, "threshold": "a",
                 "thresholds": {"a": 2.0}}
            ),
            "the judge 'toxicity' gives raw scores",
        ),
    ],
)  # fmt: skip
def test_a_judge_that_labels_comments_gives_shares_of_texts_alone(
    declared: Declarations, model: Any, error: str
) -> None:
    with pytest.raises(SgAssetsError, match=error):
        check_labelling_judge(declared.profile.model_copy(update={"judges": {"toxicity": model}}))
