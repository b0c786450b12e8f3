"""Variants against each other, mixes and a profile."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.release import Release
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.validate.variants import check_variants, ordered, parent_adapter, root_chat_model
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT


def variant(name: str, method: str, parent: str, **fields: object) -> Variant:
    trained = {} if method == "none" else {"mix": "balanced", "rank": 8}
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
