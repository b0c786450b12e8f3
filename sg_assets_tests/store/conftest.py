"""Stores to try things with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from upath import UPath

from sg_assets.store.store import Store
from sg_assets_tests.store.steps import new_store


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store in a folder, and one on a file system that is only reached through fsspec."""
    if request.param == "local":
        yield new_store(tmp_path)
        return
    root = UPath(f"memory://{tmp_path.name}/prefix")
    yield Store(root, "demo", tmp_path / "home")
    root.fs.rm(root.path, recursive=True)
