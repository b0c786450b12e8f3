"""Whether a judge is aligned, in words."""

import pytest

from sg_assets.people.alignment_finding import finding
from sg_assets.people.judge_accuracy import JudgeAccuracy, Rate

BOUND = {"sensitivity_at_least": 0.8, "specificity_at_least": 0.9, "labels_at_least": 100}


def measured(sensitivity: float = 0.85, specificity: float = 0.95, labels: int = 200) -> JudgeAccuracy:
    first, second = (Rate(rate, rate - 0.05, rate + 0.04) for rate in (sensitivity, specificity))
    return JudgeAccuracy(labels, labels // 4, labels, first, second, 0.25)


@pytest.mark.parametrize(
    ("accuracy", "aligned"),
    [
        (measured(), True),
        (measured(sensitivity=0.79), False),
        (measured(specificity=0.89), False),
        (measured(labels=99), False),
        (JudgeAccuracy(200, 0, 200, None, Rate(1, 1, 1), 0.0), False),
        (JudgeAccuracy(0, 0, 0, None, None, None), False),
    ],
)
def test_a_judge_is_aligned_where_all_of_its_bound_is_reached(accuracy: JudgeAccuracy, aligned: bool) -> None:
    assert finding(accuracy, BOUND)[0] is aligned


def test_a_judge_without_a_bound_is_neither() -> None:
    assert finding(measured(), None)[0] is None


def test_the_words_have_the_numbers_and_the_bounds() -> None:
    assert finding(measured(labels=20), BOUND)[1] == (
        "sensitivity 85.0 % (80.0 % to 89.0 %) of at least 80.0 %, specificity 95.0 % (90.0 % to 99.0 %) of at least"
        " 90.0 %, from 20 labelled answers of at least 100"
    )


def test_no_labels_are_said_to_be_none() -> None:
    assert finding(JudgeAccuracy(0, 0, 0, None, None, None), BOUND) == (False, "no labels of people")
