"""Cost of a variant from the trainings it rests on."""

from types import SimpleNamespace
from typing import Any

import pytest

from sg_assets.reports.training_costs import TrainingCost, cost


def adapter(variant: str, seconds: float, rows: int, tokens: int) -> Any:
    details = {"train_rows": rows, "tokens_seen": tokens, "run": {"seconds": seconds}}
    return SimpleNamespace(partition=variant, details=details)


PARENT, CHILD = adapter("sft", 60.0, 1000, 50_000), adapter("sft_kto", 30.0, 500, 20_000)


def test_parents_count_in_time_and_tokens_but_not_in_rows() -> None:
    assert cost("sft_kto", [PARENT, CHILD]) == TrainingCost("sft_kto", 30.0, 90.0, 500, 20_000, 70_000)


def test_an_untrained_model_costs_nothing() -> None:
    assert cost("base", []) == TrainingCost("base", 0.0, 0.0, 0, 0)


@pytest.mark.parametrize(("hour", "money"), [(None, None), (40.0, 1.0)])
def test_money_is_that_of_all_trainings(hour: float | None, money: float | None) -> None:
    assert cost("sft_kto", [PARENT, CHILD], hour).money == money
