"""Files of adapters, in a folder and in a repository."""

from pathlib import Path

import pytest

from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.errors import SgAssetsError
from sg_assets.hub.adapter_files import adapter_names, folder_files, pin_adapter
from sg_assets_tests.hub.server import COMMIT, Hub, Repo, sha256

FILES = {
    "adapter_config.json": b"{}",
    "adapter_model.safetensors": b"matrices",
    "tokenizer_config.json": b"{}",
    "training_args.bin": b"pickle",
    "README.md": b"# Mine",
}
NEEDED = ["adapter_config.json", "adapter_model.safetensors", "tokenizer_config.json"]


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["adapter_config.json", "adapter_model.bin"], "adapter_model.bin: loading pickled weights can run any code"),
        (["adapter_model.safetensors"], "there is no adapter_config.json"),
        (["config.json", "model.safetensors"], "Declare it under chat_models"),
    ],
)
def test_what_is_no_adapter_is_refused(names: list[str], says: str) -> None:
    with pytest.raises(SgAssetsError) as error:
        adapter_names(names, "team/lora@main")
    assert says in str(error.value)


def test_a_folder_is_pinned_by_the_files_that_an_adapter_needs(tmp_path: Path) -> None:
    (tmp_path / "lora").mkdir()
    for name, content in FILES.items():
        (tmp_path / "lora" / name).write_bytes(content)
    rows = folder_files(AdapterSource(path="lora"), tmp_path)
    assert [row["name"] for row in rows] == NEEDED
    assert rows[1] == {"name": NEEDED[1], "bytes": 8, "sha256": sha256(b"matrices")}


def test_a_repository_is_pinned_by_its_commit(hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.endpoint)
    hub.repos["team/lora"] = Repo(dict(FILES))
    source = AdapterSource(repo="team/lora", revision="main")
    pinned = pin_adapter(source, tmp_path)
    assert (pinned.commit, [file.name for file in pinned.files]) == (COMMIT, NEEDED)
    assert folder_files(source, tmp_path) == []
