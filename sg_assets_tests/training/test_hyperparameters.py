"""A variant's own hyper-parameters come first, then its method's, then the profile's."""

from typing import Any

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.declarations.records.variant import Variant
from sg_assets.training.hyperparameters import steps_between_checkpoints, training_settings
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="module")
def profile() -> Profile:
    """``tiny`` with options of its own for KTO."""
    declared = load_declarations(PROJECT, "tiny").profile
    defaults = declared.training.defaults.model_copy(update={"learning_rate": 0.1, "epochs": 1.0})
    kto = TrainingOptions(epochs=2.0, beta=0.3)
    training = declared.training.model_copy(update={"defaults": defaults, "kto": kto})
    return declared.model_copy(update={"training": training, "rank_scale": 0.25, "seed": 5})


def kto(rank: int = 64, seed: int | None = None, **options: Any) -> Variant:
    return Variant(
        name="v", description="v", method="kto", parent="base", mix="m", rank=rank, seed=seed,
        training=TrainingOptions.model_validate(options),
    )  # fmt: skip


def test_a_variant_comes_before_its_method_and_the_method_before_the_profile(profile: Profile) -> None:
    settings = training_settings(kto(beta=0.5), profile)
    assert (settings.beta, settings.epochs, settings.learning_rate) == (0.5, 2.0, 0.1)


def test_the_effective_rank_is_scaled_and_at_least_1(profile: Profile) -> None:
    assert training_settings(kto(rank=64), profile).rank == 16
    assert training_settings(kto(rank=1), profile).rank == 1


def test_the_seed_is_the_variants_else_the_profiles(profile: Profile) -> None:
    assert training_settings(kto(seed=0), profile).seed == 0
    assert training_settings(kto(), profile).seed == 5


def test_steps_between_checkpoints_are_50_unless_declared(profile: Profile) -> None:
    training = profile.training.model_copy(update={"defaults": TrainingOptions()})
    undeclared = profile.model_copy(update={"training": training})
    assert steps_between_checkpoints(kto(), undeclared) == 50
    assert steps_between_checkpoints(kto(save_steps=7), undeclared) == 7


def test_a_method_s_own_loss_is_the_same_training_written_or_not(profile: Profile) -> None:
    assert training_settings(kto(loss="kto"), profile) == training_settings(kto(), profile)
    assert training_settings(kto(loss="apo_zero_unpaired"), profile).loss == {"apo_zero_unpaired": 1.0}


def test_label_smoothing_counts_only_where_a_loss_reads_it(profile: Profile) -> None:
    dpo = kto().model_copy(update={"method": "dpo"})
    smoothed = profile.training.model_copy(update={"dpo": TrainingOptions(beta=0.3, label_smoothing=0.1)})
    declared = profile.model_copy(update={"training": smoothed})
    assert training_settings(dpo, declared).label_smoothing is None
    robust = dpo.model_copy(update={"training": TrainingOptions.model_validate({"loss": "robust"})})
    assert training_settings(robust, declared).label_smoothing == 0.1
