"""The step that pins a chat model of the hub."""

from pathlib import Path

import pytest

from sg_assets.chat.chat_settings import ChatSettings, read_chat_settings
from sg_assets.chat.pinned_chat import pin_chat_model
from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.declarations.token_needs import TokenNeed
from sg_assets.errors import SgAssetsError
from sg_assets.store.workspace import Workspace
from sg_assets_tests.hub.conftest import NAME, hub
from sg_assets_tests.hub.server import Hub
from sg_assets_tests.store.steps import new_store, workspace

pytestmark = pytest.mark.slow
__all__ = ["hub"]
PLAIN = ChatSettings()
NEEDS = (TokenNeed("models/profiles/tiny.yaml, training.defaults.max_length", 500),)


@pytest.fixture
def served(hub: Hub, micro_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub that has the micro model."""
    hub.repos[NAME].files = {file.name: file.read_bytes() for file in micro_model.iterdir()}
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.endpoint)
    files = hub.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", files)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return hub


def pinned(work: Workspace, settings: ChatSettings = PLAIN, needs: tuple[TokenNeed, ...] = NEEDS) -> None:
    pin_chat_model(work, ModelFiles(repo=NAME, revision="main"), Path("/nowhere"), settings, needs)


def test_what_was_decided_of_its_chats_is_noted_and_no_weights_are_fetched(served: Hub, tmp_path: Path) -> None:
    with workspace(new_store(tmp_path), "models/chat[base]") as work:
        pinned(work)
        assert [file.name for file in work.result_folder.iterdir()] == ["hub.json"]
        assert work.details["chat"] == {
            "stops": ["<|eot_id|>"], "pad": "<|finetune_right_pad_id|>", "context": 512, "takes_system_message": True,
            "generation_config": {},
        }  # fmt: skip
    asked = [path for _, path, _ in served.requests if "/resolve/" in path]
    assert asked
    assert not [path for path in asked if path.endswith(".safetensors")]


def test_what_is_declared_stands_beside_the_list_of_files(served: Hub, tmp_path: Path) -> None:
    settings = ChatSettings(declared=ChatDeclaration(system="Be kind.", stops=("<|end_header_id|>",)))
    with workspace(new_store(tmp_path), "models/chat[base]") as work:
        pinned(work, settings)
        assert read_chat_settings(work.result_folder) == settings
        assert set(work.details["chat"]["stops"]) == {"<|eot_id|>", "<|end_header_id|>"}


def test_a_model_without_a_template_is_refused_when_it_is_pinned(served: Hub, tmp_path: Path) -> None:
    del served.repos[NAME].files["chat_template.jinja"]
    with workspace(new_store(tmp_path), "models/chat[base]") as work, pytest.raises(SgAssetsError) as caught:
        pinned(work)
    assert f"{NAME}@main: the model has no chat template" in str(caught.value)


def test_what_is_longer_than_the_model_takes_is_refused_when_it_is_pinned(served: Hub, tmp_path: Path) -> None:
    longer = TokenNeed("models/profiles/tiny.yaml, training.defaults.max_length", 513)
    with workspace(new_store(tmp_path), "models/chat[base]") as work, pytest.raises(SgAssetsError) as caught:
        pinned(work, needs=(longer,))
    assert "training.defaults.max_length is 513 tokens" in str(caught.value)
