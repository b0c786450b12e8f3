"""Variants against each other, mixes and a profile."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.licence import Licence
from sg_assets.declarations.records.release import Release
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.validate.variants import check_variants, ordered, parent_adapter, root_chat_model
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT


def variant(name: str, method: str, parent: str, **fields: object) -> Variant:
    usual = {"none": {}, "imported": {"adapter": {"path": "a"}}}
    trained = usual.get(method, {"mix": "balanced", "rank": 8})
    return Variant.model_validate(
        {"name": name, "description": "x", "method": method, "parent": parent, **trained, **fields}
    )


BASE = variant("base", "none", "base")
SFT = variant("sft", "sft", "base")
KTO = variant("a_kto", "kto", "sft")
VARIANTS = {known.name: known for known in (KTO, SFT, BASE)}


def checked(declared: Declarations, *variants: Variant, broken: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """The names of the variants that fit, and the errors of the others."""
    problems = Problems()
    profile = declared.profile.model_copy(update={"variants": None, "release": Release()})
    fit = check_variants(profile, {known.name: known for known in variants}, ["balanced"], problems, broken)
    return list(fit), problems.messages


def test_parents_come_before_children() -> None:
    assert list(ordered(VARIANTS)) == ["base", "sft", "a_kto"]


def test_the_root_is_the_chat_model_behind_all_parents() -> None:
    assert root_chat_model(KTO, VARIANTS) == "base"
    assert root_chat_model(BASE, VARIANTS) == "base"


def test_only_a_training_on_an_sft_variant_has_a_parent_adapter() -> None:
    assert [parent_adapter(known, VARIANTS) for known in (KTO, SFT, BASE)] == ["sft", None, None]


def test_variants_that_fit_have_no_error(declared: Declarations) -> None:
    assert checked(declared, KTO, SFT, BASE) == (["base", "sft", "a_kto"], [])


def test_a_child_of_a_wrong_file_has_no_error_of_its_own_and_is_left_out(declared: Declarations) -> None:
    assert checked(declared, BASE, KTO, broken=("sft",)) == (["base"], [])


def test_an_unknown_mix_names_the_nearest(declared: Declarations) -> None:
    fit, errors = checked(declared, BASE, variant("sft", "sft", "base", mix="balance"))
    assert fit == ["base"]
    assert errors == ["models/variants/sft.yaml, mix: unknown mix 'balance'. Did you mean 'balanced'?"]


@pytest.fixture
def two_models(declared: Declarations) -> Declarations:
    """A profile with a chat model besides base."""
    profile = declared.profile
    models = {**profile.chat_models, "other": profile.chat_models["base"]}
    return replace(declared, profile=profile.model_copy(update={"chat_models": models}))


@pytest.mark.parametrize("method", ["none", "imported"])
def test_any_chat_model_answers_as_it_is_or_with_an_imported_adapter(two_models: Declarations, method: str) -> None:
    assert checked(two_models, variant("v", method, "other")) == (["v"], [])


@pytest.mark.parametrize("method", ["sft", "kto", "dpo"])
def test_a_training_is_on_the_model_whose_answers_it_learns_from(two_models: Declarations, method: str) -> None:
    fit, [error] = checked(two_models, variant("v", method, "other"))
    assert fit == []
    assert error.startswith(f"models/variants/v.yaml, parent: {method} cannot train on the chat model 'other'.")
    assert "hold the answers of 'base'" in error


@pytest.mark.parametrize("method", ["imported", "kto"])
def test_an_imported_adapter_is_neither_on_an_adapter_nor_under_a_training(declared: Declarations, method: str) -> None:
    parents = {"imported": SFT, "kto": variant("theirs", "imported", "base")}
    fit, [error] = checked(declared, parents[method], variant("v", method, parents[method].name))
    assert fit == [parents[method].name]
    assert f"a {method} variant cannot have the {parents[method].method} variant" in error


def test_a_licence_of_an_adapter_names_an_imported_one(declared: Declarations) -> None:
    problems = Problems()
    licences = declared.profile.licences.model_copy(update={"adapters": {"sft": Licence(name="MIT")}})
    profile = declared.profile.model_copy(update={"variants": None, "release": Release(), "licences": licences})
    check_variants(profile, VARIANTS, ["balanced"], problems)
    assert ["'sft' is no variant with an imported adapter" in message for message in problems.messages] == [True]


def test_a_released_variant_has_an_adapter(declared: Declarations) -> None:
    problems = Problems()
    profile = declared.profile.model_copy(update={"variants": None, "release": Release(variants=("base", "stf"))})
    check_variants(profile, VARIANTS, ["balanced"], problems)
    assert [message.partition(": ")[2] for message in problems.messages] == [
        "'base' has no adapter. Known: a_kto, sft.",
        "the profile runs no variant 'stf'. Did you mean 'sft'?",
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def test_a_parent_the_profile_does_not_run_is_no_unknown_parent(project: Path) -> None:
    profile = project / "models/profiles/tiny.yaml"
    profile.write_text(profile.read_text().replace("sft_r128, ", ""))
    with pytest.raises(SgAssetsError, match="profile 'tiny' does not run the parent 'sft_r128'"):
        load_declarations(project, "tiny")
