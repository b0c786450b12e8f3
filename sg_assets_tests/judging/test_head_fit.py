"""Fitting a head, and its figures on groups that it has not seen."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from sg_assets.declarations.records.judge_model import HeadFit
from sg_assets.errors import SgAssetsError
from sg_assets.judging.embedding_head import LinearHead
from sg_assets.judging.head_fit import LabelledTexts, auc, fit_head

CUTS = {"balanced": 0.5, "high_precision": 0.8}


def texts(groups: int = 8, each: int = 40, noise: float = 0.8) -> LabelledTexts:
    drawn = np.random.default_rng(0)
    n = groups * each
    labels = np.arange(n) % 2 == 0
    vectors = drawn.normal(scale=noise, size=(n, 6)) + np.outer(labels, [1.0, 0.5, 0, 0, 0, 0])
    named = np.array([f"group{n // each}" for n in range(n)])
    return LabelledTexts(vectors, labels, named, {"parity": np.array([str(n % 3) for n in range(n)])})


def fitted(**declared: object) -> tuple[LinearHead, dict[str, Any]]:
    return fit_head(texts(), HeadFit.model_validate({"texts": "a/b", **declared}), CUTS, "balanced", 0)


@pytest.mark.parametrize("head", ["logistic", "ridge"])
def test_a_fitted_head_tells_texts_of_unseen_groups_apart(head: str) -> None:
    _, figures = fitted(head=head)
    assert set(figures["groups"]).isdisjoint(figures["fitted_on"]["groups"])
    assert figures["n"] == 80
    low, high = figures["auc_interval"]
    assert 0.7 < low < figures["auc"] < high < 1


def test_figures_are_of_the_texts_kept_out() -> None:
    head, figures = fit_head(texts(), HeadFit(texts="a/b"), CUTS, "balanced", 0)
    chosen = texts().only(np.isin(texts().groups, figures["groups"]))
    scores = head.score(chosen.vectors)
    raised = scores >= 0.8
    assert figures["auc"] == pytest.approx(roc_auc_score(chosen.labels, scores), abs=1e-4)
    assert figures["thresholds"]["high_precision"]["sensitivity"] == pytest.approx(
        raised[chosen.labels].mean(), abs=1e-4
    )
    assert set(figures["by"]["parity"]) == {"0", "1", "2"}
    by_group = figures["by"]["group"]
    assert sum(known["n"] for known in by_group.values()) == 80


def test_calibrated_scores_are_probabilities_and_raw_ones_are_not() -> None:
    head, _ = fit_head(texts(each=200), HeadFit(texts="a/b"), CUTS, "balanced", 0)
    scores = head.score(texts(each=200).vectors)
    near = np.abs(scores - 0.7) < 0.1
    assert texts(each=200).labels[near].mean() == pytest.approx(0.7, abs=0.08)
    raw, _ = fit_head(texts(), HeadFit(texts="a/b", head="ridge", calibration="none"), CUTS, "balanced", 0)
    assert min(raw.score(texts().vectors)) < 0


def test_the_same_texts_give_the_same_head() -> None:
    first, second = (fit_head(texts(), HeadFit(texts="a/b"), CUTS, "balanced", 0)[0] for _ in range(2))
    assert first.weights.tobytes() == second.weights.tobytes()
    assert (first.slope, first.offset) == (second.slope, second.offset)


def test_too_few_groups_are_refused() -> None:
    with pytest.raises(SgAssetsError, match="2 groups are too few to keep 1 of them out"):
        fit_head(texts(groups=2), HeadFit(texts="a/b"), CUTS, "balanced", 0)


def test_a_label_that_is_missing_is_refused() -> None:
    one_label = replace(texts(), labels=np.ones(320, dtype=bool))
    with pytest.raises(SgAssetsError, match="too few labelled texts to fit on"):
        fit_head(one_label, HeadFit(texts="a/b"), CUTS, "balanced", 0)


def test_the_interval_of_an_auc_covers_the_true_one_as_often_as_it_says() -> None:
    from scipy.stats import norm

    drawn, true = np.random.default_rng(1), float(norm.cdf(1 / np.sqrt(2)))
    labels = np.arange(120) % 2 == 0
    ends = [auc(drawn.normal(size=120) + labels, labels)[1:] for _ in range(400)]
    assert np.mean([low <= true <= high for low, high in ends]) == pytest.approx(0.95, abs=0.035)


def test_an_auc_without_both_labels_is_no_number() -> None:
    assert np.isnan(auc(np.ones(3), np.array([True, True, True]))[0])
