"""A small graph, all of it made: built once, copied for each test."""

import shutil
from pathlib import Path

import pytest

from sg_assets_tests.status.accepting import ADAPTER, SCORES
from sg_assets_tests.status.small import SmallGraph, small_graph


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    small_graph(folder).build()
    return folder


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> SmallGraph:
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    return small_graph(tmp_path)


@pytest.fixture(scope="module")
def made_by_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    graph = small_graph(folder)
    graph.modules = {"adapters/sft": ADAPTER, "scores/s": SCORES}
    graph.build()
    return folder


@pytest.fixture
def edited(made_by_modules: Path, tmp_path: Path) -> SmallGraph:
    """All of it made, then the modules that train and score were edited."""
    shutil.copytree(made_by_modules, tmp_path, dirs_exist_ok=True)
    graph = small_graph(tmp_path)
    graph.modules = {"adapters/sft": ADAPTER.replace("1", "2"), "scores/s": SCORES.replace("1", "2")}
    return graph
