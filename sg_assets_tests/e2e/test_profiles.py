"""Profiles side by side under one home: running a profile puts nothing of another out of date."""

import shutil
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContextForTest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import load_project
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import sg_assets
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
ASSET = "templated/splits"


def heads(store: Store) -> list[str]:
    return sorted(path.name for path in (Path(str(store.root)) / "heads").rglob("*.json"))


def run(project: Path, home: Path, profile: str) -> Store:
    ended = sg_assets(home, "run", ASSET, SG_PROFILE=profile, SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    return Store(home / profile / "store", profile)


def statuses(home: Path, profile: str) -> set[StaleStatus]:
    """How current Dagster holds the asset and all it was made from to be."""
    project = load_project()
    with dg.DagsterInstance.from_config(str(home / profile / "dagster")) as instance:
        graph = build_definitions(project).resolve_asset_graph()
        resolver = CachingStaleStatusResolver(instance, graph, LoadingContextForTest(instance))
        keys = dg.AssetSelection.assets(ASSET).upstream().resolve(graph)
        return {resolver.get_status(key) for key in keys}


def test_another_profile_puts_nothing_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, home = tmp_path / "project", tmp_path / "home"
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, project / folder)
    tiny = project / "models/profiles/tiny.yaml"
    (project / "models/profiles/other.yaml").write_text(tiny.read_text().replace("seed: 0", "seed: 1", 1))
    before = heads(run(project, home, "tiny"))
    other = run(project, home, "other")
    again = run(project, home, "tiny")
    assert heads(again) == before
    assert other.refs() == again.refs()
    monkeypatch.setenv("SG_PROJECT", str(project))
    monkeypatch.setenv("SG_HOME", str(home))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    assert statuses(home, "tiny") == {StaleStatus.FRESH}
