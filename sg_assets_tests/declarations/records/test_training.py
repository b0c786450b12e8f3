"""Hyper-parameters: what a variant states comes before its profile's."""

from sg_assets.declarations.records.training import TrainingOptions


def test_gaps_are_filled_from_the_defaults() -> None:
    own, defaults = TrainingOptions(epochs=2), TrainingOptions(epochs=1, batch_size=8)
    assert own.over(defaults) == TrainingOptions(epochs=2, batch_size=8)


def test_without_a_default_a_gap_stays() -> None:
    assert TrainingOptions(epochs=2).over(TrainingOptions()).batch_size is None
