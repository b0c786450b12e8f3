"""The step that pins what was made elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.declarations.records.model_files import FileSource, ModelFiles
from sg_assets.errors import SgAssetsError
from sg_assets.hub.fetch import folder_of_list, model_folder
from sg_assets.hub.file_list import read_file_list
from sg_assets.hub.pin_step import folder_parameters, pin, pin_model
from sg_assets_tests.hub.conftest import NAME
from sg_assets_tests.hub.folders import CHAT, model_folder_at
from sg_assets_tests.hub.server import COMMIT, Hub, Repo, serving, sha256
from sg_assets_tests.store.steps import new_store, workspace

HATEBERT = {
    "config.json": b'{"model_type": "bert"}', "model.safetensors": b"weights", "vocab.txt": b"<|endoftext|>",
    "special_tokens_map.json": b"{}",
}  # fmt: skip
BERT = {
    "config.json": b'{"model_type": "bert"}', "pytorch_model.bin": b"pickle", "vocab.txt": b"[CLS]",
    "tokenizer_config.json": b'{"do_lower_case": true}',
}  # fmt: skip
MINI_LM = {
    **BERT, "model.safetensors": b"weights", "modules.json": b"[]", "1_Pooling/config.json": b"{}",
    "onnx/model.onnx": b"onnx", "../escape.json": b"{}",
}  # fmt: skip


@pytest.fixture
def usual(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The hub that everything asks that names no other."""
    repos = {"tomh/hatebert": Repo(HATEBERT), "google/bert": Repo(BERT), "st/mini": Repo(MINI_LM), **hub.repos}
    with serving(repos) as running:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", running.endpoint)
        files = running.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", files)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
        yield running


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("usual")
def test_a_branch_is_pinned_by_its_commit_and_files(tmp_path: Path) -> None:
    with workspace(new_store(tmp_path), "models/chat[base]") as work:
        pin_model(work, ModelFiles(repo=NAME, revision="main"), tmp_path)
        listed = read_file_list(work.result_folder / "hub.json")
        assert work.details == {"commit": COMMIT, "files": len(listed.files), "model_bytes": listed.bytes}
    assert (listed.repo, listed.commit) == (NAME, COMMIT)


@pytest.mark.usefixtures("usual")
def test_a_tokenizer_of_another_repository_replaces_the_model_s_own(tmp_path: Path) -> None:
    tokenizer = FileSource(repo="google/bert", revision="main")
    listed = pin(ModelFiles(repo="tomh/hatebert", revision="main", tokenizer=tokenizer), tmp_path)
    listed.write(tmp_path)
    assert contents(model_folder(tmp_path).path) == {
        "config.json": HATEBERT["config.json"],
        "model.safetensors": b"weights",
        "vocab.txt": b"[CLS]",
        "tokenizer_config.json": BERT["tokenizer_config.json"],
    }
    assert read_file_list(tmp_path / "hub.json") == listed
    assert listed.tokenizer is not None
    assert (listed.tokenizer.repo, listed.tokenizer.commit) == ("google/bert", COMMIT)


@pytest.mark.usefixtures("usual")
def test_a_tokenizer_from_a_folder_goes_with_a_model_of_the_hub(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "mine", BERT)
    declared = ModelFiles(repo="tomh/hatebert", revision="main", tokenizer=FileSource(path="mine"))
    assert contents(folder_of_list(pin(declared, tmp_path)).path)["vocab.txt"] == b"[CLS]"
    rows = folder_parameters(declared, tmp_path)["tokenizer_files"]
    assert [row["name"] for row in rows] == ["config.json", "tokenizer_config.json", "vocab.txt"]


@pytest.mark.usefixtures("usual")
def test_a_tokenizer_of_another_class_is_refused_when_it_is_resolved(tmp_path: Path) -> None:
    tokenizer = FileSource(repo="google/bert", revision="main")
    with pytest.raises(SgAssetsError, match=rf"google/bert@{COMMIT}: the tokenizer does not say of which class"):
        pin(ModelFiles(repo=NAME, revision="main", tokenizer=tokenizer), tmp_path)


@pytest.mark.usefixtures("usual")
def test_a_sentence_embedder_arrives_with_its_sub_folders(tmp_path: Path) -> None:
    listed = pin(ModelFiles(repo="st/mini", revision="main"), tmp_path)
    expected = {name: content for name, content in MINI_LM.items() if name not in
                ("pytorch_model.bin", "onnx/model.onnx", "../escape.json")}  # fmt: skip
    assert contents(folder_of_list(listed).path) == expected
    assert contents(folder_of_list(listed).path) == expected  # from the cache


def test_small_files_come_without_the_weights(usual: Hub, tmp_path: Path) -> None:
    listed = pin(ModelFiles(repo="st/mini", revision="main"), tmp_path)
    folder = folder_of_list(listed, with_weights=False).path
    assert (folder / "vocab.txt").is_file()
    assert not [path for _, path, _ in usual.requests if path.endswith(".safetensors")]


@pytest.mark.usefixtures("usual")
def test_weights_of_another_name_are_loaded_by_the_usual_name(tmp_path: Path) -> None:
    files = {"config.json": b"{}", "a.safetensors": b"a", "b.safetensors": b"b"}
    model_folder_at(tmp_path / "mine", files)
    listed = pin(ModelFiles(path="mine", weights=("b.safetensors",)), tmp_path)
    assert contents(folder_of_list(listed).path) == {"config.json": b"{}", "model.safetensors": b"b"}


def test_a_folder_is_pinned_by_its_files(tmp_path: Path) -> None:
    model_folder_at(tmp_path / "mine")
    declared = ModelFiles(path="mine")
    parameters = folder_parameters(declared, tmp_path)
    assert {row["name"]: row["sha256"] for row in parameters["files"]} == {
        name: sha256(content) for name, content in CHAT.items()
    }
    with workspace(new_store(tmp_path), "models/chat[base]", **parameters) as work:
        pin_model(work, declared, tmp_path)
        assert work.details == {"files": 4, "model_bytes": sum(map(len, CHAT.values()))}


def test_a_folder_that_changes_while_it_is_pinned_is_told(tmp_path: Path) -> None:
    folder = model_folder_at(tmp_path / "mine")
    parameters = folder_parameters(ModelFiles(path="mine"), tmp_path)
    (folder / "config.json").write_bytes(b"{}")
    with (
        workspace(new_store(tmp_path), "models/chat[base]", **parameters) as work,
        pytest.raises(SgAssetsError, match=r"the model's folder changed while it was pinned"),
    ):
        pin_model(work, ModelFiles(path="mine"), tmp_path)


def test_a_repository_adds_nothing_to_the_declared_values(tmp_path: Path) -> None:
    assert folder_parameters(ModelFiles(repo=NAME, revision="main"), tmp_path) == {}


@pytest.mark.slow
def test_transformers_takes_the_tokenizer_from_elsewhere(tmp_path: Path) -> None:
    from transformers import AutoConfig, AutoTokenizer, BertConfig

    BertConfig(vocab_size=8).save_pretrained(tmp_path / "model")
    model_folder_at(tmp_path / "model", {"model.safetensors": b"weights", "vocab.txt": b"<|endoftext|>\n"})
    BertConfig(vocab_size=8).save_pretrained(tmp_path / "bert")
    words = b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ncan\nlah\n"
    model_folder_at(tmp_path / "bert", {"vocab.txt": words, "tokenizer_config.json": b'{"do_lower_case": true}'})
    declared = ModelFiles(path="model", tokenizer=FileSource(path="bert"))
    folder = folder_of_list(pin(declared, tmp_path)).path
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.convert_ids_to_tokens(tokenizer("CAN lah")["input_ids"]) == ["[CLS]", "can", "lah", "[SEP]"]
    assert AutoConfig.from_pretrained(folder).model_type == "bert"
