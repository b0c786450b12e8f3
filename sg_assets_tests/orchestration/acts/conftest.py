"""A tiny project without versions, and Dagster's records in memory."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.orchestration.project import Project, load_project


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    return load_project()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral
