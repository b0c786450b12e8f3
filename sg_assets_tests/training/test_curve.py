import polars as pl
import pytest

from sg_assets.training.curve import CURVE_SCHEMA, curve, mean_loss

LOG = [
    {"step": 1, "epoch": 0.5, "loss": 0.5, "learning_rate": 1e-3, "rewards/margins": 0.1, "kl": 3},
    {"step": 2, "epoch": 0.7, "eval_loss": 0.45, "eval_rewards/margins": 9.0},
    {"step": 4, "epoch": 1.0, "loss": 0.3, "learning_rate": 0.0},
    {"step": 4, "epoch": 1.0, "eval_loss": 0.4},
    {"step": 4, "train_loss": 0.45},
    {"step": 4, "final_train_loss": 0.2},
]


def test_a_row_is_a_step_with_a_loss_or_a_dev_loss() -> None:
    assert curve(LOG).select("step", "loss", "dev_loss").rows() == [(1, 0.5, None), (2, None, 0.45), (4, 0.3, 0.4)]


def test_rewards_are_those_of_training() -> None:
    assert curve(LOG)["reward_margin"].to_list() == [0.1, None, None]
    assert curve(LOG)["kl"].to_list() == [3.0, None, None]


def test_the_schema_is_the_same_without_a_row() -> None:
    assert dict(curve([]).schema) == CURVE_SCHEMA


def test_the_mean_loss_weighs_each_row_by_its_steps() -> None:
    assert mean_loss(curve(LOG)) == pytest.approx((0.5 * 1 + 0.3 * 3) / 4)


def test_the_mean_loss_of_a_kept_curve_is_the_same() -> None:
    kept = pl.DataFrame(curve(LOG).to_dicts(), schema=CURVE_SCHEMA)
    assert mean_loss(kept) == mean_loss(curve(LOG))
