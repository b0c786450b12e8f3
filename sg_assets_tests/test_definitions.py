"""What Dagster loads."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import dagster as dg
import pytest
import yaml

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import load_project
from sg_assets_tests.paths import PROJECT

HEAVY = {
    "torch", "transformers", "peft", "trl", "pandas", "datasets", "great_expectations", "sklearn", "matplotlib",
    "huggingface_hub", "lm_eval", "apprise",
}  # fmt: skip
ONLY_WORKED_WITH = {"polars", "pyarrow", "numpy", "scipy", "jinja2", "psutil", "httpx", "requests"}


@pytest.fixture
def definitions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dg.Definitions:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    return build_definitions(load_project())


@pytest.mark.slow
def test_loading_definitions_imports_nothing_heavy() -> None:
    script = "import json, sys, sg_assets.definitions as d; d.defs(); print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(json.loads(ended.stdout))


@pytest.mark.slow
def test_importing_definitions_imports_no_library_that_only_the_work_needs() -> None:
    script = "import json, sys, sg_assets.definitions; print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ONLY_WORKED_WITH.isdisjoint(json.loads(ended.stdout))


@pytest.mark.slow
def test_loading_definitions_leaves_the_search_for_garbage_on() -> None:
    script = "import gc, sg_assets.definitions as d; d.defs(); print(gc.isenabled())"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "True\n"


def test_both_ways_to_load_give_the_location_one_name() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    loaded = yaml.safe_load((PROJECT / "workspace.yaml").read_text())["load_from"][0]["python_module"]
    assert project["code_location_name"] == loaded["location_name"] == "sg_assets"
    assert f"{project['root_module']}.definitions" == loaded["module_name"]


@pytest.mark.slow
def test_importing_work_modules_imports_no_dagster() -> None:
    script = """
import importlib, json, pkgutil, sys, sg_assets
work = (
    "declarations", "store", "ingest", "generation", "hub", "embedding", "judging", "training", "statistics",
    "reports", "demo", "lineage", "leaderboard", "release", "alerts", "status", "quality", "tables", "text",
)
for part in work:
    package = importlib.import_module(f"sg_assets.{part}")
    for module in pkgutil.walk_packages(package.__path__, f"sg_assets.{part}."):
        importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "dagster" not in json.loads(ended.stdout)


def test_loading_definitions_writes_nothing(definitions: dg.Definitions, tmp_path: Path) -> None:
    assert not (tmp_path / "home").exists()


def test_every_asset_says_what_it_is_and_belongs_to_its_schema(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.description
        assert spec.group_name == spec.key.path[0]


def test_every_table_shows_its_columns_and_what_they_are_made_of(definitions: dg.Definitions) -> None:
    specs = {"/".join(spec.key.path): spec for spec in definitions.resolve_all_asset_specs()}
    metadata = specs["training/dpo_pairs"].metadata
    schema = metadata["dagster/column_schema"].schema
    assert [column.name for column in schema.columns][:4] == ["example_id", "prompt_id", "text_id", "split"]
    assert schema.columns[-1].description.endswith(
        "From synthesized/base_responses.response, synthesized/safe_prompt_rejections.response."
    )
    deps = metadata["dagster/column_lineage"].column_lineage.deps_by_column["text_id"]
    assert deps == [dg.TableColumnDep(dg.AssetKey(["training", "mix_prompts"]), "text_id")]
    tables = {name for name, spec in specs.items() if "dagster/column_schema" in spec.metadata}
    folders = {"models", "judges", "adapters", "reports"}
    assert {name.split("/")[0] for name in specs.keys() - tables} == folders


def test_training_and_generation_wait_for_the_gpu_pool(definitions: dg.Definitions) -> None:
    pools = {
        "/".join(key.path): asset.op.pool
        for asset in definitions.assets or []
        if isinstance(asset, dg.AssetsDefinition)
        for key in asset.keys
    }
    assert {name for name, pool in pools.items() if pool == "gpu"} == {
        "models/chat", "adapters/sft", "adapters/kto", "adapters/dpo", "synthesized/base_responses",
        "responses/sg_safety", "responses/template_stress", "responses/toxigen", "scores/leaderboard",
        "scores/leaderboard_items",
    }  # fmt: skip


def test_assets_say_what_their_work_takes(definitions: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
    assert specs["adapters/kto"].tags["work"] == "gpu"
    assert specs["judgements/toxigen"].tags["work"] == "cheap"


def test_there_is_a_job_for_each_errand_and_it_asks_for_one_key_at_most(definitions: dg.Definitions) -> None:
    keys = {
        job.name: None if job.partitions_def is None else set(job.partitions_def.get_partition_keys())
        for job in definitions.get_repository_def().get_all_jobs()
    }
    assert {"build_data", "train_chat_models", "train_sft", "train_kto", "train_dpo", "evaluate", "report"} < set(keys)
    assert keys["build_data"] is keys["report"] is None
    assert keys["train_kto"] == {"kto", "sft_kto", "sft_kto_sym"}
    assert keys["evaluate"] is not None
    assert "base" in keys["evaluate"]
