"""Shared by all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

from sg_assets.processes.teardown import quiet_teardown
from sg_assets_tests.training import data

quiet_teardown()
# The same examples on every machine; a slow one is no failure on a busy one.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")


@pytest.fixture(scope="session")
def micro_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A micro chat model: two layers, untrained."""
    folder = tmp_path_factory.mktemp("micro") / "base"
    data.make_micro_model(folder)
    return folder
