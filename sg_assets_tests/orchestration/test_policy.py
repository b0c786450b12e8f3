"""What the policy adds to every asset."""

from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import load_project


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dg.AssetSpec]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SG_PROFILE", "demo")
        patch.setenv("SG_HOME", str(tmp_path_factory.mktemp("home")))
        definitions = build_definitions(load_project())
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


@pytest.mark.parametrize(
    ("asset", "work"), [("adapters/sft", "gpu"), ("templated/prompts", "cheap"), ("scores/sg_safety_items", "cheap")]
)
def test_an_asset_is_tagged_with_its_profile_and_the_cost_of_its_work(
    specs: dict[str, dg.AssetSpec], asset: str, work: str
) -> None:
    assert specs[asset].tags["profile"] == "demo"
    assert specs[asset].tags["work"] == work


def test_an_sql_asset_and_its_extra_outputs_have_the_code_version_of_the_sql(specs: dict[str, dg.AssetSpec]) -> None:
    assert specs["scores/sg_safety"].code_version
    assert specs["scores/sg_safety"].code_version == specs["scores/sg_safety_items"].code_version
    assert specs["adapters/sft"].code_version is None


def test_every_asset_links_to_its_declaration_and_its_work(specs: dict[str, dg.AssetSpec]) -> None:
    references = specs["judges/toxicity"].metadata["dagster/code_references"].code_references
    files = [Path(reference.file_path) for reference in references]
    assert all(file.is_file() for file in files)
    assert files[0].name == "toxicity.yaml"
