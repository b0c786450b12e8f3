"""Weights that are only there as pickles: converted in a process of its own, pinned by what they became."""

import json
from pathlib import Path
from typing import Any

import pytest

from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.errors import SgAssetsError
from sg_assets.hub import conversion, pickle_job
from sg_assets.hub.conversion import converted_name
from sg_assets.hub.fetch import folder_of_list, model_folder
from sg_assets.hub.file_list import read_file_list
from sg_assets.hub.pin_step import pin
from sg_assets_tests.hub import pickles
from sg_assets_tests.hub.conftest import TOKEN
from sg_assets_tests.hub.folders import model_folder_at

DECLARED = ModelFiles(path="mine", convert="pickle")
CONFIGS = {"config.json": b'{"model_type": "bert"}', "vocab.txt": b"[CLS]"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("huggingface_hub.constants.HF_ASSETS_CACHE", str(tmp_path / "assets"))
    return model_folder_at(tmp_path / "mine", CONFIGS)


def loaded(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    tensors: dict[str, Any] = load_file(path)
    return tensors


@pytest.mark.parametrize(("name", "converted"), [
    ("pytorch_model.bin", "model.safetensors"),
    ("2_Dense/pytorch_model.bin", "2_Dense/model.safetensors"),
    ("pytorch_model-00001-of-00002.bin", "model-00001-of-00002.safetensors"),
    ("adapter_model.bin", "adapter_model.safetensors"),
    ("heads/a.pt", "heads/a.safetensors"),
])  # fmt: skip
def test_results_have_the_names_that_libraries_look_for(name: str, converted: str) -> None:
    assert converted_name(name) == converted


@pytest.mark.slow
def test_a_converted_model_is_loaded_in_place_of_the_pickle(folder: Path, tmp_path: Path) -> None:
    pickles.save(pickles.weights(), folder / "pytorch_model.bin")
    listed = pin(DECLARED, tmp_path)
    listed.write(tmp_path)
    assert read_file_list(tmp_path / "hub.json") == listed
    assert [file.name for file in listed.converted] == ["model.safetensors"]
    assert "pytorch_model.bin" in {file.name for file in listed.files}
    result = model_folder(tmp_path).path
    assert {path.name for path in result.iterdir()} == {*CONFIGS, "model.safetensors"}
    assert loaded(result / "model.safetensors").keys() == pickles.weights().keys()


@pytest.mark.slow
def test_it_is_converted_once(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pickles.save(pickles.weights(), folder / "pytorch_model.bin")
    listed = pin(DECLARED, tmp_path)
    monkeypatch.setattr(conversion, "_run", None)
    assert pin(DECLARED, tmp_path) == listed
    assert folder_of_list(listed).path.is_dir()


@pytest.mark.slow
def test_a_lost_result_is_made_again_and_a_spoiled_one_refused(folder: Path, tmp_path: Path) -> None:
    pickles.save(pickles.weights(), folder / "pytorch_model.bin")
    listed = pin(DECLARED, tmp_path)
    kept = conversion.converted_folder(listed.own)
    assert kept is not None
    conversion.discard_conversion(listed.own)
    assert loaded(folder_of_list(listed).path / "model.safetensors").keys() == pickles.weights().keys()
    (kept / "model.safetensors").write_bytes(b"spoiled")
    with pytest.raises(SgAssetsError, match="the converted weights are not those that were pinned"):
        folder_of_list(listed)
    assert folder_of_list(listed).path.is_dir()  # converted anew


@pytest.mark.slow
def test_parts_get_an_index_of_their_own(folder: Path, tmp_path: Path) -> None:
    tensors = list(pickles.weights().items())
    for number, part in enumerate((tensors[:1], tensors[1:]), 1):
        pickles.save(dict(part), folder / f"pytorch_model-0000{number}-of-00002.bin")
    (folder / "pytorch_model.bin.index.json").write_text("{}")
    result = folder_of_list(pin(DECLARED, tmp_path)).path
    index = json.loads((result / "model.safetensors.index.json").read_text())
    for name, part_name in index["weight_map"].items():
        assert name in loaded(result / part_name)
    assert index["weight_map"].keys() == pickles.weights().keys()


@pytest.mark.slow
def test_what_is_refused_is_named_with_its_source(folder: Path, tmp_path: Path) -> None:
    pickles.save({"w": pickles.Opens(tmp_path / "ran")}, folder / "pytorch_model.bin")
    with pytest.raises(SgAssetsError, match=r"a folder: pytorch_model\.bin: is not plain weights"):
        pin(DECLARED, tmp_path)
    assert not (tmp_path / "ran").exists()
    assert not list((tmp_path / "assets" / "sg_assets" / "converted").iterdir())


def test_the_process_gets_no_token_and_no_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, TOKEN)
    environment = conversion._environment(folder)
    assert TOKEN not in environment.values()
    assert environment["HOME"] == str(folder)


def test_a_conversion_that_takes_too_long_is_stopped(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"x")
    monkeypatch.setattr(conversion, "seconds_for", lambda _: 0)
    with pytest.raises(
        SgAssetsError, match=r"the conversion of pytorch_model\.bin was stopped. It took longer than 0 s"
    ):
        pin(DECLARED, tmp_path)


def test_a_process_that_is_killed_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"x")
    monkeypatch.setattr(pickle_job.main, "__module__", "sg_assets.no_such_module")
    with pytest.raises(SgAssetsError, match=r"was stopped. The process ended with 1: .*no_such_module"):
        pin(DECLARED, tmp_path)
