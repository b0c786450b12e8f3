"""Shared by all tests."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from sg_assets.execution.dagster_home import create_records
from sg_assets.processes.teardown import quiet_teardown
from sg_assets_tests.execution.record_damage import RECORDED_RUN, copied_home
from sg_assets_tests.training import data

quiet_teardown()
# What a machine remembers of model files lies in the hub library's cache: not in that of whoever runs the tests.
_REMEMBERED = TemporaryDirectory(prefix="sg-assets-tests-")
os.environ["HF_ASSETS_CACHE"] = _REMEMBERED.name
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


@pytest.fixture(scope="session")
def created_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete Dagster home that knows a run; created once, for it takes seconds."""
    import dagster as dg

    home = tmp_path_factory.mktemp("records") / "dagster"
    create_records(home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        instance.add_run(dg.DagsterRun(job_name="work", run_id=RECORDED_RUN, status=dg.DagsterRunStatus.SUCCESS))
    return home


@pytest.fixture
def dagster_home(created_home: Path, tmp_path: Path) -> Path:
    """A complete Dagster home of the test's own."""
    return copied_home(created_home, tmp_path / "home" / "dagster")
