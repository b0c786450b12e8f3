"""Folders of raw files as external assets."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.source_freshness import observe_source
from sg_assets.declarations.asset_names import COMMENT_FILES
from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.declarations.records.model import ChatModel
from sg_assets.declarations.records.model_files import FileSource, ModelFiles
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.external_sources import chat_model_folders, external_sources
from sg_assets.orchestration.project import Project, load_project
from sg_assets_tests.hub.folders import CHAT, model_folder_at


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "tiny")


def test_generated_data_has_no_external_source() -> None:
    assert external_sources(load_project()) == []


def test_a_folder_of_comments_is_a_source_of_its_files(dump: Path) -> None:
    [source] = external_sources(load_project())
    assert (source.asset, source.key.path) == (COMMENT_FILES, ["raw", "comment_files"])
    assert source.files() == [("comments.csv", dump / "comments.csv")]


def test_the_files_of_an_emptied_folder_cannot_be_listed(dump: Path) -> None:
    [source] = external_sources(load_project())
    (dump / "comments.csv").unlink()
    with pytest.raises(SgAssetsError):
        source.files()


@pytest.fixture
def with_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with its base from a folder, another model with a tokenizer from one, and an imported adapter."""
    monkeypatch.setenv("SG_WEIGHTS", str(tmp_path / "weights"))
    folder = model_folder_at(tmp_path / "weights" / "mine")
    model_folder_at(folder, {"adapter_config.json": b"{}", "adapter_model.safetensors": b"adapter"})
    project = load_project()
    profile, sft = project.declared.profile, project.declared.variants["sft_r128"]
    hub = ModelFiles(repo="sg/x", revision="main", tokenizer=FileSource(path="mine"))
    chat_models = {"base": ChatModel(hub=ModelFiles(path="mine")), "other": ChatModel(hub=hub)}
    adapter = sft.model_copy(update={"adapter": AdapterSource(path="mine")})
    declared = replace(
        project.declared,
        profile=profile.model_copy(update={"chat_models": {**profile.chat_models, **chat_models}}),
        variants={**project.declared.variants, "sft_r128": adapter},
    )
    return replace(project, declared=declared)


@pytest.mark.slow
def test_folders_of_models_are_sources_of_the_files_that_are_pinned(with_folders: Project, tmp_path: Path) -> None:
    folder = tmp_path / "weights" / "mine"
    files = {source.asset: source.files() for source in external_sources(with_folders)}
    assert files == {
        "model_folders/chat_base": [(name, folder / name) for name in sorted((*CHAT, "adapter_config.json"))],
        "model_folders/chat_other": [
            (f"tokenizer/{name}", folder / name) for name in ("config.json", "tokenizer.json", "tokenizer_config.json")
        ],
        "model_folders/adapter_sft_r128": [
            (name, folder / name)
            for name in ("adapter_config.json", "adapter_model.safetensors", "tokenizer_config.json")
        ],
    }


@pytest.mark.slow
def test_chat_models_depend_on_their_folders(with_folders: Project) -> None:
    declared = asset_defs_of(with_folders)["models/chat"].external_sources
    assert declared == ("model_folders/chat_base", "model_folders/chat_other")


@pytest.mark.slow
def test_a_changed_folder_is_a_new_observation(with_folders: Project, tmp_path: Path) -> None:
    [source, _] = chat_model_folders(with_folders)
    with closing(AlertDatabase(tmp_path / "alerts.sqlite")) as database:
        digests = [observe_source(database, source.asset, source.files(), datetime.now(UTC)).digest for _ in range(2)]
        (tmp_path / "weights" / "mine" / "config.json").write_bytes(b"{}")
        digests.append(observe_source(database, source.asset, source.files(), datetime.now(UTC)).digest)
    assert digests[0] == digests[1] != digests[2]
