"""A small graph, all of it made."""

from pathlib import Path

import pytest

from sg_assets_tests.status.small import Small, small


@pytest.fixture
def built(tmp_path: Path) -> Small:
    found = small(tmp_path)
    found.build()
    return found
