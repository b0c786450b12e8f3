"""The small real models of `make weights`."""

from pathlib import Path

import pytest

from sg_assets.weights.get import weights_folder


def real_model(name: str) -> Path:
    """The folder of a real model; skips the test where it is not there."""
    folder = weights_folder() / name
    if not folder.is_dir():
        pytest.skip("needs `make weights`")
    return folder
