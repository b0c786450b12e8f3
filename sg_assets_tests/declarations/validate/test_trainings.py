"""What would stop a training after its data is made is reported when definitions load."""

from typing import Any

import pytest

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.validate.trainings import check_trainings

TEXTS = 60
"""The most texts of the tiny profile's balanced mix: 64 prompts, of 30 texts a label."""


def problems_of(declared: Declarations, *variants: Variant, profile: Profile | None = None) -> list[str]:
    problems = Problems()
    known = {**declared.variants, **{variant.name: variant for variant in variants}}
    check_trainings(profile or declared.profile, known, declared.mixes, problems)
    return problems.messages


def variant(method: str, parent: str, **values: Any) -> Variant:
    return Variant(**{"name": "x", "description": "", "method": method, "parent": parent, "mix": "balanced",
                      "rank": 128, **values})  # fmt: skip


def with_training(profile: Profile, **parts: TrainingOptions) -> Profile:
    return profile.model_copy(update={"training": profile.training.model_copy(update=parts)})


def test_shipped_trainings_can_run(declared: Declarations) -> None:
    assert problems_of(declared) == []


@pytest.mark.parametrize("batch", [1, TEXTS + 1, TEXTS + 2, 64, 100, 4096])
@pytest.mark.parametrize("parent", ["base", "sft_r128"])
def test_a_kto_batch_that_cannot_be_filled_is_refused(declared: Declarations, batch: int, parent: str) -> None:
    (message,) = problems_of(declared, variant("kto", parent, training=TrainingOptions(batch_size=batch)))
    assert message.startswith(f"models/variants/x.yaml, training.batch_size: is {batch} for kto.")
    assert message.endswith("Write at least 2." if batch == 1 else f"Write at most {TEXTS}.")


@pytest.mark.parametrize("batch", [2, 3, 8, TEXTS])
def test_a_kto_batch_that_texts_fill_is_accepted(declared: Declarations, batch: int) -> None:
    assert problems_of(declared, variant("kto", "base", training=TrainingOptions(batch_size=batch))) == []


def test_kto_without_partners_takes_any_batch(declared: Declarations) -> None:
    options = TrainingOptions.model_validate({"loss": "apo_zero_unpaired", "batch_size": 1})
    assert problems_of(declared, variant("kto", "base", training=options)) == []


def test_a_loss_of_another_method_is_named_where_it_is_written(declared: Declarations) -> None:
    wrong = TrainingOptions.model_validate({"loss": "ipo"})
    [message] = problems_of(declared, variant("kto", "base", training=wrong))
    assert message.startswith("models/variants/x.yaml, training.loss: 'ipo' is no loss of kto")
    of_profile = declared.profile.training.kto.model_copy(update={"loss": {"ipo": 1.0}})
    messages = problems_of(declared, profile=with_training(declared.profile, kto=of_profile))
    assert [message.partition(": ")[0] for message in messages] == ["models/profiles/tiny.yaml, training.kto.loss"]


@pytest.mark.parametrize("method", ["sft", "dpo"])
def test_other_methods_take_any_batch(declared: Declarations, method: str) -> None:
    for batch in (1, 4096):
        assert problems_of(declared, variant(method, "base", training=TrainingOptions(batch_size=batch))) == []


@pytest.mark.parametrize("part", ["defaults", "kto"])
def test_a_batch_of_the_profile_is_reported_there_once(declared: Declarations, part: str) -> None:
    options = getattr(declared.profile.training, part).model_copy(update={"batch_size": 1})
    profile = with_training(declared.profile, **{part: options})
    messages = problems_of(declared, variant("kto", "base"), profile=profile)
    assert [message.partition(":")[0] for message in messages] == [
        f"models/profiles/tiny.yaml, training.{part}.batch_size"
    ]


def test_a_half_mix_has_half_the_texts(declared: Declarations) -> None:
    mix = Mix(name="balanced", description="", unsafe_share=1.0, size=0.5)
    problems = Problems()
    half = variant("kto", "base", training=TrainingOptions(batch_size=31))
    check_trainings(declared.profile, {"x": half}, {"balanced": mix}, problems)
    assert "the mix 'balanced' has at most 30 texts" in problems.messages[0]


@pytest.mark.parametrize("method", ["kto", "dpo"])
@pytest.mark.parametrize("rank", [1, 8, 16, 64, 127, 129, 256])
def test_another_rank_than_the_parent_s_is_refused(declared: Declarations, method: str, rank: int) -> None:
    (message,) = problems_of(declared, variant(method, "sft_r128", rank=rank))
    assert message.startswith(f"models/variants/x.yaml, rank: is {rank}. The training goes on from the adapter of")
    assert "Write 128" in message


@pytest.mark.parametrize("method", ["kto", "dpo"])
@pytest.mark.parametrize("layers", [("q_proj",), ("q_proj", "k_proj"), ("q_proj", "v_proj", "o_proj")])
def test_other_layers_than_the_parent_s_are_refused(
    declared: Declarations, method: str, layers: tuple[str, ...]
) -> None:
    (message,) = problems_of(declared, variant(method, "sft_r128", training=TrainingOptions(target_modules=layers)))
    assert message.startswith(f"models/variants/x.yaml, training.target_modules: are {', '.join(layers)}.")
    assert "whose target_modules are q_proj, v_proj" in message


def test_the_parent_s_layers_may_be_written_in_any_order(declared: Declarations) -> None:
    options = TrainingOptions(target_modules=("v_proj", "q_proj"))
    assert problems_of(declared, variant("kto", "sft_r128", training=options)) == []


def test_an_adapter_on_the_base_may_have_any_rank(declared: Declarations) -> None:
    assert problems_of(declared, variant("kto", "base", rank=3)) == []


@pytest.mark.parametrize(
    ("name", "where"), [("epochs", "defaults"), ("learning_rate", "defaults"), ("beta", "dpo"), ("device", "defaults")]
)
def test_a_value_that_nothing_declares_is_named_once(declared: Declarations, name: str, where: str) -> None:
    training = declared.profile.training
    parts = {part: getattr(training, part).model_copy(update={name: None}) for part in ("defaults", "sft", "dpo")}
    messages = problems_of(declared, profile=with_training(declared.profile, **parts))
    assert messages == [
        f"models/profiles/tiny.yaml, training.{where}.{name}: is needed. Trainings have no value without it."
    ]
