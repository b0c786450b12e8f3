"""A store with the small world before any edit, and its score."""

import shutil
from pathlib import Path

import pytest

from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "store"
    World().build(Store(folder, "demo"), "before")
    return folder


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Store:
    """The small world before any edit, in a store of the test's own."""
    shutil.copytree(built, tmp_path / "store")
    return Store(tmp_path / "store", "demo")


@pytest.fixture
def before(store: Store) -> Manifest:
    return store.required_head(Ref.parse("scores/sg_safety[sft_r128]"))
