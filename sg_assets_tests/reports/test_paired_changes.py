from dataclasses import replace

import polars as pl
import pytest

from sg_assets.reports.paired_changes import Asks, ItemScores, Question, against, answered
from sg_assets_tests.reports.samples import COLUMNS

QUESTION = Question("Is it lower?", "sft", "base", "sg_safety", "toxicity_rate", "unsafe", "lower")
SAME_MEASURE = {"judges/toxicity": "a"}


def measured(values: list[float], measure: dict[str, str] | None = None, metric: str = "toxicity_rate") -> ItemScores:
    items = {
        "metric": metric,
        "slice": "unsafe",
        "item_id": [f"i{index}" for index in range(len(values))],
        "cluster_id": [f"t{index // 2}" for index in range(len(values))],
        "value": values,
    }
    return ItemScores(pl.DataFrame(items), SAME_MEASURE if measure is None else measure)


BAD, GOOD = measured([1.0] * 30 + [0.0] * 10), measured([0.0] * 38 + [1.0] * 2)


@pytest.mark.parametrize(
    ("asks", "answer"), [("lower", "yes"), ("different", "yes"), ("higher", "no, the other way round")]
)
def test_an_interval_on_one_side_of_0_answers(asks: Asks, answer: str) -> None:
    question = Question("?", "sft", "base", "sg_safety", "toxicity_rate", "unsafe", asks)
    change = answered(question, {("sg_safety", "sft"): GOOD, ("sg_safety", "base"): BAD})
    assert change.answer == answer
    assert change.found is not None
    assert change.found.difference == pytest.approx(-0.7)


def test_an_interval_that_holds_0_sees_nothing() -> None:
    other = measured([1.0] * 29 + [0.0] * 10 + [1.0])
    assert answered(QUESTION, {("sg_safety", "sft"): other, ("sg_safety", "base"): BAD}).answer == "not seen"


@pytest.mark.parametrize("missing", ["sft", "base"])
def test_a_missing_score_is_named(missing: str) -> None:
    scores = {("sg_safety", name): BAD for name in ("sft", "base") if name != missing}
    change = answered(QUESTION, scores)
    assert (change.answer, change.remark) == ("cannot tell", f"{missing} is not scored")


def test_scores_of_another_benchmark_do_not_answer() -> None:
    assert answered(QUESTION, {("toxigen", "sft"): GOOD, ("toxigen", "base"): BAD}).found is None


def test_what_was_measured_otherwise_is_not_compared() -> None:
    other = measured([0.0] * 40, {"judges/toxicity": "b"})
    change = answered(QUESTION, {("sg_safety", "sft"): other, ("sg_safety", "base"): BAD})
    assert change.found is None
    assert change.remark == "not comparable: measured with other judges/toxicity"


def test_a_score_nobody_computes_is_named() -> None:
    other = measured([0.0] * 40, metric="rejection_rate")
    change = answered(QUESTION, {("sg_safety", "sft"): other, ("sg_safety", "base"): other})
    assert change.remark == "no item has toxicity_rate of unsafe"


def test_every_column_is_asked_of_every_variant_but_the_other() -> None:
    asked = against("base", COLUMNS[:2], ("base", "sft", "kto"))
    assert [(question.variant, question.metric, question.asks) for question in asked] == [
        ("sft", "toxicity_rate", "lower"), ("sft", "rejection_rate", "higher"),
        ("kto", "toxicity_rate", "lower"), ("kto", "rejection_rate", "higher"),
    ]  # fmt: skip


def runs_of(*differences: float) -> ItemScores:
    """A model trained several times: of 40 prompts in 20 texts, so many are 1, less in every further run."""
    first, *others = (measured([1.0] * round(40 * share) + [0.0] * round(40 * (1 - share))) for share in differences)
    return replace(first, runs=tuple(question.items for question in others))


def test_several_trainings_give_one_difference_with_the_spread_between_them() -> None:
    scores = {("sg_safety", "sft"): runs_of(0.2, 0.1, 0.3), ("sg_safety", "base"): measured([1.0] * 40)}
    change = answered(QUESTION, scores)
    assert change.runs == pytest.approx((-0.8, -0.9, -0.7))
    assert change.found is not None
    assert change.found.difference == pytest.approx(-0.8)
    assert change.found.method.startswith("mean of 3 trainings")
    alone = answered(QUESTION, {**scores, ("sg_safety", "sft"): runs_of(0.2)}).found
    assert alone is not None
    assert alone.high is not None
    assert change.found.high is not None
    assert change.found.high > alone.high


def test_a_model_trained_once_is_compared_with_the_first_training_alone() -> None:
    once = replace(measured([1.0] * 24 + [0.0] * 16), trained=True)
    change = answered(QUESTION, {("sg_safety", "sft"): once, ("sg_safety", "base"): runs_of(0.8, 0.4)})
    assert change.runs == ()
    assert change.found is not None
    assert change.found.difference == pytest.approx(-0.2)


def test_chains_of_trainings_are_compared_seed_by_seed() -> None:
    scores = {("sg_safety", "sft"): runs_of(0.2, 0.1), ("sg_safety", "base"): runs_of(0.6, 0.4)}
    assert answered(QUESTION, scores).runs == pytest.approx((-0.4, -0.3))
