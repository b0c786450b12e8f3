"""Folders that tests need."""

from pathlib import Path
from typing import Final

import pytest

from sg_assets.weights.get import weights_folder

PROJECT: Final = Path(__file__).parents[1]
"""The checkout."""


def weights(name: str) -> Path:
    """The folder of a real model; the test is skipped where `make weights` has not put it there."""
    folder = weights_folder() / name
    if not folder.is_dir():
        pytest.skip(f"no weights in {folder}: run `make weights`")
    return folder
