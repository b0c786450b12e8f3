import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.release.release_folder import write_release_folder
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing

CONFIG = {"base_model_name_or_path": "models/chat[base]@0b", "peft_type": "LORA", "revision": None}
FILES = {
    "adapters/sft[sft_r16]": {"adapter_model.safetensors": "weights", "adapter_config.json": json.dumps(CONFIG)},
    "models/chat[base]": {"config.json": "{}"},
    "reports/model_card[sft_r16]": {"README.md": "# sft_r16\n"},
}


def writing_files(files: dict[str, str]) -> Callable[[Workspace], None]:
    def write(workspace: Workspace) -> None:
        workspace.result_folder.mkdir()
        for name, text in files.items():
            (workspace.result_folder / name).write_text(text)

    return write


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


@pytest.fixture
def made(store: Store) -> dict[str, Manifest]:
    """A table, the adapter and the card made from it, and the chat model."""
    step(store, "raw/t", writing(ROWS))
    return {
        name: step(store, name, writing_files(files), ["raw/t"], made_by=recipe(key=())).manifest
        for name, files in FILES.items()
    }


@pytest.fixture
def release(store: Store, made: dict[str, Manifest]) -> Manifest:
    """Published."""

    def write(workspace: Workspace) -> None:
        adapter, base, card = (workspace.input_path(name.split("[")[0]) for name in FILES)
        write_release_folder(
            workspace.result_folder, adapter=adapter, base=base, card=card / "README.md", store=store,
            made_from=list(made.values()),
        )  # fmt: skip

    return step(store, "reports/release[sft_r16]", write, list(FILES), made_by=recipe(key=())).manifest
