"""``models/chat`` of a profile that takes its chat model from the hub, materialized through Dagster."""

import shutil
from pathlib import Path

import dagster as dg
import pytest
import yaml

from sg_assets.definitions import build_definitions
from sg_assets.hub.file_list import read_file_list
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.project_status import project_survey
from sg_assets.status.partition_status import State
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.workspace import Workspace
from sg_assets.training.adapter_step import training_spec
from sg_assets_tests.hub.conftest import NAME, TOKEN, hub
from sg_assets_tests.hub.server import COMMIT, Hub
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

__all__ = ["hub"]
BASE = Ref.parse("models/chat[base]")


@pytest.fixture
def project(hub: Hub, micro_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The tiny profile with its base from a hub on the loopback address, which wants a token."""
    hub.repos[NAME].files |= {file.name: file.read_bytes() for file in micro_model.iterdir()}
    for part in ("models", "sql"):
        shutil.copytree(PROJECT / part, tmp_path / "project" / part)
    path = tmp_path / "project" / "models" / "profiles" / "tiny.yaml"
    profile = yaml.safe_load(path.read_text())
    del profile["pretraining"]
    profile["chat_models"] = {"base": {"hub": {"repo": NAME, "revision": "main"}}}
    profile["demo_judges_score_real_models"] = True
    profile["generation"]["max_prompt_tokens"] = 400
    path.write_text(yaml.safe_dump(profile))
    hub.repos[NAME].needs = TOKEN
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.endpoint)
    files = hub.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", files)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    environment = {"SG_PROJECT": path.parents[2], "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny", "HF_TOKEN": TOKEN}
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    return load_project()


@pytest.fixture
def with_folder(project: Project, micro_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The same with its base from a folder."""
    path = tmp_path / "project" / "models" / "profiles" / "tiny.yaml"
    profile = yaml.safe_load(path.read_text())
    profile["chat_models"] = {"base": {"hub": {"path": "mine"}}}
    profile["demo_judges_score_real_models"] = True
    path.write_text(yaml.safe_dump(profile))
    shutil.copytree(micro_model, tmp_path / "weights" / "mine")
    monkeypatch.setenv("SG_WEIGHTS", str(tmp_path / "weights"))
    return load_project()


def status(project: Project) -> tuple[State, list[str]]:
    stand = project_survey(project, asset_defs_of(project))[BASE]
    return stand.state, [cause.name for cause in stand.causes]


def test_a_folder_s_version_is_the_list_of_its_files_wherever_it_lies(
    with_folder: Project, micro_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = materialized(with_folder)
    assert set(first.files) == {"hub.json"}
    assert {row["name"] for row in first.parameters["files"]} == {path.name for path in micro_model.iterdir()}
    records = [path for path in (tmp_path / "home").rglob("*.json") if "manifests" in path.parts]
    assert records
    assert not [path for path in records if str(tmp_path) in path.read_text()]
    (tmp_path / "weights").rename(tmp_path / "moved")
    monkeypatch.setenv("SG_WEIGHTS", str(tmp_path / "moved"))
    assert status(load_project()) == (State.CURRENT, [])
    assert materialized(load_project()).version == first.version


def test_a_changed_folder_is_out_of_date_and_another_version(
    with_folder: Project, micro_model: Path, tmp_path: Path
) -> None:
    first = materialized(with_folder)
    (tmp_path / "weights" / "mine" / "model.safetensors").write_bytes(b"tuned")
    state, causes = status(with_folder)
    assert (state, causes) == (State.OUTDATED, ["model.safetensors"])
    again = materialized(with_folder)
    assert again.version != first.version
    (tmp_path / "weights" / "mine" / "model.safetensors").write_bytes((micro_model / "model.safetensors").read_bytes())
    assert materialized(with_folder).version == first.version


def test_a_folder_that_is_gone_blocks_the_step_and_says_so(with_folder: Project, tmp_path: Path) -> None:
    (tmp_path / "weights" / "mine").rename(tmp_path / "weights" / "mine2")
    blocked = project_survey(with_folder, asset_defs_of(with_folder))[BASE].blocked
    assert blocked is not None
    assert "path mine: there is no such folder" in blocked
    assert "Did you mean 'mine2'?" in blocked


def materialized(project: Project) -> Manifest:
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        job.execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(["models", "chat"])], partition_key="base"
        )
    return project.store.required_head(BASE)


def test_a_version_is_the_list_of_the_model_s_files(project: Project) -> None:
    manifest = materialized(project)
    assert set(manifest.files) == {"hub.json"}
    snapshot = read_file_list(project.store.path(manifest) / "hub.json")
    assert (snapshot.repo, snapshot.commit) == (NAME, COMMIT)
    files = {"commit": COMMIT, "files": len(snapshot.files), "model_bytes": snapshot.bytes}
    assert {name: manifest.details[name] for name in files} == files
    assert manifest.details["chat"]["stops"] == ["<|eot_id|>"]
    assert manifest.parameters == {"repo": NAME, "revision": "main", "trust_remote_code": False}


def test_the_token_is_in_no_file(project: Project, tmp_path: Path) -> None:
    materialized(project)
    written = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if TOKEN.encode() in path.read_bytes()]


def test_a_branch_that_moves_on_moves_no_version(project: Project, hub: Hub) -> None:
    first = materialized(project)
    hub.repos[NAME].commit = "f" * 40
    assert materialized(project).version == first.version


def test_a_training_starts_from_the_files_the_hub_gave(project: Project, tmp_path: Path) -> None:
    manifest = materialized(project)
    inputs = {"models/chat": [manifest], "training/sft_examples": [manifest]}
    workspace = Workspace((Ref.parse("adapters/sft[sft_r128]"),), inputs, project.store, tmp_path, {})
    declared = project.declared
    spec = training_spec(workspace, declared.variants["sft_r128"], declared.profile, tmp_path / "kept")
    assert (spec.base_model / "model.safetensors").is_file()
    assert not spec.trust_remote_code
    assert spec.base_id == f"models/chat[base]@{manifest.fingerprint}"
