"""What Dagster may start by itself, and what not."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import Project, load_project
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

VARIANT = """\
description: KTO on the SFT model at half the learning rate
method: kto
parent: sft_r128
mix: unsafe_only
rank: 128
training: {learning_rate: 0.00025}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("models", "sql"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    for name, value in {"SG_PROJECT": tmp_path, "SG_HOME": tmp_path / "home", "SG_PROFILE": "demo"}.items():
        monkeypatch.setenv(name, str(value))
    return tmp_path


def asking(folder: Path) -> Project:
    """The project with a variant that asks for automation."""
    (folder / "models/variants/kto_gentle.yaml").write_text(f"{VARIANT}auto: on_missing\n")
    return load_project()


def made(instance: dg.DagsterInstance, asset: str, partition: str | None, version: str = "1") -> None:
    key = dg.AssetKey(asset.split("/"))
    tags = {"dagster/data_version": version, "dagster/data_version_is_user_provided": "true"}
    instance.report_runless_asset_event(dg.AssetMaterialization(key, partition=partition, tags=tags))


def requested(
    definitions: dg.Definitions, instance: dg.DagsterInstance, asset: str, cursor: object = None
) -> tuple[set[str], object]:
    selection = dg.AssetSelection.assets(dg.AssetKey(asset.split("/")))
    result = dg.evaluate_automation_conditions(definitions, instance, selection, cursor=cursor)  # type: ignore[arg-type]
    [evaluation] = [evaluated for evaluated in result.results if evaluated.key == dg.AssetKey(asset.split("/"))]
    subset = evaluation.true_subset
    if subset.is_partitioned:
        return set(subset.expensively_compute_partition_keys()), result.cursor
    return set() if subset.is_empty else {""}, result.cursor


def parents_made(instance: dg.DagsterInstance) -> None:
    made(instance, "models/chat", "base")
    made(instance, "adapters/sft", "sft_r128")
    for mix in ("balanced", "unsafe_only"):
        made(instance, "training/kto_examples", mix)


def test_nothing_that_trains_or_generates_starts_by_itself_as_shipped(folder: Path) -> None:
    for spec in build_definitions(load_project()).resolve_all_asset_specs():
        if spec.tags.get("work") != "cheap":
            assert spec.automation_condition is None


def test_both_sensors_are_off_by_default(folder: Path) -> None:
    repository = build_definitions(asking(folder)).get_repository_def()
    statuses = {sensor.name: sensor.default_status for sensor in repository.sensor_defs if sensor.name != "dead_runs"}
    assert statuses["cheap_work"] == statuses["new_variants"] == dg.DefaultSensorStatus.STOPPED


def test_a_variant_that_asks_for_it_is_trained_once_its_parents_are_there_and_no_other_is(folder: Path) -> None:
    definitions = build_definitions(asking(folder))
    with dg.DagsterInstance.ephemeral() as instance:
        assert requested(definitions, instance, "adapters/kto")[0] == set()
        parents_made(instance)
        assert requested(definitions, instance, "adapters/kto")[0] == {"kto_gentle"}
        made(instance, "adapters/kto", "kto_gentle")
        assert requested(definitions, instance, "adapters/kto")[0] == set()


def test_the_mix_that_it_learns_from_is_made_for_it(folder: Path) -> None:
    definitions = build_definitions(asking(folder))
    with dg.DagsterInstance.ephemeral() as instance:
        for asset in ("synthesized/base_responses", "synthesized/safe_responses", "synthesized/safe_prompt_rejections"):
            made(instance, asset, None)
        for asset in ("templated/prompts", "templated/splits", "raw/sg_toxicity_prompts"):
            made(instance, asset, None)
        made(instance, "training/mix_prompts", "unsafe_only")
        made(instance, "training/mix_prompts", "balanced")
        assert requested(definitions, instance, "training/kto_examples")[0] == {"unsafe_only"}


def test_cheap_work_follows_other_content_and_not_a_rerun_with_the_same(folder: Path) -> None:
    definitions = build_definitions(load_project())
    asset, reads = "templated/prompts", ("raw/sg_toxicity_prompts", "templated/templates")
    with dg.DagsterInstance.ephemeral() as instance:
        for name in (*reads, asset):
            made(instance, name, None)
        _, cursor = requested(definitions, instance, asset)
        made(instance, reads[1], None)
        same, cursor = requested(definitions, instance, asset, cursor)
        made(instance, reads[1], None, version="2")
        other, _ = requested(definitions, instance, asset, cursor)
    assert (same, other) == (set(), {""})
