"""Dagster homes for tests of this folder: created once, copied for each test."""

from pathlib import Path

import dagster as dg
import pytest

from sg_assets.execution.dagster_home import create_records
from sg_assets_tests.execution.record_damage import copied_home

RECORDED_RUN = "0123abcd-0000-4000-8000-000000000000"


@pytest.fixture(scope="session")
def created_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete Dagster home that knows a run."""
    home = tmp_path_factory.mktemp("records") / "dagster"
    create_records(home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        instance.add_run(dg.DagsterRun(job_name="work", run_id=RECORDED_RUN, status=dg.DagsterRunStatus.SUCCESS))
    return home


@pytest.fixture
def dagster_home(created_home: Path, tmp_path: Path) -> Path:
    """A complete Dagster home of the test's own."""
    return copied_home(created_home, tmp_path / "home" / "dagster")
