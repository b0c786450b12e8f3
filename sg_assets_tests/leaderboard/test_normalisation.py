"""Worked by hand from the published formula and lower bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.normalisation import (
    PUBLISHED,
    TASK_NAMES,
    Task,
    average,
    normalised,
    task_score,
)


def score(name: str, raw: dict[str, float], pooled: float = 0.0) -> float:
    return task_score(PUBLISHED[name], raw, pooled)  # type: ignore[index]


@pytest.mark.parametrize(
    ("raw", "lower", "expected"),
    [(0.25, 0.25, 0.0), (1.0, 0.25, 100.0), (0.1, 0.25, 0.0), (0.4, 0.25, 20.0), (0.55, 0.1, 50.0), (0.3, 0.0, 30.0)],
)
def test_guessing_is_0_and_all_right_is_100(raw: float, lower: float, expected: float) -> None:
    assert normalised(raw, lower) == pytest.approx(expected)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.9))
def test_a_higher_raw_share_never_scores_lower(share: float, other: float, lower: float) -> None:
    low, high = sorted((share, other))
    assert 0 <= normalised(low, lower) <= normalised(high, lower) <= 100 + 1e-9


def test_bbh_has_its_24_subtasks_with_their_choices() -> None:
    lower = PUBLISHED["bbh"].lower
    assert len(lower) == 24
    assert sorted(round(1 / level) for level in lower.values()) == sorted(
        [2, 2, 6, 3, 2, 11, 2, 5, 7, 3, 6, 2, 19, 5, 18, 6, 6, 2, 2, 4, 5, 7, 3, 2]
    )
    assert (lower["bbh_object_counting"], lower["bbh_snarks"]) == (1 / 19, 1 / 2)


def test_bbh_normalises_every_subtask_before_it_averages() -> None:
    raw = dict(PUBLISHED["bbh"].lower)  # all at chance: 0
    raw |= {"bbh_snarks": 0.75, "bbh_object_counting": 10 / 19, "bbh_temporal_sequences": 1.0}
    # (0.75 - 0.5) / 0.5 = 50; (10/19 - 1/19) / (18/19) = 50; 100; twenty-one zeros
    assert score("bbh", raw) == pytest.approx((50 + 50 + 100) / 24)


def test_a_bbh_subtask_below_chance_does_not_pull_the_others_down() -> None:
    raw = dict(PUBLISHED["bbh"].lower) | {"bbh_snarks": 0.75, "bbh_navigate": 0.0}
    assert score("bbh", raw) == pytest.approx(50 / 24)


def test_musr_uses_the_chance_level_of_each_kind_of_story() -> None:
    raw = {"musr_murder_mysteries": 0.6, "musr_object_placements": 0.4, "musr_team_allocation": 0.5}
    # 20; 25; (0.5 - 0.3333) / 0.6667 * 100 = 25.00375
    assert score("musr", raw) == pytest.approx((20 + 25 + 25.00374981) / 3)


def test_gpqa_pools_the_items_of_its_sets() -> None:
    # diamond 198 items, 60 right; extended 546, 170; main 448, 130: 360 of 1192 = 0.302013
    raw = {"gpqa_diamond": 60 / 198, "gpqa_extended": 170 / 546, "gpqa_main": 130 / 448}
    assert score("gpqa", raw, 360 / 1192) == pytest.approx(6.9351, abs=1e-4)


def test_math_pools_its_subjects_and_knows_no_guessing() -> None:
    raw = dict.fromkeys(PUBLISHED["math_hard"].lower, 0.5)
    assert len(raw) == 7
    assert score("math_hard", raw, 0.123) == pytest.approx(12.3)


def test_mmlu_pro_has_ten_choices() -> None:
    assert score("mmlu_pro", {"mmlu_pro": 0.37}, 0.37) == pytest.approx(30.0)


def test_ifeval_knows_no_guessing() -> None:
    assert score("ifeval", {"ifeval": 0.41}, 0.41) == pytest.approx(41.0)


def test_the_score_is_the_mean_of_the_six() -> None:
    assert average(dict(zip(TASK_NAMES, (10.0, 20.0, 30.0, 40.0, 50.0, 60.0), strict=True))) == 35.0


def test_a_mean_of_five_is_refused() -> None:
    with pytest.raises(SgAssetsError, match="'gpqa' is missing"):
        average(dict.fromkeys((name for name in TASK_NAMES if name != "gpqa"), 1.0))


def test_a_subtask_too_few_is_refused() -> None:
    with pytest.raises(SgAssetsError, match="musr_team_allocation"):
        score("musr", {"musr_murder_mysteries": 0.6, "musr_object_placements": 0.4})


def test_subtasks_with_different_choices_cannot_be_pooled() -> None:
    mixed = Task("gpqa", "acc_norm", {"gpqa_a": 0.25, "gpqa_b": 0.5})
    with pytest.raises(SgAssetsError, match="guessing scores"):
        task_score(mixed, {"gpqa_a": 1.0, "gpqa_b": 1.0}, 1.0)
