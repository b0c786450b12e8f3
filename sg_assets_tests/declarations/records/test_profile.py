"""A profile: what it declares fits together."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations import load_declarations
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.profile import Profile, Replicates
from sg_assets_tests.paths import PROJECT


def test_a_chat_model_that_is_not_there_names_the_nearest() -> None:
    profile = load_declarations(PROJECT, "demo").profile.model_dump()
    profile["licences"]["chat_models"] = {"bse": {"name": "MIT"}}
    with pytest.raises(ValidationError, match=r"licences\.chat_models: unknown 'bse'\. Did you mean 'base'"):
        Profile.model_validate(profile)


def test_a_seed_that_is_given_twice_gives_no_further_training() -> None:
    with pytest.raises(ValidationError, match="each seed once"):
        Replicates(seeds=(1, 1))


@pytest.mark.parametrize(("change", "reason"), [
    ({"chat_models": {"other": {"seed": 0}}}, "chat_models must declare 'base'"),
    ({"texts_per_label": 1}, "texts per label, texts_per_label is 1"),
    ({"release": {"despite": ("none_such",)}}, "'none_such' is not an objective that blocks a release"),
])  # fmt: skip
def test_a_profile_that_contradicts_itself_is_refused(
    declared: Declarations, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        Profile.model_validate({**declared.profile.model_dump(), **change})


def test_an_objective_is_declared_once(declared: Declarations) -> None:
    content = declared.profile.model_dump()
    content["objectives"] = [*content["objectives"], content["objectives"][0]]
    with pytest.raises(ValidationError, match="is declared twice"):
        Profile.model_validate(content)


@pytest.mark.parametrize(
    ("change", "lanes"),
    [({}, 1), ({"local": {"gpus": 8}}, 8), ({"local": {"gpus": 8}, "lanes": 3}, 3), ({"lanes": 2}, 2)],
)
def test_there_is_a_lane_for_each_card_unless_lanes_are_declared(
    declared: Declarations, change: dict[str, Any], lanes: int
) -> None:
    given = declared.profile.model_dump(exclude={"lanes", "local"})
    assert Profile.model_validate({**given, **change}).lane_count == lanes


@pytest.mark.parametrize("gpus", [0, 65, "eight", None])
def test_a_number_of_cards_that_no_machine_has_is_refused(declared: Declarations, gpus: object) -> None:
    with pytest.raises(ValidationError, match=r"local\.gpus"):
        Profile.model_validate({**declared.profile.model_dump(exclude={"lanes"}), "local": {"gpus": gpus}})
