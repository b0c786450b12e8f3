"""The axes of a grid: which there are, and in which order."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.recipe_parameters import facts_of
from sg_assets.declarations.records.grid import Grid
from sg_assets.declarations.records.training import TrainingOptions


def test_every_option_that_moves_a_result_may_be_an_axis() -> None:
    options = set(TrainingOptions.model_fields) - set(facts_of(TrainingOptions))
    assert set(Grid.model_fields) == {"parent", "mix", "rank", "seed"} | options


def test_axes_stand_in_an_order_of_their_own() -> None:
    assert [*Grid(epochs=(1.0,), rank=(8,), mix=("balanced",)).axes] == ["mix", "rank", "epochs"]


def test_losses_are_values_however_they_are_written() -> None:
    losses = Grid.model_validate({"loss": ["ipo", ["sigmoid", "sft"]]}).axes["loss"]
    assert losses == ({"ipo": 1.0}, {"sigmoid": 1.0, "sft": 1.0})


def test_a_value_stands_there_once() -> None:
    with pytest.raises(ValidationError, match="8 stands there twice"):
        Grid(rank=(8, 16, 8))
