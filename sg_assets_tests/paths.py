"""Folders that tests need."""

import os
from pathlib import Path
from typing import Final

import pytest

from sg_assets.weights.get import weights_folder
from sg_assets.weights.packages import WeightsPackage

PROJECT: Final = Path(__file__).parents[1]
"""The checkout."""


def real_model(package: WeightsPackage) -> Path:
    """The folder of a real model. Where `make weights` has not put it there, the test is skipped; in CI it fails."""
    folder = weights_folder() / package.folder
    if not folder.is_dir():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"there is no {folder}: run `make weights`")
    return folder
