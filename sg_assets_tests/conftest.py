"""Shared by all tests."""

from pathlib import Path

import pytest

from sg_assets.teardown import quiet_teardown
from sg_assets_tests.training import data

quiet_teardown()


@pytest.fixture(scope="session")
def micro_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A micro chat model: two layers, untrained."""
    folder = tmp_path_factory.mktemp("micro") / "base"
    data.make_micro_model(folder)
    return folder
