"""Folders of one's own: listed by digest, wherever they lie."""

import os
import shutil
from pathlib import Path

import pytest

from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.errors import SgAssetsError
from sg_assets.hub.fetch import folder_of_list
from sg_assets.hub.file_list import PinnedFiles
from sg_assets.hub.model_folders import folder_of, pin_folder
from sg_assets.hub.pin_step import pin
from sg_assets.weights.packages import EMBEDDER
from sg_assets_tests.hub.folders import CHAT, model_folder_at
from sg_assets_tests.hub.server import sha256
from sg_assets_tests.paths import real_model


def pinned(path: str, root: Path) -> PinnedFiles:
    return pin_folder(path, root, lambda names: tuple(sorted(set(names) & set(CHAT))))


def refused(path: str, root: Path, choose: tuple[str, ...] = tuple(CHAT)) -> str:
    with pytest.raises(SgAssetsError) as error:
        pin_folder(path, root, lambda _: choose)
    return str(error.value)


def test_files_are_listed_by_size_and_digest(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "mine")
    files = {file.name: (file.size, file.sha256) for file in pinned("mine", tmp_path).files}
    assert files == {name: (len(content), sha256(content)) for name, content in CHAT.items()}


def test_an_absolute_path_needs_no_root(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "mine")
    assert pinned(str(tmp_path / "mine"), Path("/nowhere")) == pinned("mine", tmp_path)


def test_equal_content_elsewhere_is_the_same_list(tmp_path: Path) -> None:
    first = pinned("mine", model_folder_at(tmp_path / "mine").parent)
    shutil.copytree(tmp_path / "mine", tmp_path / "elsewhere" / "theirs")
    shutil.rmtree(tmp_path / "mine")
    assert pinned("elsewhere/theirs", tmp_path) == first
    assert folder_of(first) == tmp_path / "elsewhere" / "theirs"


def test_no_path_of_the_machine_is_in_the_list(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "mine")
    listed = pin(ModelFiles(path="mine"), tmp_path)
    listed.write(tmp_path)
    text = (tmp_path / "hub.json").read_text()
    assert str(tmp_path) not in text
    assert "mine" not in text


def test_a_changed_file_is_another_list(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    before = pinned("mine", tmp_path)
    (folder / "config.json").write_bytes(CHAT["config.json"].replace(b"llama", b"gemma"))
    assert pinned("mine", tmp_path) != before


def test_a_model_is_loaded_from_its_listed_files_alone(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "mine", adapter_config__json=b"{}", modeling__py=b"", extra__pt=b"", generation__md=b"")
    listed = pin(ModelFiles(path="mine"), tmp_path)
    (tmp_path / "mine" / "generation_config.json").write_bytes(b"{}")  # written after it was pinned
    folder = folder_of_list(listed).path
    assert {path.name for path in folder.iterdir()} == {*CHAT, "adapter_config.json"}
    assert (folder / "model.safetensors").read_bytes() == CHAT["model.safetensors"]


def test_small_files_of_a_folder_come_without_its_weights(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    listed = pin(ModelFiles(path="mine"), tmp_path)
    (folder / "model.safetensors").unlink()
    assert {path.name for path in folder_of_list(listed, with_weights=False).path.iterdir()} == {
        "config.json", "tokenizer.json", "tokenizer_config.json"
    }  # fmt: skip


def test_a_changed_folder_is_not_loaded_as_the_pinned_one(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    listed = pin(ModelFiles(path="mine"), tmp_path)
    (folder / "model.safetensors").write_bytes(b"other")
    with pytest.raises(
        SgAssetsError, match=r"'model\.safetensors' is not the file that was pinned.*as another version"
    ):
        folder_of_list(listed)


def test_a_folder_that_is_gone_is_named_by_its_files(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "mine")
    listed = pin(ModelFiles(path="mine"), tmp_path)
    shutil.rmtree(tmp_path / "mine")
    with pytest.raises(SgAssetsError, match=r"the model's folder is gone.*SG_WEIGHTS"):
        folder_of_list(listed)


def test_a_folder_that_this_machine_never_saw_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model_folder_at(tmp_path / "mine")
    listed = pin(ModelFiles(path="mine"), tmp_path)
    monkeypatch.setattr("huggingface_hub.constants.HF_ASSETS_CACHE", str(tmp_path / "other machine"))
    with pytest.raises(SgAssetsError, match=r"model\.safetensors, sha256 .*not on this machine"):
        folder_of_list(listed)
    pin(ModelFiles(path="mine"), tmp_path)
    assert folder_of_list(listed).path.is_dir()


def test_a_folder_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "SmolLM2")
    error = refused("SmolLM", tmp_path)
    assert "path SmolLM: there is no such folder" in error
    assert "SG_WEIGHTS" in error
    assert "Did you mean 'SmolLM2'?" in error


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    assert "a folder is needed" in refused("model.safetensors", tmp_path)


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    (folder / "model.safetensors").rename(tmp_path / "weights")
    (folder / "model.safetensors").symlink_to(tmp_path / "weights")
    assert "'model.safetensors' is a link that leaves the folder" in refused("mine", tmp_path)


def test_a_linked_folder_that_leaves_is_refused(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    model_folder_at(tmp_path / "other")
    (folder / "1_Pooling").symlink_to(tmp_path / "other")
    assert "is a link that leaves the folder" in refused("mine", tmp_path, (*CHAT, "1_Pooling/config.json"))


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    (folder / "model.safetensors").rename(folder / "real")
    (folder / "model.safetensors").symlink_to("real")
    assert pinned("mine", tmp_path).bytes == sum(map(len, CHAT.values()))


def test_a_pipe_is_no_file_of_a_model(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")
    assert "'config.json' is no file" in refused("mine", tmp_path)


def test_links_in_circles_come_to_an_end(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    (folder / "again").symlink_to(folder)
    assert pinned("mine", tmp_path).bytes == sum(map(len, CHAT.values()))


def test_a_folder_of_many_models_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sg_assets.hub.model_folders._MOST_FILES", 3)
    model_folder_at(tmp_path / "mine")
    assert "more than 3 files" in refused("mine", tmp_path)


@pytest.mark.real
@pytest.mark.slow
def test_a_real_embedder_is_loaded_from_its_folder(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    source = real_model(EMBEDDER)
    listed = pin(ModelFiles(path=source.name), source.parent)
    names = {file.name for file in listed.files}
    assert {"1_Pooling/config.json", "modules.json", "model.safetensors", "vocab.txt"} <= names
    assert "README.md" not in names
    folder = folder_of_list(listed).path
    assert (folder / "1_Pooling" / "config.json").is_file()
    vectors = []
    for path in (source, folder):
        tokens = AutoTokenizer.from_pretrained(path)("Can lah, no problem.", return_tensors="pt")
        with torch.inference_mode():
            vectors.append(AutoModel.from_pretrained(path, use_safetensors=True)(**tokens).last_hidden_state)
    assert torch.equal(*vectors)
