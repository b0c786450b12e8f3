"""Folders of links to files that lie in several."""

import json
from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.assembled import assembled, expected_names, require_tokenizer_class
from sg_assets.hub.file_list import FilesKind, ModelFileList, PinnedFile


@pytest.fixture
def links(tmp_path: Path) -> dict[str, Path]:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    return {"config.json": tmp_path / "a", "1_Pooling/config.json": tmp_path / "b"}


def test_each_name_leads_to_its_file(links: dict[str, Path]) -> None:
    folder = assembled(links)
    assert (folder / "config.json").read_text() == "a"
    assert (folder / "1_Pooling" / "config.json").read_text() == "b"
    assert assembled(links) == folder


@pytest.mark.parametrize("spoil", ["remove", "add", "replace"])
def test_a_spoiled_folder_is_made_again(links: dict[str, Path], spoil: str) -> None:
    folder = assembled(links)
    if spoil == "add":
        (folder / "adapter_config.json").write_text("{}")
    else:
        (folder / "config.json").unlink()
        if spoil == "replace":
            (folder / "config.json").write_text("other")
    again = assembled(links)
    assert again == folder
    assert (again / "config.json").read_text() == "a"
    assert not (again / "adapter_config.json").exists()


def listed(*names: str, kind: FilesKind = "model") -> ModelFileList:
    files = tuple(PinnedFile(name=name, size=1, sha256="0") for name in names)
    return ModelFileList(trust_remote_code=False, files=files, kind=kind)


def test_the_one_weights_file_has_the_usual_name() -> None:
    assert expected_names(listed("config.json", "model.fp32.safetensors")) == {
        "config.json": "config.json", "model.fp32.safetensors": "model.safetensors",
    }  # fmt: skip


@pytest.mark.parametrize(("names", "kind"), [
    (("head.safetensors",), "head"),
    (("adapter_model.safetensors",), "adapter"),
    (("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"), "model"),
    (("2_Dense/x.safetensors",), "model"),
])  # fmt: skip
def test_other_files_keep_their_names(names: tuple[str, ...], kind: FilesKind) -> None:
    assert expected_names(listed(*names, kind=kind)) == {name: name for name in names}


def written(path: Path, content: dict[str, Any] | None) -> Path | None:
    if content is None:
        return None
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(("model", "config", "own", "fits"), [
    ({"model_type": "bert"}, {"model_type": "bert"}, {"do_lower_case": True}, True),
    ({"model_type": "bert"}, None, {"tokenizer_class": "BertTokenizer"}, True),
    ({"model_type": "roberta"}, {"model_type": "bert"}, {"tokenizer_class": "BertTokenizer"}, True),
    ({"model_type": "roberta"}, {"model_type": "bert"}, {}, False),
    ({"model_type": "roberta"}, None, {}, False),
    ({"model_type": "roberta"}, None, None, False),
])  # fmt: skip
def test_a_tokenizer_is_of_a_known_class(
    tmp_path: Path, model: dict[str, Any], config: dict[str, Any] | None, own: dict[str, Any] | None, fits: bool
) -> None:
    model_config, beside_tokenizer = written(tmp_path / "m", model), written(tmp_path / "c", config)
    tokenizer_config = written(tmp_path / "t", own)
    if fits:
        require_tokenizer_class(model_config, beside_tokenizer, tokenizer_config, "sg/bert@main")
        return
    with pytest.raises(
        SgAssetsError, match=r"sg/bert@main: the tokenizer does not say of which class.*save_pretrained"
    ):
        require_tokenizer_class(model_config, beside_tokenizer, tokenizer_config, "sg/bert@main")
