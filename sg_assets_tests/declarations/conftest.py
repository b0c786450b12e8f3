"""Declarations as shipped."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations.loading import Declarations, load_declarations
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="session")
def declared() -> Declarations:
    """Those of the tiny profile."""
    return load_declarations(PROJECT, "tiny")


@pytest.fixture
def project_without_rules(tmp_path: Path) -> Path:
    """The shipped declarations, without expectations."""
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "models/expectations")
    return tmp_path
