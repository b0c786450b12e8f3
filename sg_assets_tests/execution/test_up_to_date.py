"""Which batches need no run."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.declarations.batches import Batch
from sg_assets.execution.up_to_date import UpToDateCheck
from sg_assets.orchestration.asset_builder import build_asset
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

ASSET = "templated/templates"
BATCH = Batch((ASSET,), None)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    for name, value in {"SG_PROJECT": tmp_path, "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    return tmp_path


def materialize(project: Project, instance: dg.DagsterInstance) -> None:
    asset = build_asset(project, ASSET, asset_defs_of(project)[ASSET])
    assert dg.materialize([asset], instance=instance).success


def is_up_to_date(project: Project, instance: dg.DagsterInstance) -> bool:
    return UpToDateCheck(project, asset_defs_of(project), instance)(BATCH)


def test_a_version_of_the_recipe_that_dagster_recorded_needs_no_run(root: Path) -> None:
    project = load_project()
    with dg.DagsterInstance.ephemeral() as instance:
        assert not is_up_to_date(project, instance)
        materialize(project, instance)
        assert is_up_to_date(project, instance)


def test_a_version_that_dagster_did_not_record_needs_a_run(root: Path) -> None:
    project = load_project()
    with dg.DagsterInstance.ephemeral() as instance:
        materialize(project, instance)
    with dg.DagsterInstance.ephemeral() as other_instance:
        assert not is_up_to_date(project, other_instance)


def test_an_edited_declaration_needs_a_run(root: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        materialize(load_project(), instance)
        path = root / "models/templates.yaml"
        path.write_text(path.read_text().replace("Reply to this comment:", "Answer this comment:"))
        assert not is_up_to_date(load_project(), instance)
