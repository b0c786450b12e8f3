"""A small world, made once; a test that publishes has a copy of its own."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from upath import UPath

from sg_assets.declarations.project_declarations import read_project
from sg_assets.orchestration.project import Project
from sg_assets.settings import Settings
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.quality.world import World, good_world


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("good")
    whole = read_project(PROJECT, "tiny", generated_comments=True)
    settings = Settings(PROJECT, "tiny", home, None, None, None, UPath(home / "store"), home / "weights")
    return good_world(Project(settings, whole.declared, whole.graph, whole.tables))


@pytest.fixture(scope="session")
def guarded_world(good: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A copy for tests whose versions all end in quarantine: nothing that is published changes, so they share it."""
    return copied(good, tmp_path_factory.mktemp("guarded") / "home")


@pytest.fixture
def world(good: World, tmp_path: Path) -> World:
    return copied(good, tmp_path / "home")


def copied(good: World, home: Path) -> World:
    shutil.copytree(good.folder, home)
    settings = replace(good.project.settings, home=home, store_root=UPath(home / "store"))
    copy = World(Project(settings, good.project.declared, good.project.graph, good.project.tables))
    copy.made = good.made  # a recipe is named by the count: one that was made already would not be made again
    return copy
