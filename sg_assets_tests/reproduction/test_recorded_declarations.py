"""What is declared now, with what a version records in its place."""

from dataclasses import replace
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets.reproduction.recorded_declarations import as_recorded, require_recorded
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.recipes import Recipe
from sg_assets.training.hyperparameters import training_settings

pytestmark = pytest.mark.slow

VARIANT = "sft_r128"


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Project:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "demo")
    return load_project()


def recorded(project: Project, asset: str, partition: str | None, **changes: Any) -> Manifest:
    """A version made by what is declared, but for some parameters; one that is None was not recorded."""
    parameters = {**asset_defs_of(project)[asset].recipe(partition).parameters, **changes}
    known = {name: value for name, value in parameters.items() if value is not None or name not in changes}
    fields: dict[str, Any] = {"asset": asset, "partition": partition, "version": "v", "parameters": known}
    return Manifest.model_construct(**fields, code=Code(fingerprint="", texts={}))


def put_back(project: Project, version: Manifest) -> Project:
    return replace(project, declared=as_recorded(project.declared, version, {}))


def recipe(project: Project, version: Manifest) -> Recipe:
    return asset_defs_of(project)[version.asset].recipe(version.partition)


@pytest.mark.parametrize(
    ("asset", "partition", "change"),
    [
        ("responses/sg_safety", VARIANT, {"max_new_tokens": 7}),
        ("synthesized/base_responses", None, {"dtype": "bfloat16"}),
        ("adapters/sft", VARIANT, {"learning_rate": 0.5}),
        ("adapters/sft", VARIANT, {"threads": 7}),
        ("scores/leaderboard", VARIANT, {"limit": 3}),
        ("raw/sg_toxicity_prompts", None, {"min_texts": 3}),
        ("raw/forum_comments", None, {"mask_personal_data": False}),
    ],
)
def test_recorded_values_are_put_back(
    project: Project, asset: str, partition: str | None, change: dict[str, Any]
) -> None:
    version = recorded(project, asset, partition, **change)
    restored = recipe(put_back(project, version), version)
    assert restored.parameters == version.parameters
    require_recorded(restored, version, project.declared)


@pytest.mark.parametrize(
    ("asset", "partition"),
    [("responses/sg_safety", VARIANT), ("adapters/sft", VARIANT), ("scores/leaderboard", "base")],
)
def test_facts_that_an_earlier_version_recorded_are_taken_from_today(
    project: Project, asset: str, partition: str
) -> None:
    version = recorded(project, asset, partition, device="cuda")
    again = put_back(project, version)
    require_recorded(recipe(again, version), version, project.declared)
    profile = again.declared.profile
    assert profile.generation.device == "cpu"
    assert training_settings(again.declared.variants[VARIANT], profile).device == "cpu"
    assert profile.leaderboard is not None
    assert profile.leaderboard.device == "cpu"


def test_a_variants_own_device_stays_as_declared_today(project: Project) -> None:
    variant = project.declared.variants[VARIANT]
    own = variant.model_copy(update={"training": variant.training.model_copy(update={"device": "auto"})})
    here = replace(project, declared=replace(project.declared, variants={**project.declared.variants, VARIANT: own}))
    again = put_back(here, recorded(here, "adapters/sft", VARIANT, learning_rate=0.5)).declared
    settings = training_settings(again.variants[VARIANT], again.profile)
    assert (settings.device, settings.learning_rate) == ("auto", 0.5)


def test_another_parameter_that_cannot_be_put_back_is_named(project: Project) -> None:
    version = recorded(project, "responses/sg_safety", VARIANT, forgotten=3)
    with pytest.raises(SgAssetsError, match="forgotten cannot be put back"):
        require_recorded(recipe(put_back(project, version), version), version, project.declared)
