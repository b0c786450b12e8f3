"""Shared by all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

from sg_assets.processes.teardown import quiet_teardown
from sg_assets_tests.training import data

quiet_teardown()
# The same few examples on every machine; a slow one is no failure on a busy one. `make soak` tries many others.
settings.register_profile("same", derandomize=True, deadline=None, max_examples=30)
settings.register_profile("many", deadline=None, max_examples=1000)
settings.load_profile("same")


@pytest.fixture(scope="session")
def micro_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A micro chat model: two layers, untrained."""
    folder = tmp_path_factory.mktemp("micro") / "base"
    data.make_micro_model(folder)
    return folder
