"""Assets made by a SELECT: training tables also by what is done to personal data in answers."""

from dataclasses import replace

import pytest

from sg_assets.declarations.asset_names import EXAMPLES
from sg_assets.orchestration.assets.sql import sql_assets
from sg_assets.orchestration.project import Project


def with_answers(tiny: Project, how: str) -> Project:
    profile = tiny.declared.profile
    answers = profile.answers.model_copy(update={"personal_data": how})
    declared = replace(tiny.declared, profile=profile.model_copy(update={"answers": answers}))
    return replace(tiny, declared=declared)


def test_where_answers_stay_no_recipe_says_so(tiny: Project) -> None:
    recipe = sql_assets(tiny)["training/sft_examples"].recipe("balanced")
    assert "personal_data" not in recipe.parameters
    assert not [name for name in recipe.libraries if name == "polars"]


@pytest.mark.parametrize("how", ["mask", "drop"])
def test_what_is_done_to_answers_is_a_parameter_of_training_tables_alone(tiny: Project, how: str) -> None:
    before, after = sql_assets(tiny), sql_assets(with_answers(tiny, how))
    for asset, asset_def in after.items():
        partition = next(iter(tiny.graph.nodes[asset].keys))
        recipe, earlier = asset_def.recipe(partition), before[asset].recipe(partition)
        if asset in EXAMPLES.values():
            assert recipe.parameters == {**earlier.parameters, "personal_data": how}
            assert recipe.code.fingerprint != earlier.code.fingerprint
        else:
            assert recipe.code.fingerprint == earlier.code.fingerprint
            assert recipe.parameters == earlier.parameters


def test_how_much_may_be_touched_is_in_no_recipe(tiny: Project) -> None:
    masked = with_answers(tiny, "mask")
    more = masked.declared.profile.answers.model_copy(update={"at_most": 0.5})
    wider = replace(masked, declared=replace(
        masked.declared, profile=masked.declared.profile.model_copy(update={"answers": more})
    ))  # fmt: skip
    asset = "training/dpo_pairs"
    recipes = [sql_assets(each)[asset].recipe("unsafe_only") for each in (masked, wider)]
    assert recipes[0].parameters == recipes[1].parameters
