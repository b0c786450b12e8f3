"""A monitored project, and a folder of comments."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.project_incidents import open_incidents
from sg_assets_tests.orchestration.monitored_project import ALERTS, LONGER, SHORT, MonitoredProject
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny profile, for tests that publish nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SG_PROFILE", "tiny")
        patch.setenv("SG_HOME", str(tmp_path_factory.mktemp("tiny")))
        for name in ("SG_PROJECT", "SG_RAW", "SG_TOXIGEN_DIR", "SG_SEED", "SG_STORE"):
            patch.delenv(name, raising=False)
        return load_project()


@pytest.fixture
def monitored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MonitoredProject]:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    (tmp_path / "project/sql/templated/short.sql").write_text(SHORT)
    (tmp_path / "project/sql/templated/longer.sql").write_text(LONGER)
    (tmp_path / "project/models/alerts.yaml").write_text(ALERTS)
    for name, value in {"SG_PROJECT": tmp_path / "project", "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    (tmp_path / "dagster").mkdir()
    (tmp_path / "dagster/dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance, open_incidents(load_project()):
        yield MonitoredProject(tmp_path / "project", instance, [])


@pytest.fixture
def dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "comments.csv").write_text("text\na comment\n")
    monkeypatch.setenv("SG_RAW", str(folder))
    return folder
