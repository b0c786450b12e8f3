"""Declared values that SQL may name."""

import pytest

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.parameters import bind, bound_parameters, sql_parameters
from sg_assets.errors import SgAssetsError


def test_thresholds_are_in_scope_by_judge(declared: Declarations) -> None:
    judge = declared.judges["toxicity"]
    assert sql_parameters(declared, None, None)["toxicity_threshold"] == judge.cut


def test_a_partition_of_variants_has_its_variant_in_scope(declared: Declarations) -> None:
    assert sql_parameters(declared, "variant", "base")["variant"] == "base"
    assert "variant" not in sql_parameters(declared, None, None)


def test_the_prompts_of_a_mix_are_shared_between_safe_and_unsafe(declared: Declarations) -> None:
    mix = declared.mixes["balanced"]
    scope = sql_parameters(declared, "mix", "balanced")
    total = round(declared.profile.samples.mix_prompts * mix.size)
    assert scope["mix"] == "balanced"
    assert scope["unsafe_prompts"] == round(total * mix.unsafe_share)
    assert int(scope["unsafe_prompts"]) + int(scope["safe_prompts"]) == total


def test_only_the_parameters_named_are_bound() -> None:
    assert bind(["seed"], {"seed": 1, "mix": "x"}, where="here") == {"seed": 1}


def test_an_unknown_parameter_names_the_nearest() -> None:
    with pytest.raises(SgAssetsError, match=r"here: unknown parameter '\$sed'\. Did you mean 'seed'"):
        bind(["sed"], {"seed": 1}, where="here")


def test_parameters_of_an_asset_are_those_its_file_names(declared: Declarations) -> None:
    asset = declared.sql["templated/prompts"]
    assert tuple(bound_parameters(declared, asset, None)) == asset.parameters
