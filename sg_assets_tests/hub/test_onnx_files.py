"""Where ONNX heads keep their data."""

from pathlib import Path

import pytest

from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.errors import SgAssetsError
from sg_assets.hub.fetch import folder_of_list
from sg_assets.hub.onnx_files import require_listed_data
from sg_assets.hub.pin_step import pin

pytestmark = pytest.mark.slow


def write_head(path: Path, location: str | None, *, nested: bool = False) -> None:
    """A head whose one tensor lies in another file, or in a graph within its graph."""
    from onnx import TensorProto, helper

    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2])
    if location is None:
        tensor.raw_data = bytes(8)
    else:
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=location)
    inner = helper.make_graph([], "inner", [], [], initializer=[tensor])
    condition = helper.make_tensor_value_info("c", TensorProto.BOOL, [])
    branch = helper.make_node("If", ["c"], [], then_branch=inner, else_branch=inner)
    outer = helper.make_graph([branch], "outer", [condition], [])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(helper.make_model(outer if nested else inner).SerializeToString())


def refused(folder: Path, *listed: str) -> str:
    with pytest.raises(SgAssetsError) as error:
        require_listed_data(folder, "models/head.onnx", {"models/head.onnx", *listed}, "sg/x@main")
    assert str(error.value).startswith("sg/x@main: 'models/head.onnx' ")
    return str(error.value)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "a/../../b", "..\\b", "..", "\\\\host\\share"])
def test_data_outside_of_the_folder_are_refused(tmp_path: Path, location: str, nested: bool) -> None:
    write_head(tmp_path / "models" / "head.onnx", location, nested=nested)
    assert "leaves the model's folder" in refused(tmp_path)


@pytest.mark.parametrize("location", ["head.data", "", "sub/head.data"])
def test_data_that_are_not_pinned_are_refused(tmp_path: Path, location: str) -> None:
    write_head(tmp_path / "models" / "head.onnx", location)
    assert "not among the files of the model" in refused(tmp_path)


@pytest.mark.parametrize("location", [None, "head.data"])
def test_data_of_the_model_s_files_are_taken(tmp_path: Path, location: str | None) -> None:
    write_head(tmp_path / "models" / "head.onnx", location)
    require_listed_data(tmp_path, "models/head.onnx", {"models/head.onnx", "models/head.data"}, "sg/x@main")


def test_another_file_is_no_onnx(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "head.onnx").write_bytes(b"\xff\xff no model")
    assert "is not ONNX" in refused(tmp_path)


def test_a_head_is_checked_when_it_is_resolved(tmp_path: Path) -> None:
    write_head(tmp_path / "mine" / "head.onnx", "../secret")
    with pytest.raises(SgAssetsError, match=r"'head\.onnx' keeps data in '\.\./secret'"):
        pin(ModelFiles(path="mine"), tmp_path, "head")


def test_a_head_and_its_data_lie_in_one_folder(tmp_path: Path) -> None:
    write_head(tmp_path / "mine" / "head.onnx", "numbers.bin")
    (tmp_path / "mine" / "numbers.bin").write_bytes(bytes(8))
    declared = ModelFiles(path="mine", weights=("head.onnx", "numbers.bin"))
    folder = folder_of_list(pin(declared, tmp_path, "head")).path
    assert {path.name for path in folder.iterdir()} == {"head.onnx", "numbers.bin"}
