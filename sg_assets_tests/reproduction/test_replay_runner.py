"""Counterfactual versions are made by the project's own steps, each once."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets.reproduction.replay_runner import ReplayRunner, replay_store
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import run_step

TEMPLATES = Ref.parse("templated/templates")


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    return load_project()


@pytest.fixture
def made(project: Project) -> Manifest:
    asset_def = asset_defs_of(project)[str(TEMPLATES)]
    context: Any = None  # the work of declared tables takes nothing of it
    return run_step(
        project.store, TEMPLATES, [], asset_def.recipe(None), lambda work: asset_def.work(work, context),
        run_id="run", log=lambda _: None,
    ).manifest  # fmt: skip


def test_the_scratch_store_lies_in_the_profile_s_home(project: Project) -> None:
    store = replay_store(project.settings, project.store)
    assert Path(store.root.path) == project.settings.home / "replays/store"


def test_a_version_of_other_values_is_made_in_the_scratch_store_and_once(project: Project, made: Manifest) -> None:
    store = replay_store(project.settings, project.store)
    runner = ReplayRunner(project.settings, store)
    rows = made.parameters["rows"][:2]
    wanted = made.model_copy(update={"parameters": {"rows": rows}})
    version = runner(wanted, [])
    assert pl.read_parquet(store.path(version)).to_dicts() == rows
    assert project.store.versions(TEMPLATES) == [made]
    assert runner(wanted, []) == version
