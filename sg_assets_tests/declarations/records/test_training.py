"""Hyper-parameters: what a variant states comes before its profile's."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.training import Training, TrainingOptions


def test_gaps_are_filled_from_the_defaults() -> None:
    own, defaults = TrainingOptions(epochs=2), TrainingOptions(epochs=1, batch_size=8)
    assert own.over(defaults) == TrainingOptions(epochs=2, batch_size=8)


def test_without_a_default_a_gap_stays() -> None:
    assert TrainingOptions(epochs=2).over(TrainingOptions()).batch_size is None


@pytest.mark.parametrize(
    ("written", "losses"),
    [
        ("ipo", {"ipo": 1.0}),
        (["sigmoid", "sft"], {"sigmoid": 1.0, "sft": 1.0}),
        ({"sigmoid": 1, "sft": 0.2}, {"sigmoid": 1.0, "sft": 0.2}),
    ],
)
def test_losses_may_be_written_with_and_without_weights(written: Any, losses: dict[str, float]) -> None:
    assert TrainingOptions(loss=written).loss == losses


@pytest.mark.parametrize("written", [[], {}, ["sft", "sft"], [1], {"sft": 0}, {"sft": -1.0}, {"sft": float("inf")}, 3])
def test_losses_that_have_no_meaning_are_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        TrainingOptions(loss=written)


def test_a_loss_for_every_method_is_refused() -> None:
    options = TrainingOptions.model_validate({"loss": "ipo"})
    with pytest.raises(ValidationError, match=r"defaults\.loss: a loss is chosen for kto or dpo"):
        Training(defaults=options)
