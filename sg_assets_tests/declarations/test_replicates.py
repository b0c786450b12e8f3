"""Variants trained again with other seeds."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.errors import SgAssetsError
from sg_assets.training.hyperparameters import training_settings
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def read(project: Path, replicates: str, seed: int | None = None) -> ProjectDeclarations:
    profile = project / "models/profiles/tiny.yaml"
    profile.write_text(f"{profile.read_text(encoding='utf-8')}replicates: {replicates}\n", encoding="utf-8")
    return read_project(project, "tiny", generated_comments=True, seed=seed)


def test_a_variant_is_repeated_with_the_parent_it_goes_on_from(project: Path) -> None:
    whole = read(project, "{seeds: [1, 2], variants: [sft_kto]}")
    assert whole.declared.replicates == {
        "sft_r128": ("sft_r128_seed_1", "sft_r128_seed_2"), "sft_kto": ("sft_kto_seed_1", "sft_kto_seed_2"),
    }  # fmt: skip
    parents = [str(ref) for ref in whole.graph.inputs("adapters/kto", "sft_kto_seed_2")]
    assert parents == ["models/chat[base]", "training/kto_examples[balanced]", "adapters/sft[sft_r128_seed_2]"]


def test_only_the_seed_is_another(project: Path) -> None:
    declared = read(project, "{seeds: [1, 2]}").declared
    first, again = (
        training_settings(declared.variants[name], declared.profile) for name in ("sft_dpo", "sft_dpo_seed_2")
    )
    assert again == first.model_copy(update={"seed": 2})
    assert first.seed == declared.profile.seed


def test_a_variants_objectives_read_the_scores_of_all_its_trainings(project: Path) -> None:
    graph = read(project, "{seeds: [1, 2], variants: [sft_r128]}").graph
    read_by = {str(ref) for ref in graph.inputs("scores/objectives", "sft_r128")}
    names = ("base", "sft_r128", "sft_r128_seed_1", "sft_r128_seed_2")
    assert {f"scores/sg_safety[{name}]" for name in names} <= read_by
    assert "sft_r128_seed_1" not in (graph.nodes["scores/objectives"].partitions or ())
    assert "sft_r128_seed_1" in (graph.nodes["scores/sg_safety"].partitions or ())


def test_cards_and_rows_are_of_the_variants_declared(project: Path) -> None:
    whole = read(project, "{seeds: [1, 2]}")
    assert list(whole.declared.declared_variants) == ["base", "sft_r128", "sft_kto", "sft_dpo"]
    assert whole.graph.nodes["reports/model_card"].partitions == ("sft_r128", "sft_kto", "sft_dpo")


def test_without_replicates_nothing_is_repeated(project: Path) -> None:
    assert read_project(project, "tiny", generated_comments=True).declared.replicates == {}


@pytest.mark.parametrize(
    ("replicates", "message"),
    [
        ("{seeds: [1]}", r"replicates\.seeds"),
        ("{seeds: [1, 1]}", "each seed once"),
        ("{seeds: [0, 1]}", "seed 0 is the seed of every first training"),
        ("{seeds: [1, 2], variants: [base]}", "'base' has no adapter"),
        ("{seeds: [1, 2], variants: [sft_ktoo]}", "runs no variant 'sft_ktoo'.*Did you mean 'sft_kto'"),
    ],
)
def test_wrong_replicates_are_told(project: Path, replicates: str, message: str) -> None:
    with pytest.raises(SgAssetsError, match=message):
        read(project, replicates)


def test_another_seed_of_everything_must_not_be_one_of_theirs(project: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"seed 2 is the seed of every first training.*another SG_SEED"):
        read(project, "{seeds: [1, 2]}", seed=2)


def test_a_file_must_not_take_the_name_of_a_repetition(project: Path) -> None:
    shutil.copy(project / "models/variants/sft_r16.yaml", project / "models/variants/sft_kto_seed_1.yaml")
    profile = project / "models/profiles/tiny.yaml"
    text = profile.read_text(encoding="utf-8").replace("variants: [", "variants: [sft_kto_seed_1, ")
    profile.write_text(text, encoding="utf-8")
    with pytest.raises(SgAssetsError, match=r"'sft_kto_seed_1' is taken.*Rename the file"):
        read(project, "{seeds: [1, 2]}")
