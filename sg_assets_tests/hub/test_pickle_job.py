"""The job that makes safetensors of pickled weights."""

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub import pickle_job
from sg_assets.hub.pickle_job import PickleFile, PickleSpec, convert_files
from sg_assets_tests.hub import pickles

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits hold for good: here they would be those of the tests."""
    monkeypatch.setattr(pickle_job, "limit_process", lambda _: None)


def converted(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    result = path.with_suffix(".safetensors")
    convert_files(PickleSpec(files=(PickleFile(name="pytorch_model.bin", path=path, converted=result),)))
    tensors: dict[str, Any] = load_file(result)
    return tensors


def refused(path: Path) -> str:
    with pytest.raises(SgAssetsError) as error:
        converted(path)
    assert str(error.value).startswith("pytorch_model.bin: ")
    assert not path.with_suffix(".safetensors").exists()
    return str(error.value)


@pytest.mark.parametrize("old_form", [False, True])
def test_tensors_stay_the_same(tmp_path: Path, old_form: bool) -> None:
    import torch

    pickles.save(pickles.weights(), tmp_path / "w.bin", old_form=old_form)
    results = converted(tmp_path / "w.bin")
    assert results.keys() == pickles.weights().keys()
    assert all(torch.equal(results[name], tensor) for name, tensor in pickles.weights().items())
    assert {name: tensor.dtype for name, tensor in results.items()} == {
        name: tensor.dtype for name, tensor in pickles.weights().items()
    }


def test_equal_pickles_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        pickles.save(pickles.weights(), tmp_path / f"{name}.bin")
        converted(tmp_path / f"{name}.bin")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


@pytest.mark.parametrize("old_form", [False, True])
def test_code_in_a_pickle_does_not_run(tmp_path: Path, old_form: bool) -> None:
    pickles.save({"w": pickles.Opens(tmp_path / "ran")}, tmp_path / "w.bin", old_form=old_form)
    error = refused(tmp_path / "w.bin")
    assert "is not plain weights, and is not loaded" in error
    assert "open" in error
    assert not (tmp_path / "ran").exists()


def test_other_content_is_refused_by_its_type(tmp_path: Path) -> None:
    import torch

    sparse = torch.eye(3).to_sparse()
    contents = [[torch.ones(1)], {}, {"epoch": 3}, {"state_dict": pickles.weights()}, {3: torch.ones(1)}, {"s": sparse}]
    for number, content in enumerate(contents):
        pickles.save(content, tmp_path / f"{number}.bin")
        assert "is not a plain map of names to tensors" in refused(tmp_path / f"{number}.bin")


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x04.", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_pickle_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.bin").write_bytes(content)
    assert "is not plain weights" in refused(tmp_path / "w.bin")


def test_a_tensor_larger_than_its_file_is_refused_within_the_limits(tmp_path: Path) -> None:
    """A tensor of 4 TB that is one number repeated: in the process with its limits."""
    import torch

    pickles.save({"w": torch.ones(1).expand(2**40)}, tmp_path / "w.bin")
    file = PickleFile(name="pytorch_model.bin", path=tmp_path / "w.bin", converted=tmp_path / "w.safetensors")
    (tmp_path / "spec.json").write_text(PickleSpec(files=(file,)).model_dump_json())
    ended = subprocess.run(
        [sys.executable, "-m", "sg_assets.hub.pickle_job", str(tmp_path / "spec.json")],
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 2
    assert b"pytorch_model.bin: cannot be converted. It needs more memory" in ended.stderr


def test_a_packed_archive_is_refused(tmp_path: Path) -> None:
    """Few bytes that would become many; mapped as they are, they would be other numbers."""
    import torch

    pickles.save({"w": torch.zeros(1000)}, tmp_path / "w.bin")
    with (
        zipfile.ZipFile(tmp_path / "w.bin") as source,
        zipfile.ZipFile(tmp_path / "packed.bin", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for entry in source.infolist():
            packed.writestr(entry.filename, source.read(entry))
    assert "its archive is packed" in refused(tmp_path / "packed.bin").lower()
