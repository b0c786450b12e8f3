"""The models among a step's inputs."""

from pathlib import Path

from sg_assets.generation.pinned_models import variant_models
from sg_assets_tests.generation.prompt_tables import folder
from sg_assets_tests.store.steps import new_store, workspace


def test_a_variant_has_a_chat_model_and_the_adapter_it_pins(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    chat, adapter = folder(store, "models/chat[base]"), folder(store, "adapters/kto[kto]", "{ }")
    with workspace(store, "responses/b[kto]", chat, adapter) as work:
        assert variant_models(work) == ((chat, store.path(chat)), (adapter, store.path(adapter)))


def test_base_has_no_adapter(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    chat = folder(store, "models/chat[base]")
    with workspace(store, "responses/b[base]", chat) as work:
        assert variant_models(work) == ((chat, store.path(chat)), None)
