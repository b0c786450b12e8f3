from pathlib import Path

import pytest

from sg_assets_tests.ingest.dumps import Ingested


@pytest.fixture
def ingested(tmp_path: Path) -> Ingested:
    return Ingested(tmp_path)
